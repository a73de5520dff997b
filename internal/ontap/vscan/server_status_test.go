package vscan_test

import (
	"os"
	"strings"
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
	simulator "github.com/storage-as-code/terraform-provider-storage/internal/simulator/ontap"
)

const statusType = "storage_ontap_vscan_server_status"

const twoServers = `{"servers": [
	{"ip": "10.0.0.1", "state": "connected", "type": "primary", "vendor": "Acme", "version": "1.12", "update_time": "2026-01-01T00:00:00Z",
	 "svm": {"name": "vs1", "uuid": "02c9e252-41be-11e9-81d5-00a0986138f7"}, "node": {"name": "node1", "uuid": "1cd8a442-86d1-11e0-ae1c-123478563412"}},
	{"ip": "10.0.0.2", "state": "disconnected", "disconnected_reason": "remote_closed", "type": "backup", "vendor": "Other", "version": "2", "update_time": "2026-01-02T00:00:00Z",
	 "svm": {"name": "vs2", "uuid": "0e2f7c91-f227-11e8-9601-0050568ecc06"}, "node": {"name": "node2", "uuid": "0933f9b5-f226-11e8-9601-0050568ecc06"}}]}`

func TestAccServerStatus(t *testing.T) {
	// With OneRecordBare, an answer with one server has no list around it.
	for _, bare := range []bool{false, true} {
		server := acctest.NewServer(t, acctest.NewONTAP(t, simulator.Options{Seed: []byte(twoServers), OneRecordBare: bare}))
		for _, test := range []struct {
			config acctest.Attrs
			want   string
		}{
			{acctest.Attrs{}, "10.0.0.1 10.0.0.2"},
			{acctest.Attrs{"vendor": "Acme"}, "10.0.0.1"},
			{acctest.Attrs{"version": "2"}, "10.0.0.2"},
			{acctest.Attrs{"state": "connected"}, "10.0.0.1"},
			{acctest.Attrs{"ip": "10.0.0.2"}, "10.0.0.2"},
			{acctest.Attrs{"type": "backup"}, "10.0.0.2"},
			{acctest.Attrs{"svm_uuid": acctest.SVMUUID}, "10.0.0.1"},
			{acctest.Attrs{"svm_name": "vs2"}, "10.0.0.2"},
			{acctest.Attrs{"node_uuid": cluster1UUID}, "10.0.0.1"},
			{acctest.Attrs{"node_name": "node2"}, "10.0.0.2"},
			{acctest.Attrs{"disconnected_reason": "remote_closed"}, "10.0.0.2"},
			{acctest.Attrs{"update_time": "2026-01-01T00:00:00Z"}, "10.0.0.1"},
			{acctest.Attrs{"state": "connected", "type": "backup"}, ""},
			{acctest.Attrs{"order_by": []any{"ip desc"}}, "10.0.0.2 10.0.0.1"},
			{acctest.Attrs{"order_by": []any{"svm_name desc", "node_name"}}, "10.0.0.2 10.0.0.1"},
			{acctest.Attrs{"limit": 1}, "10.0.0.1"},
		} {
			found, problems := server.Look(statusType, test.config)
			if got := namesOf(found, "servers", "ip"); problems.Failed() || got != test.want {
				t.Errorf("%v: %q, want %q\n%s", test.config, got, test.want, problems)
			}
		}
		for config, want := range map[string]string{
			"state": "use one of connected, disconnected", "type": "use one of primary, backup", "disconnected_reason": "use one of unknown, vscan_disabled",
		} {
			if _, problems := server.Look(statusType, acctest.Attrs{config: "wrong"}); !strings.Contains(problems.String(), want) {
				t.Errorf("%s: want %q, have %s", config, want, problems)
			}
		}
		found, _ := server.Look(statusType, acctest.Attrs{"ip": "10.0.0.2"})
		equal(t, "a server", found["servers"], "[map[disconnected_reason:remote_closed ip:10.0.0.2 node_name:node2 node_uuid:"+cluster2UUID+
			" state:disconnected svm_name:vs2 svm_uuid:"+vs2UUID+" type:backup update_time:2026-01-02T00:00:00Z vendor:Other version:2]]")
	}
}

// The example's check fails while an SVM has no connected primary scanner, and
// only then.
func TestAccServerStatusExample(t *testing.T) {
	cluster := acctest.NewONTAP(t, simulator.Options{})
	cluster.MustPool("POST", "", sent("p", nil))
	text, err := os.ReadFile("../../../examples/data-sources/" + statusType + "/data-source.tf")
	if err != nil {
		t.Fatal(err)
	}
	cli := acctest.NewCLI(t)
	const complaint = "SVM vs1 has no connected primary scanner"
	cli.Plan(cluster.Provider(nil), string(text)).Succeeds(t).Warns(t, complaint)
	cluster.EnableVscan(acctest.SVM, true)
	if run := cli.Plan(cluster.Provider(nil), string(text)).Succeeds(t); strings.Contains(run.Output, complaint) {
		t.Errorf("there is a connected scanner:\n%s", run)
	}
	cluster.Disconnect("10.0.0.1", "inactive_connection")
	cli.Plan(cluster.Provider(nil), string(text)).Succeeds(t).Warns(t, complaint, "inactive_connection")
}
