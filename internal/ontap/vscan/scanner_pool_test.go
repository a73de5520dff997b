package vscan_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	tfjson "github.com/hashicorp/terraform-json"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
	simulator "github.com/storage-as-code/terraform-provider-storage/internal/simulator/ontap"
)

// Creation with the least and the most, and import in every form. TestCase sees
// to an empty plan after every step.
func TestAccScannerPool(t *testing.T) {
	for name, options := range map[string]simulator.Options{"": {}, "answers without the SVM": {PoolsWithoutSVM: true}} {
		t.Run(name, func(t *testing.T) {
			cluster := acctest.NewONTAP(t, options)
			config := cluster.Provider(approving) + pool("least", nil) + pool("most", acctest.Attrs{
				"svm_name": nil, "svm_uuid": vs2UUID, "name": "most", "role": "secondary", "cluster_name": "cluster2",
				"servers": []any{"10.0.0.1", "2001:db8::1", "av.example.com"}, "privileged_users": []any{`cifs\u1`, `cifs\u2`},
			})
			is := func(label, attribute string, value knownvalue.Check) statecheck.StateCheck {
				return statecheck.ExpectKnownValue(poolType+"."+label, tfjsonpath.New(attribute), value)
			}
			imported := func(id string) resource.TestStep {
				return resource.TestStep{
					ResourceName: poolType + ".most", ImportState: true, ImportStateId: id,
					ImportStateVerify: true, ImportStateVerifyIdentifierAttribute: "name",
				}
			}
			acctest.Test(t, resource.TestCase{Steps: []resource.TestStep{
				{
					Config: config,
					ConfigStateChecks: []statecheck.StateCheck{
						is("least", "svm_uuid", knownvalue.StringExact(acctest.SVMUUID)),
						is("least", "role", knownvalue.StringExact("primary")),
						is("least", "cluster_name", knownvalue.StringExact("cluster1")),
						is("least", "cluster_uuid", knownvalue.StringExact(cluster1UUID)),
						is("most", "svm_name", knownvalue.StringExact("vs2")),
						is("most", "role", knownvalue.StringExact("secondary")),
						is("most", "cluster_uuid", knownvalue.StringExact(cluster2UUID)),
						is("most", "servers", knownvalue.SetSizeExact(3)),
					},
				},
				imported("vs2/most"),
				imported(vs2UUID + "/most"),
				imported(strings.ToUpper(vs2UUID) + "/most"),
				{
					ResourceName: poolType + ".most", ImportState: true, ImportStateKind: resource.ImportBlockWithID,
					ImportStateId: "vs2/most", Config: config,
				},
			}})
		})
	}
}

