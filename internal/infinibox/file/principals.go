package file

import (
	"fmt"
	"math"
	"net/http"
	"regexp"
	"strings"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
)

// Users and groups of UNIX and Windows: what the pages that name them share.

var sidForm = regexp.MustCompile(`^S-1-\d+(-\d+){1,15}$`)

// checkSID refuses what is no SID.
func checkSID(text string) error {
	if !sidForm.MatchString(text) {
		return fmt.Errorf("%q is no SID: write one such as \"S-1-5-21-1004336348-1177238915-682003330-512\", or \"S-1-1-0\" for everyone", text)
	}
	return nil
}

// sid is the SID of a user or a group.
func sid(name, doc string) entity.Fact {
	return entity.Text(name).Checked("a SID", checkSID).Doc(doc)
}

// windowsSID is by what Windows knows a user or group that the array has made.
func windowsSID(of string) entity.Fact {
	return entity.Text("sid").Lasting().Queryable().Doc("The SID by which shares, files and NFS users name the " + of + ".")
}

// unixID is the number of a user or a group on UNIX.
func unixID(name, doc string) entity.Fact {
	return entity.Integer(name).Queryable().Between(0, math.MaxUint32).Doc(doc)
}

// windowsName is the name of an SMB user or group: Windows takes some characters in none.
func windowsName(longest int) entity.Fact {
	return entity.Name(longest).Immutable().Checked("a name of Windows", func(name string) error {
		switch {
		case strings.ContainsAny(name, `"/\[]:;|=,+*?<>@`) || strings.ContainsFunc(name, func(r rune) bool { return r < ' ' || r == 0x7f }):
			return fmt.Errorf(`%q has characters that no name may have: leave out "/\[]:;|=,+*?<>@`, name)
		case name != "" && strings.Trim(name, ". ") == "":
			return fmt.Errorf("%q is no name: it needs a character that is neither a dot nor a space", name)
		}
		return nil
	}).Doc(fmt.Sprintf("The name: 1 to %d characters, without `\"/\\[]:;|=,+*?<>@`. It cannot be changed.", longest))
}

var privilegeForm = regexp.MustCompile(`(?i)^Se[a-z]+Privilege$`)

// privileges are what a user or group may do beyond what files permit.
func privileges(of string) entity.Fact {
	return entity.Texts("privileges", strings.ToUpper).Defaulted().Mutable().Checked("a privilege", func(text string) error {
		if !privilegeForm.MatchString(text) {
			return fmt.Errorf("%q is no privilege: write one such as \"SeBackupPrivilege\"", text)
		}
		return nil
	}).Danger("What needs them is refused from then on.", entity.LosesMembers()).
		Doc("What the " + of + " may do beyond what files permit: `SeChangeNotifyPrivilege`, `SeTakeOwnershipPrivilege`, `SeBackupPrivilege` and `SeRestorePrivilege`, in any case.")
}

// replacesText is a change of a text that was there.
func replacesText(name string) func(before, after entity.Values) bool {
	return func(before, after entity.Values) bool { return before.Known(name) && !before[name].Equal(after[name]) }
}

// keepsBuiltIn refuses the deletion of what every array has.
func keepsBuiltIn(p *entity.Plan, what string) {
	p.Refuse("", "Every array has "+what,
		"It cannot be deleted. To manage it no longer, take it out of the state alone: with a removed block that has destroy = false, or with terraform state rm.")
}

// absent is the error of something that is looked for and is not there.
func absent(collection, message string) error {
	return &api.Error{Reason: api.NotFound, Operation: http.MethodGet + " " + collection, Status: http.StatusNotFound, Message: message}
}
