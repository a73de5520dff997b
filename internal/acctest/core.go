package acctest

import (
	"sync"

	"github.com/storage-as-code/terraform-provider-storage/internal/provider"
	"github.com/storage-as-code/terraform-provider-storage/internal/testcore"
)

// Schemas are the provider's.
var Schemas = sync.OnceValue(func() *testcore.Schemas { return testcore.SchemasOf(provider.Server("test")) })

// NewCore plays Terraform's core over the provider, configured for the lab, with
// changes of the lab's settings.
func NewCore(t testcore.Reporter, lab Lab, changes Attrs) *testcore.Core {
	system, settings := lab.Settings()
	return testcore.New(t, provider.Server("test"), Schemas(), Attrs{system: settings.With(changes)})
}
