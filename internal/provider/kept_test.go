package provider_test

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
	"github.com/storage-as-code/terraform-provider-storage/internal/provider"
	simulator "github.com/storage-as-code/terraform-provider-storage/internal/simulator/infinibox"
	"github.com/storage-as-code/terraform-provider-storage/internal/testcore"
)

// A provider that the file of a terraform test configures is kept from run to run, and from
// plan to apply, which plans each creation once more: that is no second object of the name.
// Such a provider's configuration is not validated first.
func TestProvidersOfTestsAreKept(t *testing.T) {
	system, settings := acctest.SimulateInfiniBox(t, simulator.Options{}).Settings()
	const host = "storage_infinibox_host"
	schema := acctest.Schemas().ResourceSchemas[host]
	encode := func(of tftypes.Type, from any) tftypes.Value {
		value, err := testcore.Encode(of, from, nil)
		if err != nil {
			t.Fatal(err)
		}
		return value
	}
	block := testcore.Wire(encode(acctest.Schemas().Provider.ValueType(), acctest.Attrs{system: settings}))
	for name, validated := range map[string]bool{"a plan": true, "a test": false} {
		server := provider.Server("test")()
		if validated {
			if _, err := server.ValidateProviderConfig(t.Context(), &tfprotov6.ValidateProviderConfigRequest{Config: block}); err != nil {
				t.Fatal(err)
			}
		}
		if resp, err := server.ConfigureProvider(t.Context(), &tfprotov6.ConfigureProviderRequest{Config: block}); err != nil || len(resp.Diagnostics) > 0 {
			t.Fatal(resp, err)
		}
		nothing := encode(schema.ValueType(), nil)
		wanted := encode(schema.ValueType(), acctest.Attrs{"name": "same"})
		var said []*tfprotov6.Diagnostic
		for range 2 {
			resp, err := server.PlanResourceChange(t.Context(), &tfprotov6.PlanResourceChangeRequest{
				TypeName: host, PriorState: testcore.Wire(nothing), Config: testcore.Wire(wanted),
				ProposedNewState: testcore.Wire(testcore.Proposed(schema, nothing, wanted)),
			})
			if err != nil {
				t.Fatal(err)
			}
			said = append(said, resp.Diagnostics...)
		}
		if refused := strings.Contains(testcore.Problems(said).String(), `Two resources have name "same"`); refused != validated {
			t.Errorf("%s: refused is %t: %s", name, refused, testcore.Problems(said))
		}
	}
}
