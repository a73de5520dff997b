package monitoring_test

import (
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
	"github.com/storage-as-code/terraform-provider-storage/internal/acctest/area"
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox/monitoring"
)

func TestMain(m *testing.M) { acctest.Main(m) }

func TestAccArea(t *testing.T) {
	area.Run(t, monitoring.Area(), area.Tests{
		Actions: map[string]acctest.Action{
			"event_create_custom": customEvent, "event_create": externalEvent, "events_delete": eventsDeleted,
		},
		Questions:     questions,
		WithoutFaults: "nothing of it is kept",
		WithoutWalk:   "nothing of it is kept",
	})
}
