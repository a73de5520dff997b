package vscan_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/querycheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
	simulator "github.com/storage-as-code/terraform-provider-storage/internal/simulator/ontap"
)

const poolsType = "storage_ontap_vscan_scanner_pools"

// says checks what a recorder has written down by the end of a step.
func says(t *testing.T, r *recorder, want string) statecheck.StateCheck {
	t.Helper()
	return recorded{t, r, want}
}

type recorded struct {
	t *testing.T
	*recorder
	want string
}

func (c recorded) CheckState(_ context.Context, _ statecheck.CheckStateRequest, resp *statecheck.CheckStateResponse) {
	if have := c.take(); have != c.want {
		resp.Error = fmt.Errorf("sent:\n%s\nwant:\n%s", have, c.want)
	}
}

// somePools are a cluster with three pools, in two SVMs.
func somePools(t *testing.T, o simulator.Options) (*acctest.ONTAP, *acctest.Server) {
	t.Helper()
	cluster := acctest.NewONTAP(t, o)
	cluster.MustPool("POST", "", sent("b", nil))
	cluster.MustPool("POST", "", sent("c", map[string]any{
		"role": "secondary", "servers": []any{"10.0.0.2"}, "privileged_users": []any{`cifs\u2`}, "cluster": map[string]any{"name": "cluster2"},
	}))
	if _, err := cluster.Do("POST", "protocols/vscan/"+vs2UUID+"/scanner-pools", sent("a", nil)); err != nil {
		t.Fatal(err)
	}
	return cluster, acctest.NewServer(t, cluster)
}

// namesOf are the objects in a data source's answer, by a field.
func namesOf(found acctest.Object, list, field string) string {
	var names []string
	members, _ := found[list].([]any)
	for _, m := range members {
		names = append(names, fmt.Sprint(m.(acctest.Object)[field]))
	}
	return strings.Join(names, " ")
}

func TestAccScannerPoolsDataSource(t *testing.T) {
	for _, options := range []simulator.Options{{}, {OneRecordBare: true, PoolsWithoutSVM: true}} {
		_, server := somePools(t, options)
		for _, test := range []struct {
			config acctest.Attrs
			want   string
		}{
			{acctest.Attrs{}, "b c a"},
			{acctest.Attrs{"svm_name": "vs1"}, "b c"},
			{acctest.Attrs{"svm_uuid": vs2UUID}, "a"},
			{acctest.Attrs{"svm_name": "vs3"}, ""},
			{acctest.Attrs{"name": "c"}, "c"},
			{acctest.Attrs{"role": "primary"}, "b a"},
			{acctest.Attrs{"servers": "10.0.0.2"}, "c"},
			{acctest.Attrs{"privileged_users": `CIFS\U2`}, "c"},
			{acctest.Attrs{"cluster_name": "cluster2"}, "c"},
			{acctest.Attrs{"cluster_uuid": cluster1UUID}, "b a"},
			{acctest.Attrs{"role": "idle"}, ""},
			{acctest.Attrs{"svm_name": "vs1", "order_by": []any{"name desc"}}, "c b"},
			{acctest.Attrs{"order_by": []any{"name"}}, "a b c"},
			{acctest.Attrs{"order_by": []any{"role desc", "name asc"}}, "c a b"},
			{acctest.Attrs{"order_by": []any{"cluster_name desc", "name desc"}}, "c b a"},
			{acctest.Attrs{"order_by": []any{"name"}, "limit": 2}, "a b"},
			{acctest.Attrs{"limit": 1}, "b"},
		} {
			found, problems := server.Look(poolsType, test.config)
			if got := namesOf(found, "scanner_pools", "name"); problems.Failed() || got != test.want {
				t.Errorf("%v: %q, want %q\n%s", test.config, got, test.want, problems)
			}
		}
		found, _ := server.Look(poolsType, acctest.Attrs{"name": "c"})
		equal(t, "a pool", found["scanner_pools"], "[map[cluster_name:cluster2 cluster_uuid:"+cluster2UUID+" name:c privileged_users:[cifs\\u2] role:secondary servers:[10.0.0.2] svm_name:vs1 svm_uuid:"+acctest.SVMUUID+"]]")
	}
}

func TestAccScannerPoolsRefusals(t *testing.T) {
	_, server := somePools(t, simulator.Options{})
	for _, test := range []struct {
		config acctest.Attrs
		says   string
	}{
		{acctest.Attrs{"svm_name": "vs1", "svm_uuid": vs2UUID}, "At most one of svm_name and svm_uuid"},
		{acctest.Attrs{"svm_name": "vs9"}, `no SVM with the name "vs9"`},
		{acctest.Attrs{"role": "captain"}, "use one of primary, secondary, idle"},
		{acctest.Attrs{"limit": 0}, "at least 1"},
		{acctest.Attrs{"order_by": []any{"servers"}}, "cannot be sorted by"},
		{acctest.Attrs{"order_by": []any{"name sideways"}}, `write "name asc" or "name desc"`},
	} {
		if _, problems := server.Look(poolsType, test.config); !problems.Failed() || !strings.Contains(problems.String(), test.says) {
			t.Errorf("%v: want %q, have %s", test.config, test.says, problems)
		}
	}
}

