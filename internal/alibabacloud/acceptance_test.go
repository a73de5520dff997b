package alibabacloud_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
	"github.com/storage-as-code/terraform-provider-storage/internal/acctest/area"
	"github.com/storage-as-code/terraform-provider-storage/internal/alibabacloud"
	simulator "github.com/storage-as-code/terraform-provider-storage/internal/simulator/alibabacloud"
)

func TestMain(m *testing.M) { acctest.Main(m) }

func TestAccArea(t *testing.T) {
	const read = "nothing of the service is Terraform's"
	area.Run(t, alibabacloud.Area(), area.Tests{Questions: questions, WithoutFaults: read, WithoutWalk: read})
}

// questions are put to a service with a task at work and one that is done.
func questions(t *testing.T) (acctest.Lab, []acctest.Question) {
	t.Helper()
	s := simulator.Start(t, simulator.Options{Tasks: []simulator.Task{
		{ID: 1, Progress: []string{"Processing"}, Targets: []simulator.Target{{Type: "uuid", Name: "host001", Target: "x"}}},
		{ID: 2, Progress: []string{"Success"}},
	}})
	const task = "virus_scan_task"
	return lab(s), []acctest.Question{
		{Source: task, Arguments: acctest.Attrs{"task_id": 1}, Finds: "[it.progress, it.targets]", Want: `["Processing",[{"name":"host001","target":"x","type":"uuid"}]]`},
		{Source: task, Arguments: acctest.Attrs{"task_id": 2, "wait_for_completion": true}, Finds: "[it.progress, it.targets, it.request_id != null]", Want: `["Success",[],true]`},
	}
}

// lab is the simulator as a system to test against.
func lab(s *simulator.Simulator) acctest.ReadOnly {
	return acctest.ReadOnly{System: "alibabacloud", Block: acctest.Attrs{
		"region": "cn-hangzhou", "endpoint": s.URL(), "access_key_id": "admin", "access_key_secret": "123456", "poll_interval": "1ms",
	}}
}

// provider configures the provider for a simulator; settings are added or replaced.
func provider(s *simulator.Simulator, settings acctest.Attrs) string {
	return lab(s).Provider(settings)
}

// look reads a task.
func look(label string, arguments acctest.Attrs) string {
	return arguments.Block("data", "storage_alibabacloud_virus_scan_task", label)
}

// waiting is a task that is waited for.
func waiting(id int, timeout string) string {
	return look("scan", acctest.Attrs{"task_id": id, "wait_for_completion": true, "timeouts": acctest.Attrs{"read": timeout}})
}

func attribute(label, name string, want knownvalue.Check) statecheck.StateCheck {
	return statecheck.ExpectKnownValue("data.storage_alibabacloud_virus_scan_task."+label, tfjsonpath.New(name), want)
}

func text(s string) knownvalue.Check { return knownvalue.StringExact(s) }

func target(kind, name, id string) knownvalue.Check {
	return knownvalue.ObjectExact(map[string]knownvalue.Check{"type": text(kind), "name": text(name), "target": text(id)})
}

func TestAccVirusScanTask(t *testing.T) {
	s := simulator.Start(t, simulator.Options{TLS: true, SecurityToken: "sts", Tasks: []simulator.Task{
		{ID: 1, Progress: []string{"init"}, Targets: []simulator.Target{
			{Type: "uuid", Name: "host001", Target: "503201a7-14c6-4280-801b-1169ed42****"}, {Type: "groupId", Name: "web", Target: "8076980"},
		}},
		{ID: 2, Progress: []string{"Processing"}},
		{ID: 3, Progress: []string{"Success"}},
		{ID: 4, Progress: []string{"Failed"}},
		{ID: 5, Progress: []string{"init", "Processing", "Success"}, Targets: []simulator.Target{{Type: "uuid", Name: "host001", Target: "x"}}},
	}})
	config := provider(s, acctest.Attrs{"security_token": "sts", "ca_certificate": s.CACertificate()}) +
		look("init", acctest.Attrs{"task_id": 1}) +
		look("processing", acctest.Attrs{"task_id": 2, "wait_for_completion": false}) +
		look("success", acctest.Attrs{"task_id": "3"}) +
		look("failed", acctest.Attrs{"task_id": 4}) +
		look("waited", acctest.Attrs{"task_id": 5, "wait_for_completion": true})
	acctest.Test(t, resource.TestCase{Steps: []resource.TestStep{{
		Config: config,
		ConfigStateChecks: []statecheck.StateCheck{
			attribute("init", "task_id", knownvalue.Int64Exact(1)),
			attribute("init", "progress", text("init")),
			attribute("init", "targets", knownvalue.ListExact([]knownvalue.Check{
				target("uuid", "host001", "503201a7-14c6-4280-801b-1169ed42****"), target("groupId", "web", "8076980"),
			})),
			attribute("init", "request_id", knownvalue.NotNull()),
			attribute("init", "wait_for_completion", knownvalue.Null()),
			attribute("processing", "progress", text("Processing")),
			attribute("processing", "targets", knownvalue.ListExact(nil)),
			attribute("success", "progress", text("Success")),
			attribute("failed", "progress", text("Failed")),
			attribute("waited", "progress", text("Success")),
			attribute("waited", "targets", knownvalue.ListExact([]knownvalue.Check{target("uuid", "host001", "x")})),
		},
	}}})
}

