package object_test

import (
	"archive/zip"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/hashicorp/terraform-exec/tfexec"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
	simulator "github.com/storage-as-code/terraform-provider-storage/internal/simulator/infinibox"
)

// withAWS are the parts of the example that take the AWS provider.
var withAWS = regexp.MustCompile(`(?ms)^(provider "aws"|resource "aws_s3_object" "robots") \{.*?^\}\n`)

// Secrets of one's own are in no state, no plan, no log and no message; one that the array
// makes is in the state alone.
func TestAccSecretKeysLeakNowhere(t *testing.T) {
	t.Parallel()
	logs := filepath.Join(t.TempDir(), "trace.log")
	b, ca := acctest.SimulateInfiniBox(t, simulator.Options{S3: true}), acctest.NewAuthority(t)
	certificate, key := ca.Pair(1)
	x := newTenantOf(t, b, acctest.NewTracedCLI(t, logs))
	x.config = withAWS.ReplaceAllString(x.config, "") +
		"variable \"private_key\" {\n  ephemeral = true\n}\n" + // which is not in the text, of which a plan has a copy
		resource("s3_certificate", "this", uploads(certificate, "", 1).With(acctest.Attrs{"private_key_wo": acctest.Expr("var.private_key"), "approved": true})) +
		resource("s3_credential", "made", acctest.Attrs{"user_id": newUser(b, "app"), "store_generated_secret_key": true})
	if err := os.WriteFile(filepath.Join(x.Dir, "key.auto.tfvars"), []byte("private_key = <<EOT\n"+key+"EOT\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	approved := x.Provider(acctest.Attrs{"approve_dangerous_operations": true})
	var said strings.Builder

	x.Write(x.Provider(nil), x.config)
	if _, err := x.Terraform.Plan(t.Context(), tfexec.Out("saved.tfplan")); err != nil {
		t.Fatal(err)
	}
	said.WriteString(x.Apply(x.Provider(nil), x.config).Succeeds(t).Output)
	x.letsIn(t, "applied", map[string]bool{firstKey: true, backupKey: true})

	// Other secrets take other credentials; what the array refuses on the way is told
	// without them.
	module, err := os.ReadFile(filepath.Join(x.Dir, "tenant", "main.tf"))
	if err != nil {
		t.Fatal(err)
	}
	x.Module("rotated", fstest.MapFS{"main.tf": {Data: []byte(strings.NewReplacer(
		"secret_key_wo_version = 1", "secret_key_wo_version = 2", "var.secret_keys[each.key]", `"${var.secret_keys[each.key]}+2"`,
	).Replace(string(module)))}})
	x.edit(t, `"./tenant"`, `"./rotated"`)
	x.Write(approved, x.config)
	if err := x.Terraform.Get(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, faults := range []string{"POST /s3_credentials#1:400", ""} {
		if err := x.Simulator.SetFaults(faults); err != nil {
			t.Fatal(err)
		}
		run := x.Apply(approved, x.config)
		if run.Failed != (faults != "") {
			t.Errorf("with the faults %q: %s", faults, run)
		}
		said.WriteString(run.Output)
	}
	if !x.Simulator.LetsIn(firstKey, firstSecret+"+2") || !x.Simulator.LetsIn(backupKey, backupSecret+"+2") {
		t.Error("the credentials have not got other secrets")
	}

	state := contentOf(t, filepath.Join(x.Dir, "terraform.tfstate"))
	made := regexp.MustCompile(`"secret_key": "([^"]+)"`).FindStringSubmatch(state)
	if made == nil {
		t.Fatal("the state does not have what the array has made")
	}
	own := append(acctest.PartsOfPEM(key), firstSecret, backupSecret)
	for place, content := range map[string]string{
		"what Terraform said": said.String(), "the log": contentOf(t, logs), "the plan": inZip(t, filepath.Join(x.Dir, "saved.tfplan")),
		"the state": state, "the state before": contentOf(t, filepath.Join(x.Dir, "terraform.tfstate.backup")),
	} {
		secrets := own
		if !strings.HasPrefix(place, "the state") {
			secrets = append(secrets, made[1])
		}
		for _, secret := range secrets {
			if strings.Contains(content, secret) {
				t.Errorf("%s holds the secret %s", place, secret)
			}
		}
	}
}

// contentOf is what a file holds, which must be something.
func contentOf(t *testing.T, path string) string {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil || len(content) < 500 {
		t.Fatalf("%s: %d bytes, %v", path, len(content), err)
	}
	return string(content)
}

// inZip is what the files of an archive hold, such as of a saved plan.
func inZip(t *testing.T, path string) string {
	t.Helper()
	archive, err := zip.OpenReader(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = archive.Close() }()
	var all strings.Builder
	for _, f := range archive.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(content)
	}
	if !strings.Contains(all.String(), "shop-pictures") {
		t.Errorf("%s is no plan as it is known here", path)
	}
	return all.String()
}
