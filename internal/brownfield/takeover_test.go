package brownfield_test

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-exec/tfexec"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
	"github.com/storage-as-code/terraform-provider-storage/internal/brownfield"
	"github.com/storage-as-code/terraform-provider-storage/internal/provider"
	simulator "github.com/storage-as-code/terraform-provider-storage/internal/simulator/infinibox"
)

func TestMain(m *testing.M) { acctest.Main(m) }

// at has the environment speak of an array.
func at(t *testing.T, b *acctest.InfiniBox) {
	t.Helper()
	t.Setenv("INFINIBOX_ENDPOINT", b.Simulator.URL())
	t.Setenv("INFINIBOX_USERNAME", "admin")
	t.Setenv("INFINIBOX_PASSWORD", acctest.ArrayPassword)
}

// takeOver writes the configuration of what is there, and returns what it says.
func takeOver(t *testing.T, arguments ...string) string {
	t.Helper()
	var out bytes.Buffer
	if err := brownfield.Command(t.Context(), provider.Systems("test"), arguments, &out); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// An estate with something of everything is taken over by a configuration that changes
// nothing, and the plan after is empty.
func TestAccTakeover(t *testing.T) {
	b := acctest.SimulateInfiniBox(t, simulator.Options{S3: true})
	estate, err := os.ReadFile("testdata/estate.tf")
	if err != nil {
		t.Fatal(err)
	}
	acctest.NewCLI(t).Apply(b.Provider(acctest.Attrs{"approve_dangerous_operations": true}), string(estate)).Succeeds(t)
	at(t, b)
	cli := acctest.NewProgramCLI(t)
	said := takeOver(t, "-snapshots", cli.Dir)
	fmt.Println(said)
	all, _ := os.ReadDir(cli.Dir)
	for _, f := range all {
		text, _ := os.ReadFile(cli.Dir + "/" + f.Name())
		fmt.Println("=====", f.Name())
		fmt.Println(string(text))
	}

	b.Simulator.ResetRequests()
	if _, err := cli.Terraform.Plan(t.Context(), tfexec.Out("plan")); err != nil {
		t.Fatal(err)
	}
	plan, err := cli.Terraform.ShowPlanFile(t.Context(), "plan")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range plan.ResourceChanges {
		if c.Change.Importing == nil || !c.Change.Actions.NoOp() {
			t.Errorf("%s is not taken over as it is: %v\nbefore %v\nafter %v", c.Address, c.Change.Actions, c.Change.Before, c.Change.After)
		}
	}
	if err := cli.Terraform.Apply(t.Context(), tfexec.DirOrPlan("plan")); err != nil {
		t.Fatal(err)
	}
	if changes, err := cli.Terraform.Plan(t.Context()); err != nil || changes {
		t.Errorf("the plan after is not empty: %v", err)
	}
	for route, n := range b.Routes() {
		if !strings.HasPrefix(route, "GET ") {
			t.Errorf("to take over sent %d %s", n, route)
		}
	}
}
