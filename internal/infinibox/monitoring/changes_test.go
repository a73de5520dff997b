package monitoring_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
	"github.com/storage-as-code/terraform-provider-storage/internal/campaign/walk"
	simulator "github.com/storage-as-code/terraform-provider-storage/internal/simulator/infinibox"
	"github.com/storage-as-code/terraform-provider-storage/internal/testcore"
)

// estate is what random changes are made in.
func estate() *walk.Estate {
	const theirs = "storage_infinibox_notification_target.theirs"
	return &walk.Estate{
		Lab: func(t *testing.T) acctest.Simulated {
			return acctest.SimulateInfiniBox(t, simulator.Options{Limits: roomy})
		},
		Prefix:      "storage_infinibox_",
		Relations:   map[string]walk.Relation{"notification_rule.target_id": {To: []string{"notification_target"}}},
		Unique:      map[string][][]string{"notification_target": {{"protocol", "host"}}},
		Contradicts: contradiction,
		Never: func(e testcore.Said, p *testcore.Plan) bool {
			// The array's own target for mail keeps its name when nothing tells what it was.
			change := p.Changes[e.Address]
			if change == nil || change.Before == nil || !strings.Contains(e.Detail, "In the way is the notification target") {
				return false
			}
			before, _ := testcore.Plain(change.Before.Value).(map[string]any)
			return before["protocol"] == "SMTP"
		},
		Theirs: testcore.Config{Resources: map[string]testcore.Resource{
			theirs: {Arguments: acctest.Attrs{"name": "their target", "protocol": "SYSLOG", "host": "theirs.example.com"}},
			"storage_infinibox_notification_rule.theirs": {Arguments: acctest.Attrs{
				"name": "their rule", "event_level": []any{"ERROR"}, "target_id": testcore.Ref{Address: theirs, Attribute: "id"},
			}},
		}},
		Member: theirs,
	}
}

// contradiction says which arguments do not go together.
func contradiction(c testcore.Config) string {
	at := map[string]string{}
	for _, address := range c.Addresses() {
		a := c.Resources[address].Arguments
		list := func(name string) []any { all, _ := a[name].([]any); return all }
		signs, encrypts := a["auth_type"] == "AUTHNOPRIV" || a["auth_type"] == "AUTHPRIV", a["auth_type"] == "AUTHPRIV"
		switch {
		case sends(c, a) && a["recipients"] == nil, !sends(c, a) && a["recipients"] != nil:
			return address + " has recipients, and sends no mail, or sends it to nobody"
		case a["version"] == "SNMPV3" && a["username"] == nil, signs && a["password_wo_version"] == nil, encrypts && a["private_key_wo_version"] == nil:
			return address + " has no user, or no password"
		case slices.ContainsFunc(list("include_events"), func(code any) bool { return slices.Contains(list("exclude_events"), code) }):
			return address + " includes and excludes an event"
		}
		if a["host"] == nil {
			continue
		}
		port := a["port"]
		if port == nil {
			port = map[any]any{"SYSLOG": 514, "SNMP": 162, "SMTP": 25}[a["protocol"]]
		}
		place := fmt.Sprint(a["protocol"], a["host"], port)
		if at[place] != "" {
			return address + " is where " + at[place] + " is"
		}
		at[place] = address
	}
	return ""
}

// sends reports whether a rule sends mail.
func sends(c testcore.Config, rule map[string]any) bool {
	return slices.ContainsFunc(testcore.References(rule["target_id"]), func(ref testcore.Ref) bool {
		return c.Resources[ref.Address].Arguments["protocol"] == "SMTP"
	})
}
