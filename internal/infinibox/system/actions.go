package system

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox/common"
)

// The waits between two looks at what is going on. What the array measures it keeps for a
// while only: not to look for longer would lose some.
const (
	firstLook   = 50 * time.Millisecond
	slowestLook = 5 * time.Second
)

const (
	operationalState = "system/operational_state"

	cutOff     = "All hosts and clients are cut off from their data at once, until the array is activated again."
	poweredOff = "All hosts and clients are cut off from their data at once, and the array loses its power: no request switches it on again, only somebody at the rack."
)

// activate brings the array up again after a shut-down.
var activate = entity.Action{
	System: common.System, Name: "system_activate",
	Doc:     "Activates the array after a shut-down that has left it in standby, and waits until it is active. The array refuses that in any other state.",
	Timeout: time.Hour,
	Doing:   func(entity.Values) string { return "Activating the system" },
	Request: func(entity.Values) api.Request {
		return api.Request{Method: http.MethodPost, Path: operationalState + "/activate"}
	},
	Wait: untilActive,
	Done: func(answer any) string { return fmt.Sprint(answer) },
}

// untilActive waits until the array is active.
func untilActive(ctx context.Context, s *entity.Session, _ entity.Values, _ any) (any, error) {
	err := common.Watch(ctx, slowestLook, func() (bool, string, error) {
		o, err := get(ctx, s, operationalState)
		return o["state"] == "ACTIVE", fmt.Sprintf("The system is %v", o["state"]), err
	})
	if err != nil {
		return nil, err
	}
	return "The system is active", nil
}

// shutdown takes the array down.
var shutdown = entity.Action{
	System: common.System, Name: "system_shutdown",
	Doc: "Shuts the array down: into standby, from which `storage_infinibox_system_activate` brings it back, or without power. It does not wait until that is done.",
	Arguments: entity.Facts{
		entity.Bool("power_off").Optional().Doc("Whether the array's power is switched off too. No request switches it on again."),
	},
	Weighs: []entity.Weighing{
		{When: "with `power_off = true`", Reason: poweredOff, Is: func(v entity.Values) bool { return v.Unknown("power_off") || v.Bool("power_off") }},
		{When: "with `power_off = false`, or without", Reason: cutOff, Is: func(entity.Values) bool { return true }},
	},
	Loses: whoIsCutOff,
	Doing: func(v entity.Values) string {
		if v.Bool("power_off") {
			return "Shutting the system down and switching its power off"
		}
		return "Shutting the system down"
	},
	Request: func(v entity.Values) api.Request {
		if v.Bool("power_off") {
			return api.Request{Method: http.MethodPost, Path: operationalState + "/shutdown_and_poweroff"}
		}
		return api.Request{Method: http.MethodPost, Path: operationalState + "/shutdown"}
	},
	Done: func(answer any) string { return fmt.Sprint(answer) },
}

// whoIsCutOff names the array, its hosts, and what clients have of it.
func whoIsCutOff(ctx context.Context, s *entity.Session, _ entity.Values) []string {
	o, err := get(ctx, s, systemPath)
	if err != nil {
		return nil // the operation says so
	}
	said := []string{fmt.Sprintf("It is the array %q.", common.NameOf(o))}
	if hosts := common.Collect(ctx, s, "hosts", api.Query{Fields: []string{"id", "name"}}); len(hosts) > 0 {
		said = append(said, "Its hosts: "+common.Few(common.QuotedNames(hosts))+".")
	}
	counts, _ := o["entity_counts"].(api.Object)
	return append(said, fmt.Sprintf("It has %v mapped volumes, %v filesystems and %v SMB shares.", counts["mapped_volumes"], counts["filesystems"], counts["smb_shares"]))
}

// upgrade installs the array's interfaces anew.
var upgrade = entity.Action{
	System: common.System, Name: "system_upgrade",
	Doc:     "Installs a package of the vendor's that upgrades the array's user interface (GUI) and its command line (InfiniShell). What serves data is not upgraded by it.",
	Danger:  "The upgrade cannot be undone, and while it runs nobody can work with the user interface and the command line.",
	Timeout: time.Hour,
	Arguments: entity.Facts{
		entity.Text("file").Required().Doc("The path of the package, on the machine that Terraform runs on."),
	},
	Check: checkPackage,
	Doing: func(v entity.Values) string { return "Installing " + filepath.Base(v.Text("file")) },
	Request: func(v entity.Values) api.Request {
		content, _ := os.ReadFile(v.Text("file")) // Check has looked: what has gone since, the array refuses as empty
		return api.Request{Method: http.MethodPost, Path: "system/upgrade", Body: api.Upload{{Name: "file", File: filepath.Base(v.Text("file")), Content: string(content)}}}
	},
}

// checkPackage refuses a file that is not there, or empty, before anything is sent.
func checkPackage(v entity.Values) error {
	if !v.Known("file") {
		return nil
	}
	is, err := os.Stat(v.Text("file"))
	switch {
	case err != nil:
		return fmt.Errorf("the package cannot be read: %w", err)
	case is.IsDir():
		return fmt.Errorf("%s is a directory, and no package", v.Text("file"))
	case is.Size() == 0:
		return fmt.Errorf("%s is empty", v.Text("file"))
	}
	return nil
}