// Every change sends what changed and what must come along, and nothing else.
func TestAccScannerPoolChanges(t *testing.T) {
	cluster := acctest.NewONTAP(t, simulator.Options{})
	recorded, provider := record(t, cluster)
	arguments := least
	step := func(action plancheck.ResourceActionType, changes acctest.Attrs, want string) resource.TestStep {
		arguments = arguments.With(changes)
		return resource.TestStep{
			Config: provider + arguments.Block("resource", poolType, "p"),
			ConfigPlanChecks: resource.ConfigPlanChecks{
				PreApply:             []plancheck.PlanCheck{plancheck.ExpectResourceAction(poolType+".p", action)},
				PostApplyPostRefresh: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()},
			},
			ConfigStateChecks: []statecheck.StateCheck{says(t, recorded, want)},
		}
	}
	create, update, nothing, replace := plancheck.ResourceActionCreate, plancheck.ResourceActionUpdate, plancheck.ResourceActionNoop, plancheck.ResourceActionReplace
	acctest.Test(t, resource.TestCase{Steps: []resource.TestStep{
		step(create, nil, `POST {"name":"p","privileged_users":["cifs\\u1"],"role":"primary","servers":["10.0.0.1"]}`),
		step(update, acctest.Attrs{"servers": []any{"10.0.0.1", "Scanner.example.com"}}, `PATCH {"servers":["10.0.0.1","Scanner.example.com"]}`),
		step(nothing, acctest.Attrs{"servers": []any{"scanner.EXAMPLE.com", "10.0.0.1"}}, ""),
		step(update, acctest.Attrs{"privileged_users": []any{`CIFS\Scanner`}}, `PATCH {"privileged_users":["CIFS\\Scanner"]}`),
		step(nothing, acctest.Attrs{"privileged_users": []any{`cifs\SCANNER`}}, ""),
		step(update, acctest.Attrs{"cluster_name": "cluster2"}, `PATCH {"cluster":{"name":"cluster2"},"role":"primary"}`),
		// Without its cluster the role would be applied to the local one.
		step(update, acctest.Attrs{"role": "idle"}, `PATCH {"cluster":{"uuid":"`+cluster2UUID+`"},"role":"idle"}`),
		step(nothing, acctest.Attrs{"cluster_name": nil}, ""),
		step(update, acctest.Attrs{"cluster_uuid": cluster1UUID, "role": "secondary"}, `PATCH {"cluster":{"uuid":"`+cluster1UUID+`"},"role":"secondary"}`),
		step(nothing, acctest.Attrs{"cluster_uuid": strings.ToUpper(cluster1UUID)}, ""),
		step(nothing, acctest.Attrs{"svm_name": nil, "svm_uuid": acctest.SVMUUID}, ""),
		step(replace, acctest.Attrs{"name": "q"}, "DELETE\n"+
			`POST {"cluster":{"uuid":"`+cluster1UUID+`"},"name":"q","privileged_users":["cifs\\SCANNER"],"role":"secondary","servers":["10.0.0.1","scanner.EXAMPLE.com"]}`),
		step(replace, acctest.Attrs{"svm_uuid": nil, "svm_name": "vs2", "role": nil, "cluster_uuid": nil}, "DELETE\n"+
			`POST {"name":"q","privileged_users":["cifs\\SCANNER"],"role":"primary","servers":["10.0.0.1","scanner.EXAMPLE.com"]}`),
	}})
}

// What changes or goes behind Terraform's back shows in the plan, and heals.
func TestAccScannerPoolDrift(t *testing.T) {
	cluster := acctest.NewONTAP(t, simulator.Options{})
	config := cluster.Provider(approving) + pool("p", acctest.Attrs{"role": "primary", "cluster_name": "cluster1"})
	after := func(action plancheck.ResourceActionType, change func()) resource.TestStep {
		return resource.TestStep{PreConfig: change, Config: config, ConfigPlanChecks: resource.ConfigPlanChecks{
			PreApply: []plancheck.PlanCheck{plancheck.ExpectResourceAction(poolType+".p", action)},
		}}
	}
	patch := func(body map[string]any) func() { return func() { cluster.MustPool("PATCH", "p", body) } }
	acctest.Test(t, resource.TestCase{Steps: []resource.TestStep{
		{Config: config},
		after(plancheck.ResourceActionUpdate, patch(map[string]any{"servers": []any{"10.9.9.9"}})),
		after(plancheck.ResourceActionUpdate, patch(map[string]any{"privileged_users": []any{`cifs\stranger`}})),
		after(plancheck.ResourceActionUpdate, patch(map[string]any{"role": "idle"})),
		after(plancheck.ResourceActionUpdate, patch(map[string]any{"cluster": map[string]any{"name": "cluster2"}})),
		after(plancheck.ResourceActionCreate, func() { cluster.MustPool("DELETE", "p", nil) }),
	}})
	if cluster.Pool("p") != nil {
		t.Error("the pool is there after its destruction")
	}
}

