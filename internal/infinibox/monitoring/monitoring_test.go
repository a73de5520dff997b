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
		Tables: map[string]acctest.Table{"notification_target": targets, "notification_rule": rules},
		Actions: map[string]acctest.Action{
			"notification_target_test": targetTested,
			"event_create_custom":      customEvent, "event_create": externalEvent, "events_delete": eventsDeleted,
		},
		Questions: func(t *testing.T) (acctest.Lab, []acctest.Question) {
			b, ofEvents := questions(t)
			return b, append(ofEvents, ofNotifications()...)
		},
		Walk: estate(),
	})
}

// What the tests here are written with.
var resource, put, bad = acctest.ArrayResource, acctest.Put, acctest.BadValue
