package campaign

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
)

// Where an array has a peer at the other end of its links, what the two say to each other
// is broken too, and what is on either is counted.

// accidents are what happens to a question that the array asks its peer; the user hears of
// each.
func accidents() []fault {
	var all []fault
	for _, name := range acctest.Accidents() {
		all = append(all, fault{name: "peer-" + name, accident: name, heard: true})
	}
	return all
}

// copied are the collections that replication makes objects in, on either array.
var copied = []string{"pools", "volumes", "filesystems", "cgs"}

// paired is the array of a lab that has a peer; nil where it has none.
func paired(lab acctest.Simulated) *acctest.InfiniBox {
	if array, ok := lab.(*acctest.InfiniBox); ok && array.Peer != nil {
		return array
	}
	return nil
}

// sides are the system of a lab, and its peer where it has one.
func sides(lab acctest.Simulated) []acctest.Simulated {
	if array := paired(lab); array != nil {
		return []acctest.Simulated{array, array.Peer}
	}
	return []acctest.Simulated{lab}
}

// look reads what is on a system, and on its peer where it has one.
func (c *campaign) look(t *testing.T, lab acctest.Simulated) contents {
	t.Helper()
	array := paired(lab)
	if array == nil {
		return look(t, lab, c.paths)
	}
	paths := slices.Concat(c.paths, copied)
	near, here := rowsOf(t, array, paths)
	far, there := rowsOf(t, array.Peer, paths)
	all := near.plain(names{here, there})
	for path, objects := range far.plain(names{there, here}) {
		all[path+" of the peer"] = objects
	}
	return all
}

// What an error or a warning names to be deleted on the peer: through the link, or where
// there is none, the link's other end itself.
var (
	deletionHint  = regexp.MustCompile(`link_id = (\d+), method = "DELETE"((?:, (?:and then )?path = "[^"]+"(?:, query = \{ [^}]+ \})?)+)`)
	pathHint      = regexp.MustCompile(`path = "([^"]+)"(?:, query = \{ ([^}]+) \})?`)
	parameterHint = regexp.MustCompile(`(\w+) = "(\w+)"`)
	linkHint      = regexp.MustCompile(`(?i)delete the link on that array`)
)

// tidy deletes on the peer what an outcome's error names, as an administrator would; it
// reports whether there was anything.
func tidy(t *testing.T, lab acctest.Simulated, o outcome) bool {
	t.Helper()
	array := paired(lab)
	if array == nil {
		return false
	}
	remove := func(at *acctest.InfiniBox, path string) {
		_, err := at.Do("DELETE", path, nil)
		if err != nil && !strings.Contains(err.Error(), "_NOT_FOUND") { // gone already
			t.Errorf("the deletion that the error names fails: %s: %v", path, err)
		}
	}
	if linkHint.MatchString(o.String()) {
		for _, link := range list(t, array.Peer, "links") {
			remove(array.Peer, fmt.Sprintf("links/%v", link["id"]))
		}
		return true
	}
	hint := deletionHint.FindStringSubmatch(o.String())
	if hint == nil {
		return false
	}
	for _, one := range pathHint.FindAllStringSubmatch(hint[2], -1) {
		query := url.Values{}
		for _, parameter := range parameterHint.FindAllStringSubmatch(one[2], -1) {
			query.Set(parameter[1], parameter[2])
		}
		remove(array, fmt.Sprintf("remote/%s/%s?%s", hint[1], one[1], query.Encode()))
	}
	return true
}