func TestAccScannerPoolDataSource(t *testing.T) {
	_, server := somePools(t, simulator.Options{})
	for _, by := range []acctest.Attrs{{"svm_name": "vs2", "name": "a"}, {"svm_uuid": vs2UUID, "name": "a"}} {
		found, problems := server.Look(poolType, by)
		equal(t, problems.String(), found, "map[cluster_name:cluster1 cluster_uuid:"+cluster1UUID+" name:a privileged_users:[cifs\\u1] role:primary servers:[10.0.0.1] svm_name:vs2 svm_uuid:"+vs2UUID+"]")
	}
	for _, test := range []struct {
		by   acctest.Attrs
		says string
	}{
		{acctest.Attrs{"svm_name": "vs2", "name": "b"}, "entry doesn't exist"},
		{acctest.Attrs{"svm_name": "vs9", "name": "a"}, `no SVM with the name "vs9"`},
		{acctest.Attrs{"name": "a"}, "Exactly one of these attributes must be configured"},
		{acctest.Attrs{"svm_name": "vs2", "svm_uuid": vs2UUID, "name": "a"}, "Exactly one of these attributes must be configured"},
	} {
		if _, problems := server.Look(poolType, test.by); !problems.Failed() || !strings.Contains(problems.String(), test.says) {
			t.Errorf("%v: want %q, have %s", test.by, test.says, problems)
		}
	}
}

// Identity through creation, refresh, import and query, as Terraform 1.12 and
// 1.14 ask for it.
func TestAccScannerPoolIdentity(t *testing.T) {
	cluster := acctest.NewONTAP(t, simulator.Options{})
	server := acctest.NewServer(t, cluster)
	state, identity := server.Create(poolType, least)
	equal(t, "identity", identity, acctest.Object{"svm_uuid": acctest.SVMUUID, "name": "p"})
	read, again := server.Read(poolType, state, identity)
	equal(t, "identity after a refresh", again, identity)
	equal(t, "state after a refresh", read, state)

	for _, id := range []string{"", "vs1/p", acctest.SVMUUID + "/p"} {
		imported, again, problems := server.Import(poolType, id, identity)
		equal(t, "identity of an import: "+problems.String(), again, identity)
		read, _ = server.Read(poolType, imported, again)
		equal(t, "state of an import", read, state)
	}
	for id, want := range map[string]string{
		"p": "vs1/pool1", "vs1/": "vs1/pool1", "/p": "vs1/pool1", "vs1/p/q": "vs1/pool1", "vs9/p": `no SVM with the name "vs9"`,
	} {
		if _, _, problems := server.Import(poolType, id, nil); !problems.Failed() || !strings.Contains(problems.String(), want) {
			t.Errorf("import %q: want %q, have %s", id, want, problems)
		}
	}
	imported, again, _ := server.Import(poolType, "vs1/nothing", nil)
	if gone, _ := server.Read(poolType, imported, again); gone != nil {
		t.Errorf("an import of nothing finds %v", gone)
	}

	found, problems := server.List(poolType, acctest.Attrs{"svm_name": "vs1", "role": "primary"}, 0, true)
	if len(found) != 1 {
		t.Fatalf("query finds %d pools\n%s", len(found), problems)
	}
	equal(t, "identity in a query", found[0].Identity, identity)
	equal(t, "name in a query", found[0].Name, `scanner pool "p"`)
	equal(t, "state in a query", found[0].Resource, state)
}

func TestAccScannerPoolList(t *testing.T) {
	_, server := somePools(t, simulator.Options{})
	for _, test := range []struct {
		config acctest.Attrs
		limit  int64
		want   int
	}{
		{acctest.Attrs{}, 0, 3},
		{acctest.Attrs{}, 2, 2},
		{acctest.Attrs{"svm_uuid": vs2UUID}, 0, 1},
		{acctest.Attrs{"role": "secondary"}, 0, 1},
		{acctest.Attrs{"privileged_users": `cifs\u1`}, 0, 2},
	} {
		found, problems := server.List(poolType, test.config, test.limit, false)
		if problems.Failed() || len(found) != test.want {
			t.Errorf("%v: %d, want %d\n%s", test.config, len(found), test.want, problems)
		}
	}
	for _, bad := range []acctest.Attrs{{"svm_name": "vs1", "svm_uuid": vs2UUID}, {"role": "captain"}, {"order_by": []any{"colour"}}} {
		if _, problems := server.List(poolType, bad, 0, false); !problems.Failed() {
			t.Errorf("%v is not refused", bad)
		}
	}
}

// terraform query, and an import by identity, with the real CLI as far as it knows them.
func TestAccScannerPoolQuery(t *testing.T) {
	cluster := acctest.NewONTAP(t, simulator.Options{})
	steps := []resource.TestStep{{Config: cluster.Provider(approving) + pool("p", nil)}}
	if acctest.Knows(t, acctest.Identities) {
		steps = append(steps, resource.TestStep{ResourceName: poolType + ".p", ImportState: true, ImportStateKind: resource.ImportBlockWithResourceIdentity})
	}
	if acctest.Knows(t, acctest.Queries) {
		steps = append(steps, resource.TestStep{
			Query:             true,
			Config:            "list \"" + poolType + "\" \"all\" {\n  provider = storage\n}\n",
			QueryResultChecks: []querycheck.QueryResultCheck{querycheck.ExpectLength(poolType+".all", 1)},
		})
	}
	acctest.Test(t, resource.TestCase{Steps: steps})
}