func TestAccVirusScanTaskWaiting(t *testing.T) {
	s := simulator.Start(t, simulator.Options{Tasks: []simulator.Task{
		{ID: 1, Progress: []string{"init", "Processing", "Processing", "Success"}},
		{ID: 2, Progress: []string{"Processing", "Failed"}, Targets: []simulator.Target{{Type: "uuid", Name: "host001", Target: "x"}}},
		{ID: 3, Progress: []string{"Processing"}},
	}})
	cli := acctest.NewCLI(t)
	cli.Plan(provider(s, nil), waiting(1, "1m")).Succeeds(t)
	if n := len(s.Requests()); n != 4 {
		t.Errorf("%d requests for a task that ends with the fourth", n)
	}
	cli.Plan(provider(s, nil), waiting(2, "1m")).Refuses(t, "Virus scan task 2 has failed", "host001 (uuid x)", "wait_for_completion")
	cli.Plan(provider(s, nil), waiting(3, "200ms")).Refuses(t, "Virus scan task 3 has not ended in time", "Processing", "the data source's timeouts")
	cli.Plan(provider(s, nil), waiting(3, "soon")).Refuses(t, `"soon" is not a duration`, "30s")
	cli.Plan(provider(s, nil), waiting(3, "0s")).Refuses(t, `"0s" leaves no time`)
}

