package block_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
)

func hosts(t *testing.T) acctest.Suite {
	b := acctest.NewInfiniBox(t)
	name := acctest.Name(b)
	// Several tests may have hosts on one array.
	run := rand.IntN(1 << 16)
	addresses := func(format string, numbers ...int) acctest.Own {
		return func(_ string, n int) any {
			all := []any{}
			for _, number := range numbers {
				all = append(all, fmt.Sprintf(format, run, n, number))
			}
			return all
		}
	}
	wwpns := func(numbers ...int) acctest.Own { return addresses("50:01:%04x:ABCD:%02x:%02x", numbers...) }
	iqns := func(numbers ...int) acctest.Own {
		return addresses("iqn.2011-08.com.example:Host%d-%d-%d", numbers...)
	}
	nqns := func(numbers ...int) acctest.Own {
		return addresses("nqn.2014-08.org.nvmexpress:uuid:host%d-%d-%d", numbers...)
	}
	inbound := acctest.Attrs{
		"security_method": "CHAP", "security_chap_inbound_username": "in",
		"security_chap_inbound_secret_wo": "inbound-12345", "security_chap_inbound_secret_wo_version": 1,
	}
	both := inbound.With(acctest.Attrs{
		"security_method": "MUTUAL_CHAP", "security_chap_outbound_username": "out",
		"security_chap_outbound_secret_wo": "outbound-1234", "security_chap_outbound_secret_wo_version": 1,
	})
	addPort := func(kind, address string) func(acctest.Object) acctest.Request {
		return post("hosts", "ports", map[string]any{"type": kind, "address": address})
	}
	return acctest.Suite{
		Lab: b, Type: "storage_infinibox_host", Plural: "hosts", Path: "hosts",
		Deleting: "The server loses its definition and its ports",
		Least:    acctest.Attrs{"name": name},
		Most: both.With(acctest.Attrs{
			"name": name, "host_type": "DEFAULT", "fc_ports": wwpns(1, 2), "iscsi_ports": iqns(1), "optimized": true, "min_expected_paths": 4,
		}),
		Unverified: map[string]string{
			"security_chap_inbound_secret_wo_version":  "a version is the configuration's; the array knows none",
			"security_chap_outbound_secret_wo_version": "a version is the configuration's; the array knows none",
			"fc_ports":    "the array answers in small letters without colons",
			"iscsi_ports": "the array answers in small letters",
		},
		Changes: map[string]acctest.Change{
			"name":      {Through: []any{name, b.Name("renamed")}, Drift: put("hosts", "name", b.Name("drifted"))},
			"host_type": {Through: []any{"DEFAULT", "OPENVMS"}, Replaces: true},
			"fc_ports": {
				Through: []any{wwpns(1, 2), wwpns(2, 3), wwpns()}, Danger: "A host that loses its last port",
				Drift: addPort("FC", fmt.Sprintf("210000000000%04x", run)),
			},
			"iscsi_ports": {
				Through: []any{iqns(1), iqns(2, 3)}, Danger: "A host that loses its last port",
				Drift: addPort("ISCSI", fmt.Sprintf("iqn.2011-08.com.example:drifted%d", run)),
			},
			"nvme_ports": {
				Through: []any{nqns(1), nqns(2)}, Danger: "A host that loses its last port",
				Drift: addPort("NVME", fmt.Sprintf("nqn.2014-08.org.nvmexpress:uuid:drifted%d", run)),
			},
			"security_method":                          {Through: []any{inbound, both, acctest.Attrs{"security_method": "NONE"}}},
			"security_chap_inbound_username":           {Through: []any{"in", "other"}, Beside: inbound, Drift: put("hosts", "security_chap_inbound_username", "drifted")},
			"security_chap_outbound_username":          {Through: []any{"out", "other"}, Beside: both, Drift: put("hosts", "security_chap_outbound_username", "drifted")},
			"security_chap_inbound_secret_wo_version":  {Through: []any{1, 2}, Beside: inbound},
			"security_chap_outbound_secret_wo_version": {Through: []any{1, 2}, Beside: both},
			"optimized": {
				Through: []any{false, true}, Danger: "The host's multipathing may choose other paths",
				Drift: put("hosts", "optimized", false),
			},
			"min_expected_paths": {Through: []any{2, 4, nil}, Drift: put("hosts", "min_expected_paths", 8)},
		},
		Elsewhere: map[string]func(*testing.T){"tenant_id": TestAccTenant},
		Bad: append(badNames(),
			bad("tenant_id", 0, "at least 1"),
			bad("host_type", "WINDOWS", "use one of DEFAULT, OPENVMS"),
			bad("fc_ports", []any{"50:01:43:80:12:34:56"}, "is not a WWPN"),
			bad("iscsi_ports", []any{"server1"}, "is not an iSCSI name"),
			bad("nvme_ports", []any{"iqn.2011-08.com.example:server1"}, "is not an NVMe qualified name"),
			acctest.Bad{
				Attribute: "nvme_ports", Says: "cannot mix NVMe-oF with Fibre Channel or iSCSI",
				Set: acctest.Attrs{"fc_ports": wwpns(1), "nvme_ports": nqns(1)},
			},
			bad("security_method", "PAP", "use one of NONE, CHAP, MUTUAL_CHAP"),
			bad("security_chap_inbound_username", "a-name-of-more-than-20", "1 to 20 characters"),
			bad("security_chap_outbound_username", "a-name-of-more-than-20", "1 to 20 characters"),
			acctest.Bad{
				Attribute: "security_chap_inbound_secret_wo", Says: "ASCII characters only",
				Set: inbound.With(acctest.Attrs{"security_chap_inbound_secret_wo": "Tür und Tor"}),
			},
			acctest.Bad{
				Attribute: "security_chap_outbound_secret_wo", Says: "ASCII characters only",
				Set: both.With(acctest.Attrs{"security_chap_outbound_secret_wo": "gehäuseöffner"}),
			},
			bad("security_chap_inbound_secret_wo_version", 1, "security_chap_inbound_secret_wo"),
			acctest.Bad{
				Attribute: "security_method", Says: "needs security_chap_inbound_secret_wo",
				Set: acctest.Attrs{"security_method": "CHAP", "iscsi_ports": iqns(1)},
			},
			acctest.Bad{
				Attribute: "security_method", Says: "needs security_chap_outbound_secret_wo",
				Set: inbound.With(acctest.Attrs{"security_method": "MUTUAL_CHAP", "iscsi_ports": iqns(1)}),
			},
			bad("iscsi_ports", []any{"iqn.2011-08.com.example:server 1"}, "is not an iSCSI name"),
			bad("nvme_ports", []any{"nqn.2014-08.org.nvmexpress:uuid:a b"}, "is not an NVMe qualified name"),
			acctest.Bad{
				Attribute: "security_chap_inbound_username", Says: "Without CHAP there are no names and secrets",
				Set: inbound.With(acctest.Attrs{"security_method": "NONE"}),
			},
			bad("min_expected_paths", -1, "between 0 and"),
		),
	}
}
