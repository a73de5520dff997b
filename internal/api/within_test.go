package api

import (
	"errors"
	"fmt"
	"iter"
	"slices"
	"testing"
)

// sequence yields objects, and then an error where there is one.
func sequence(err error, all ...Object) iter.Seq2[Object, error] {
	return func(yield func(Object, error) bool) {
		for _, o := range all {
			if !yield(o, nil) {
				return
			}
		}
		if err != nil {
			yield(nil, err)
		}
	}
}

func TestFirst(t *testing.T) {
	broken, missing := errors.New("broken"), errors.New("missing")
	is := func(o Object) bool { return o["id"] == 2 }
	for name, c := range map[string]struct {
		all  iter.Seq2[Object, error]
		want error
	}{
		"found":                 {sequence(nil, Object{"id": 1}, Object{"id": 2}), nil},
		"found before it broke": {sequence(broken, Object{"id": 2}), nil},
		"broke":                 {sequence(broken, Object{"id": 1}), broken},
		"not there":             {sequence(nil, Object{"id": 1}), missing},
	} {
		o, err := First(c.all, is, missing)
		if !errors.Is(err, c.want) || err == nil && o["id"] != 2 {
			t.Errorf("%s: %v, %v", name, o, err)
		}
	}
}

// What is in a field tells its owner, and the owner's object stays as it was.
func TestEachIn(t *testing.T) {
	owner := Object{"id": 7, "ports": []any{Object{"port": "a"}, "odd", nil, Object{"port": "b", "host_id": 9}}}
	var found []string
	collect := func(o Object, _ error) bool {
		found = append(found, fmt.Sprint(o))
		return true
	}
	EachIn(owner, "ports", "host_id", collect)
	if want := []string{"map[host_id:7 port:a]", "map[host_id:9 port:b]"}; !slices.Equal(found, want) {
		t.Errorf("%q, want %q", found, want)
	}
	if got := fmt.Sprint(owner["ports"]); got != "[map[port:a] odd <nil> map[host_id:9 port:b]]" {
		t.Errorf("the owner has %s", got)
	}
	if EachIn(owner, "ports", "", func(Object, error) bool { return false }) {
		t.Error("it went on after no more was wanted")
	}
	if !EachIn(owner, "none", "", collect) || len(found) != 2 {
		t.Errorf("%q", found)
	}
}