func TestAccAlibabaCloudRefusals(t *testing.T) {
	s := simulator.Start(t, simulator.Options{})
	denied := simulator.Start(t, simulator.Options{NoPermission: true})
	temporary := simulator.Start(t, simulator.Options{SecurityToken: "sts"})
	cli := acctest.NewCLI(t)
	task := look("scan", acctest.Attrs{"task_id": 282832})
	const secret = "correct-horse"

	for name, test := range map[string]struct {
		config string
		want   []string
	}{
		"permission":       {provider(denied, nil), []string{"caller has no permission", "NoPermission", "yundun-sas:DescribeScanTaskProgress"}},
		"secret":           {provider(s, acctest.Attrs{"access_key_secret": secret}), []string{"SignatureDoesNotMatch", "ALIBABACLOUD_ACCESS_KEY_SECRET"}},
		"key":              {provider(s, acctest.Attrs{"access_key_id": "other"}), []string{"InvalidAccessKeyId", "ALIBABACLOUD_ACCESS_KEY_ID"}},
		"token":            {provider(temporary, acctest.Attrs{"security_token": secret}), []string{"InvalidSecurityToken.Expired", "ALIBABACLOUD_SECURITY_TOKEN"}},
		"no token":         {provider(temporary, nil), []string{"MissingSecurityToken", "ALIBABACLOUD_SECURITY_TOKEN"}},
		"no block":         {acctest.Attrs{}.Block("provider", "storage"), []string{"has no alibabacloud block", "alibabacloud = { ... }"}},
		"no region":        {provider(s, acctest.Attrs{"region": nil, "endpoint": nil}), []string{"The alibabacloud block has no region", "ALIBABACLOUD_REGION", "or else endpoint"}},
		"no secret":        {provider(s, acctest.Attrs{"access_key_secret": nil}), []string{"has no access_key_secret", "ALIBABACLOUD_ACCESS_KEY_SECRET"}},
		"no id":            {provider(s, acctest.Attrs{"access_key_id": nil}), []string{"has no access_key_id", "access_key_secret is set"}},
		"token alone":      {provider(s, acctest.Attrs{"access_key_id": nil, "access_key_secret": nil, "security_token": secret}), []string{"has no access_key_id", "security_token is set"}},
		"endpoint":         {provider(s, acctest.Attrs{"endpoint": "https://tds.aliyuncs.com/x"}), []string{"alibabacloud block cannot be used", "must end after the host"}},
		"poll_interval":    {provider(s, acctest.Attrs{"poll_interval": "often"}), []string{`poll_interval: "often" is not a duration`}},
		"another endpoint": {provider(s, acctest.Attrs{"endpoint": "http://127.0.0.1:1"}), []string{"connection refused", "ALIBABACLOUD_ENDPOINT"}},
	} {
		t.Run(name, func(t *testing.T) {
			refused := cli.Plan(test.config, task).Refuses(t, test.want...)
			for _, d := range refused.Diagnostics {
				if strings.Contains(d.Summary+d.Detail, secret) {
					t.Error("a secret is in the error")
				}
			}
		})
	}

	cli.Plan(provider(s, acctest.Attrs{"region": nil}), task).Succeeds(t)

	s.ResetRequests()
	for name, test := range map[string]struct {
		id   any
		want string
	}{
		"word": {"28a", "a number is required"}, "negative": {-1, "at least 1"}, "zero": {0, "at least 1"},
		"fraction": {acctest.Expr("1.5"), "task_id must be a whole number, 1.5 is not"}, "nothing": {nil, "required"},
	} {
		t.Run("task id "+name, func(t *testing.T) {
			cli.Plan(provider(s, nil), look("scan", acctest.Attrs{"task_id": test.id})).Refuses(t, test.want)
		})
	}
	if n := len(s.Requests()); n != 0 {
		t.Errorf("%d requests for what is refused without asking", n)
	}
}

// The key of the official tools is taken where none is given, and the example
// runs with settings from the environment.
func TestAccAlibabaCloudExample(t *testing.T) {
	s := simulator.Start(t, simulator.Options{})
	for name, value := range map[string]string{
		"ALIBABACLOUD_REGION": "eu-central-1", "ALIBABACLOUD_ENDPOINT": s.URL(), "ALIBABACLOUD_POLL_INTERVAL": "1ms",
		"ALIBABA_CLOUD_ACCESS_KEY_ID": "admin", "ALIBABA_CLOUD_ACCESS_KEY_SECRET": "123456", "ALIBABA_CLOUD_ECS_METADATA_DISABLED": "true",
	} {
		t.Setenv(name, value)
	}
	example, err := os.ReadFile("../../examples/data-sources/storage_alibabacloud_virus_scan_task/data-source.tf")
	if err != nil {
		t.Fatal(err)
	}
	acctest.Test(t, resource.TestCase{Steps: []resource.TestStep{{
		Config: string(example),
		ConfigStateChecks: []statecheck.StateCheck{
			statecheck.ExpectKnownOutputValue("scanned", knownvalue.ListExact([]knownvalue.Check{text("host001"), text("file servers")})),
		},
	}}})
}

// Nothing that the provider or Terraform logs or keeps holds a secret.
func TestAccAlibabaCloudSecretsStaySecret(t *testing.T) {
	const secret, token = "correct-horse", "sts-of-today"
	s := simulator.Start(t, simulator.Options{AccessKeySecret: secret, SecurityToken: token})
	file := filepath.Join(t.TempDir(), "trace.log")
	cli := acctest.NewTracedCLI(t, file)
	cli.Apply(provider(s, acctest.Attrs{"access_key_secret": secret, "security_token": token}), look("scan", acctest.Attrs{"task_id": 282832})).Succeeds(t)
	trace, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(trace), "DescribeScanTaskProgress") {
		t.Error("the trace has no request")
	}
	state, err := os.ReadFile(filepath.Join(cli.Dir, "terraform.tfstate"))
	if err != nil {
		t.Fatal(err)
	}
	for _, hidden := range []string{secret, token} {
		if strings.Contains(string(trace), hidden) || strings.Contains(string(state), hidden) {
			t.Errorf("%q is in the log or the state", hidden)
		}
	}
}
