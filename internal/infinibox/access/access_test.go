package access_test

import (
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
	"github.com/storage-as-code/terraform-provider-storage/internal/acctest/area"
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox/access"
)

func TestMain(m *testing.M) { acctest.Main(m) }

func TestAccArea(t *testing.T) {
	area.Run(t, access.Area(), area.Tests{
		Tables:      map[string]acctest.Table{},
		Actions:     map[string]acctest.Action{},
		WithoutWalk: "nothing is served yet",
	})
}
