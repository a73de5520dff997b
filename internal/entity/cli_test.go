package entity_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	cli "github.com/hashicorp/terraform-plugin-testing/helper/resource"

	installed "github.com/storage-as-code/terraform-provider-storage/internal/cli"
)

// What the real Terraform does is beyond doubt. Its steps here are those of which
// the tests' own core is least certain.
func runCLI(t *testing.T, d *depot, steps ...cli.TestStep) {
	t.Helper()
	found, err := installed.Installed(t.Context())
	if err == nil {
		err = found.LeadTests()
	}
	if err != nil {
		t.Fatal(err)
	}
	tf := newTerraform(t, d, nil)
	cli.UnitTest(t, cli.TestCase{
		ProtoV6ProviderFactories: map[string]func() (tfprotov6.ProviderServer, error){
			"storage": func() (tfprotov6.ProviderServer, error) { return tf.serve(), nil },
		},
		Steps: steps,
	})
}

func widgetHCL(attributes ...string) string {
	return "provider \"storage\" {\n  depot = { endpoint = \"e\" }\n}\n" +
		"resource \"storage_depot_widget\" \"w\" {\n  name = \"w\"\n  box_id = 1\n  size = \"1000\"\n  " + strings.Join(attributes, "\n  ") + "\n}\n"
}

// A creation that failed half-way is taken back, and made anew by the next apply.
func TestCLITakesBackAnUnfinishedCreation(t *testing.T) {
	d := newDepot()
	config := widgetHCL(`metadata = { k = "v" }`)
	runCLI(t, d,
		cli.TestStep{
			PreConfig:   func() { d.broken(false) },
			Config:      config,
			ExpectError: regexp.MustCompile(`(?s)Could not finish creating widget "w".*removed\s+again`),
		},
		cli.TestStep{
			PreConfig: func() {
				d.healthy()
				if len(d.rows["widgets"]) > 0 {
					t.Errorf("left over: %v", d.rows["widgets"])
				}
			},
			Config: config,
			Check: cli.ComposeTestCheckFunc(
				cli.TestCheckResourceAttr("storage_depot_widget.w", "id", "1002"),
				cli.TestCheckResourceAttr("storage_depot_widget.w", "serial", "S1002"),
			),
		},
		cli.TestStep{
			Config:      config,
			Destroy:     true,
			ExpectError: regexp.MustCompile(`is dangerous and not approved`),
		},
		cli.TestStep{Config: widgetHCL(`metadata = { k = "v" }`, `approved = true`)},
	)
	if len(d.rows["widgets"]) > 0 {
		t.Errorf("left over: %v", d.rows["widgets"])
	}
}

// A replacement that is approved in the same plan, and one that is forced by hand
// and not approved.
func TestCLIReplaces(t *testing.T) {
	d := newDepot()
	runCLI(t, d,
		cli.TestStep{Config: widgetHCL(`color = "blue"`)},
		cli.TestStep{
			Config:      widgetHCL(`color = "green"`),
			ExpectError: regexp.MustCompile(`Replacing\s+widget\s+"w"\s+\(id\s+1001\)\s+is\s+dangerous\s+and\s+not\s+approved`),
		},
		cli.TestStep{
			Config:      widgetHCL(`color = "blue"`),
			Taint:       []string{"storage_depot_widget.w"},
			ExpectError: regexp.MustCompile(`is\s+dangerous\s+and\s+not\s+approved`),
		},
		cli.TestStep{
			PreConfig: func() {
				if o := d.only(t, "widgets"); fmt.Sprint(o["id"]) != "1001" {
					t.Errorf("an object tainted by hand was deleted without approval: %v", o)
				}
			},
			Config: widgetHCL(`color = "green"`, `approved = true`),
			Check:  cli.TestCheckResourceAttr("storage_depot_widget.w", "id", "1002"),
		},
	)
}