func TestAccScannerPoolBadValues(t *testing.T) {
	cluster := acctest.NewONTAP(t, simulator.Options{})
	for i, bad := range []struct {
		set       acctest.Attrs
		attribute string
		says      string
	}{
		{acctest.Attrs{"servers": []any{"scanner1"}}, "servers", "neither an IP address nor a fully qualified domain name"},
		{acctest.Attrs{"servers": []any{"10.0.0.1", "10.0.0.256"}}, "servers", "10.0.0.256"},
		{acctest.Attrs{"servers": []any{"10.0.0.1/24"}}, "servers", "neither an IP address"},
		{acctest.Attrs{"servers": []any{"http://av.example.com"}}, "servers", "neither an IP address"},
		{acctest.Attrs{"servers": []any{"fe80::1%eth0"}}, "servers", "neither an IP address"},
		{acctest.Attrs{"servers": []any{"-av.example.com"}}, "servers", "neither an IP address"},
		{acctest.Attrs{"servers": []any{""}}, "servers", "neither an IP address"},
		{acctest.Attrs{"servers": []any{}}, "servers", "at least 1"},
		{acctest.Attrs{"privileged_users": []any{}}, "privileged_users", "at least 1"},
		{acctest.Attrs{"privileged_users": []any{"u1"}}, "privileged_users", "not a user with a domain"},
		{acctest.Attrs{"privileged_users": []any{`\u1`}}, "privileged_users", "not a user with a domain"},
		{acctest.Attrs{"privileged_users": []any{`cifs\`}}, "privileged_users", "not a user with a domain"},
		{acctest.Attrs{"privileged_users": []any{`a\b\c`}}, "privileged_users", "not a user with a domain"},
		{acctest.Attrs{"role": "captain"}, "role", "use one of primary, secondary, idle"},
		{acctest.Attrs{"role": "Primary"}, "role", `must be written "primary"`},
		{acctest.Attrs{"name": ""}, "name", "1 to 256 characters"},
		{acctest.Attrs{"name": strings.Repeat("x", 257)}, "name", "1 to 256 characters"},
		{acctest.Attrs{"name": "a/b"}, "name", "characters that are not allowed"},
		{acctest.Attrs{"name": "größe"}, "name", "characters that are not allowed"},
		{acctest.Attrs{"svm_uuid": acctest.SVMUUID}, "", "Exactly one of these attributes must be configured: [svm_name,svm_uuid]"},
		{acctest.Attrs{"svm_name": nil}, "", "Exactly one of these attributes must be configured: [svm_name,svm_uuid]"},
		{acctest.Attrs{"svm_name": nil, "svm_uuid": "vs1"}, "svm_uuid", "not a UUID"},
		{acctest.Attrs{"cluster_uuid": "cluster2"}, "cluster_uuid", "not a UUID"},
	} {
		server := acctest.NewServer(t, cluster)
		problems := server.Validate(poolType, least.With(bad.set))
		if !problems.Failed() || !strings.Contains(flat(problems.String()), bad.says) || !strings.Contains(problems.String(), bad.attribute) {
			t.Errorf("%d: %v: want an error of %q with %q, have: %s", i, bad.set, bad.attribute, bad.says, problems)
		}
	}
	// And once with the CLI: nothing has reached the cluster by then.
	cluster.Sent()
	cli := acctest.NewCLI(t)
	run := cli.Plan(cluster.Provider(approving), pool("a", acctest.Attrs{"servers": []any{"scanner1"}}), pool("b", acctest.Attrs{"role": "captain"}))
	run.Refuses(t, "neither an IP address").Refuses(t, "use one of primary")
	equal(t, "requests", cluster.Sent(), []string{})
}

// flat is a text without its line breaks.
func flat(text string) string { return strings.Join(strings.Fields(text), " ") }

// A refusal by the cluster names the attribute and says what to do next.
func TestAccScannerPoolRefusals(t *testing.T) {
	cluster := acctest.NewONTAP(t, simulator.Options{})
	cluster.MustPool("POST", "", sent("taken", nil))
	if _, err := cluster.Do("POST", "protocols/vscan/ea1b1e86-41bd-11e9-81d5-00a0986138f7/scanner-pools", sent("shared", nil)); err != nil {
		t.Fatal(err)
	}
	cli := acctest.NewCLI(t)
	refuses := func(changes acctest.Attrs, texts ...string) {
		t.Helper()
		cli.Apply(cluster.Provider(approving), pool("p", changes)).Refuses(t, texts...)
	}
	refuses(acctest.Attrs{"servers": []any{"av.example.invalid"}}, "10027086", "servers", "DNS configuration")
	refuses(acctest.Attrs{"cluster_name": "nowhere"}, "10027258", "Check cluster_name")
	refuses(acctest.Attrs{"cluster_uuid": vs2UUID}, "10027256", "Check cluster_uuid")
	refuses(acctest.Attrs{"cluster_name": "cluster1", "cluster_uuid": cluster2UUID}, "10027257", "of different clusters")
	refuses(acctest.Attrs{"name": "shared"}, "10027063", "administrative SVM")
	refuses(acctest.Attrs{"name": "taken"}, "There is such a scanner pool already", "terraform import "+poolType+".NAME 'vs1/taken'")
	refuses(acctest.Attrs{"svm_name": "vs9"}, `no SVM with the name "vs9"`, "cluster1, vs1, vs2, vs3")
	refuses(acctest.Attrs{"svm_name": nil, "svm_uuid": cluster2UUID}, "entry doesn't exist")
	// Another provider may make the SVM in the same apply: the plan warns.
	for _, unknown := range []acctest.Attrs{{"svm_name": "vs9"}, {"svm_name": nil, "svm_uuid": cluster2UUID}} {
		cli.Plan(cluster.Provider(approving), pool("p", unknown)).Succeeds(t).Warns(t, "There is no such SVM yet", "cluster1, vs1, vs2, vs3")
	}

	cli.Apply(cluster.Provider(approving), pool("p", nil)).Succeeds(t)
	cluster.MustPool("DELETE", "taken", nil)
	cluster.EnableVscan(acctest.SVM, true)
	cli.Destroy().Refuses(t, "10027070", "only one", "vserver vscan disable -vserver vs1")
	if cluster.Pool("p") == nil {
		t.Error("the pool is gone")
	}
	cluster.EnableVscan(acctest.SVM, false)
	cli.Destroy().Succeeds(t)
}

// A role that cannot be applied after all else was done: a creation is taken back, and
// an update leaves a state that tells the truth, from which the next apply goes on.
func TestAccScannerPoolWithoutItsRole(t *testing.T) {
	cluster := acctest.NewONTAP(t, simulator.Options{})
	cli := acctest.NewCLI(t)
	provider, address := cluster.Provider(approving), poolType+".p"

	cluster.RefuseRole("p", true)
	cli.Apply(provider, pool("p", nil)).Refuses(t, "10027248", "removed again")
	if cluster.Pool("p") != nil {
		t.Error("half a pool is left")
	}
	cluster.RefuseRole("p", false)
	cli.Apply(provider, pool("p", nil)).Succeeds(t).Plans(t, map[string]string{address: "create"})
	equal(t, "role", cluster.Pool("p")["role"], "primary")

	cluster.RefuseRole("p", true)
	changed := pool("p", acctest.Attrs{"role": "secondary", "servers": []any{"10.0.0.2"}})
	cli.Apply(provider, changed).Refuses(t, "10027248", "failed to apply the specified role")
	state := attributesIn(t, cli, "p")
	equal(t, "state", []any{state["role"], state["servers"]}, []any{"primary", []any{"10.0.0.2"}})
	cluster.RefuseRole("p", false)
	cli.Apply(provider, changed).Succeeds(t).Plans(t, map[string]string{address: "update"})
	equal(t, "role", cluster.Pool("p")["role"], "secondary")
	cli.Plan(provider, changed).Plans(t, map[string]string{})
}

// attributesIn are the attributes of a resource in the state.
func attributesIn(t *testing.T, cli *acctest.CLI, name string) map[string]any {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(cli.Dir, "terraform.tfstate"))
	var state struct {
		Resources []struct {
			Name      string
			Instances []struct{ Attributes map[string]any }
		}
	}
	if err == nil {
		err = json.Unmarshal(text, &state)
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range state.Resources {
		if r.Name == name && len(r.Instances) == 1 {
			return r.Instances[0].Attributes
		}
	}
	t.Fatalf("%s is not in the state", name)
	return nil
}

// An answer that got lost makes no second pool, and takes nobody else's over.
func TestAccScannerPoolLostAnswer(t *testing.T) {
	cluster := acctest.NewONTAP(t, simulator.Options{})
	cli := acctest.NewCLI(t)
	for _, fault := range []string{"cut-after", "cut-before", "truncate", "502"} {
		if err := cluster.SetFaults("POST /scanner-pools:" + fault); err != nil {
			t.Fatal(err)
		}
		cli.Apply(cluster.Provider(approving), pool("p", nil)).Succeeds(t)
		cli.Plan(cluster.Provider(approving), pool("p", nil)).Plans(t, map[string]string{})
		cli.Destroy().Succeeds(t)
	}
	cluster.MustPool("POST", "", sent("p", map[string]any{"servers": []any{"10.7.7.7"}}))
	if err := cluster.SetFaults("POST /scanner-pools:cut-after"); err != nil {
		t.Fatal(err)
	}
	cli.Apply(cluster.Provider(approving), pool("p", nil)).Refuses(t, "There is such a scanner pool already", "It is not as configured: servers is", "terraform import")
	equal(t, "servers", cluster.Pool("p")["servers"], []any{"10.7.7.7"})
}

// A pool that is written twice is refused at plan time, before there is one and after.
func TestAccScannerPoolWrittenTwice(t *testing.T) {
	cluster := acctest.NewONTAP(t, simulator.Options{})
	cli := acctest.NewCLI(t)
	byUUID := acctest.Attrs{"svm_name": nil, "svm_uuid": acctest.SVMUUID}
	for _, changes := range []acctest.Attrs{nil, byUUID} {
		cli.Plan(cluster.Provider(approving), pool("p", changes), pool("again", changes)).Refuses(t, "Two resources")
	}
	cli.Apply(cluster.Provider(approving), pool("p", nil)).Succeeds(t)
	for _, changes := range []acctest.Attrs{nil, byUUID} {
		cli.Plan(cluster.Provider(approving), pool("p", nil), pool("again", changes)).Refuses(t, "Two resources")
	}
	// The other SVM has a pool of that name too.
	cli.Plan(cluster.Provider(approving), pool("p", nil), pool("other", acctest.Attrs{"svm_name": "vs2"})).Succeeds(t)
}

// A renamed SVM costs nobody a pool.
func TestAccScannerPoolOfRenamedSVM(t *testing.T) {
	cluster := acctest.NewONTAP(t, simulator.Options{})
	cli := acctest.NewCLI(t)
	byUUID := pool("u", acctest.Attrs{"name": "u", "svm_name": nil, "svm_uuid": acctest.SVMUUID})
	cli.Apply(cluster.Provider(approving), byUUID, pool("n", acctest.Attrs{"name": "n"})).Succeeds(t)
	cluster.RenameSVM(acctest.SVM, "files")
	// Nobody here has changed anything: the plan goes on, and the pool is left alone.
	cli.Plan(cluster.Provider(approving), byUUID, pool("n", acctest.Attrs{"name": "n"})).Succeeds(t).Warns(t, "There is no such SVM", "files", "renamed")
	cli.Apply(cluster.Provider(approving), byUUID, pool("n", acctest.Attrs{"name": "n"})).Refuses(t, "There is no such SVM", "files", "renamed")
	if _, err := cluster.Do("GET", "protocols/vscan/"+acctest.SVMUUID+"/scanner-pools/n", nil); err != nil {
		t.Error(err)
	}
	cli.Plan(cluster.Provider(approving), byUUID, pool("n", acctest.Attrs{"name": "n", "svm_name": "files"})).Succeeds(t).Plans(t, map[string]string{})
}

// The document names a cluster both ways.
func TestAccScannerPoolOfClusterNamedTwice(t *testing.T) {
	cluster := acctest.NewONTAP(t, simulator.Options{})
	cli := acctest.NewCLI(t)
	twice := pool("p", acctest.Attrs{"cluster_name": "cluster2", "cluster_uuid": cluster2UUID})
	cli.Apply(cluster.Provider(approving), pool("p", nil)).Succeeds(t)
	cli.Apply(cluster.Provider(approving), twice).Succeeds(t)
	cli.Plan(cluster.Provider(approving), twice).Succeeds(t).Plans(t, map[string]string{})
	equal(t, "cluster", cluster.Pool("p")["cluster"], any(map[string]any{"name": "cluster2", "uuid": cluster2UUID}))
}

// SVMs are listed once in each plan that makes pools: in that of terraform plan, and in
// that of an apply. A pool is looked for in one request, created in one and read in one, and refreshed in
// one.
func TestAccScannerPoolRequests(t *testing.T) {
	cluster := acctest.NewONTAP(t, simulator.Options{})
	cli := acctest.NewCLI(t)
	byUUID := pool("p", acctest.Attrs{"svm_name": nil, "svm_uuid": acctest.SVMUUID})
	cli.Apply(cluster.Provider(approving), byUUID).Succeeds(t)
	equal(t, "creation", cluster.Sent(), []string{listSVMs, listSVMs, readPool, postPool, readPool})
	cli.Plan(cluster.Provider(approving), byUUID).Succeeds(t)
	equal(t, "plan", cluster.Sent(), []string{readPool})
	if run := cli.Plan(cluster.Provider(approving), byUUID); run.Says(tfjson.DiagnosticSeverityWarning, "") {
		t.Error(run)
	}
}
