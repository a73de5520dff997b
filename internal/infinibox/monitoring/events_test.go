package monitoring_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
	simulator "github.com/storage-as-code/terraform-provider-storage/internal/simulator/infinibox"
)

// write writes a custom event past the provider, and returns its id.
func write(b *acctest.InfiniBox, level, text string) any {
	return b.Must("POST", "events/custom", map[string]any{"level": level, "description_template": text})["id"]
}

// lastEvent is the newest event of a code.
func lastEvent(t *testing.T, b *acctest.InfiniBox, code string) map[string]any {
	t.Helper()
	ids := b.IDs("events?sort=-id&code=" + code)
	if len(ids) == 0 {
		t.Fatalf("there is no event %s", code)
	}
	return b.Must("GET", fmt.Sprintf("events/%v", ids[0]), nil)
}

func customEvent(t *testing.T) (acctest.Lab, acctest.Invocation) {
	b := acctest.SimulateInfiniBox(t, simulator.Options{})
	least := acctest.Attrs{"level": "WARNING", "description_template": "Applied by {user} in {workspace}", "data": map[string]any{"workspace": "prod", "user": "jo"}}
	return b, acctest.Invocation{
		Config: least, Progress: "Writing a custom event of level WARNING", Sent: "POST /api/rest/events/custom",
		Done: func(t *testing.T) {
			event := lastEvent(t, b, "CUSTOM_WARNING_EVENT")
			if event["description"] != "Applied by jo in prod" || event["visibility"] != "CUSTOMER" || len(event["data"].([]any)) != 2 {
				t.Errorf("the array has %v", event)
			}
			said := acctest.NewServer(t, b).Invoke("storage_infinibox_event_create_custom", acctest.Attrs{"level": "CRITICAL", "description_template": "plain"})
			if said.Failed() || !strings.HasSuffix(said.Progress[1], "CUSTOM_CRITICAL_EVENT: plain") {
				t.Errorf("%q, %s", said.Progress, said.Problems)
			}
			late := acctest.NewServer(t, b).PlanAction("storage_infinibox_event_create_custom", least.With(acctest.Attrs{"data": map[string]any{"user": "jo", "workspace": nil}}))
			if late.Failed() {
				t.Errorf("a value that may yet come: %s", late)
			}
		},
		Refused: []acctest.Refusal{
			{Config: least.With(acctest.Attrs{"level": "DIRE"}), Says: []string{"use one of INFO, WARNING, ERROR, CRITICAL"}},
			{Config: least.With(acctest.Attrs{"data": map[string]any{"user": "jo"}}), Says: []string{"has workspace in braces, and data has no value"}},
			{Config: least.With(acctest.Attrs{"description_template": "{user) did it"}), Says: []string{"a brace that is not about a name"}},
			{Config: least.With(acctest.Attrs{"description_template": ""}), Says: []string{"must have 1 to 1024 characters"}},
			{Config: least.With(acctest.Attrs{"visibility": "ALL"}), Says: []string{"use one of CUSTOMER, INFINIDAT"}},
		},
	}
}

func externalEvent(t *testing.T) (acctest.Lab, acctest.Invocation) {
	b := acctest.SimulateInfiniBox(t, simulator.Options{})
	return b, acctest.Invocation{
		Config:   acctest.Attrs{"code": "ECOSYSTEM_TOOLS_HEARTBEAT", "data": map[string]any{"event_desc": "alive"}},
		Progress: "Writing the event ECOSYSTEM_TOOLS_HEARTBEAT", Sent: "POST /api/rest/events",
		Done: func(t *testing.T) {
			// It is for the vendor, whom the array lets see it.
			found, problems := acctest.NewServer(t, b.As("infinidat")).Look("storage_infinibox_events", acctest.Attrs{"codes": []any{"ECOSYSTEM_TOOLS_HEARTBEAT"}})
			events, _ := found["events"].([]any)
			if len(events) != 1 || events[0].(acctest.Object)["description"] != "alive" {
				t.Errorf("found %v, %s", events, problems)
			}
		},
		Refused: []acctest.Refusal{
			{Config: acctest.Attrs{"code": "NO_SUCH_EVENT"}, Says: []string{"EVENT_NOT_FOUND"}},
			{Config: acctest.Attrs{"code": "volume created"}, Says: []string{"is not the code of an event"}},
		},
	}
}

func eventsDeleted(t *testing.T) (acctest.Lab, acctest.Invocation) {
	b := acctest.SimulateInfiniBox(t, simulator.Options{})
	write(b, "INFO", "old")
	b.Simulator.Advance(90 * 24 * time.Hour)
	until := time.Now().Add(time.Hour).UTC().Format(time.RFC3339)
	at, _ := time.Parse(time.RFC3339, until)
	kept := write(b, "INFO", "new")
	return b, acctest.Invocation{
		Config: acctest.Attrs{"until": until}, Danger: "That is one event", Progress: "Deleting the events until " + until,
		Sent: fmt.Sprintf("DELETE /api/rest/events timestamp=le:%d", at.UnixMilli()),
		Done: func(t *testing.T) {
			if ids := b.IDs("events"); fmt.Sprint(ids) != fmt.Sprint([]any{kept}) {
				t.Errorf("left are %v", ids)
			}
		},
		Refused: []acctest.Refusal{
			{Config: acctest.Attrs{"until": "2999-01-01T00:00:00Z"}, Says: []string{"CANNOT_SET_EVENTS_RETENTION_TIME"}},
			{Config: acctest.Attrs{"until": "-24h"}, Says: []string{"neither a point in time"}},
			{Config: acctest.Attrs{"until": "yesterday"}, Says: []string{"neither a point in time"}},
			{Config: acctest.Attrs{"until": "0d"}, Says: []string{"is no time ago"}},
		},
	}
}

func questions(t *testing.T) (acctest.Lab, []acctest.Question) {
	b := acctest.SimulateInfiniBox(t, simulator.Options{})
	old := write(b, "CRITICAL", "long ago")
	pool := b.NewPool("db")
	write(b, "ERROR", "Something broke")
	last := write(b, "CRITICAL", "All broke")
	const descriptions = "[for e in it.events : e.description]"
	return b, []acctest.Question{
		{Source: "event", Arguments: acctest.Attrs{"id": old}, Finds: "[it.level, it.description, it.reporter, it.affected_entity_id]", Want: `["CRITICAL","long ago","CUSTOM",null]`},
		{Source: "events", Arguments: acctest.Attrs{"since": "24h", "levels": []any{"CRITICAL", "ERROR"}, "limit": 2}, Finds: descriptions, Want: `["All broke","Something broke"]`},
		{Source: "events", Arguments: acctest.Attrs{"text": "BROKE", "limit": 1}, Finds: "[for e in it.events : e.id]", Want: fmt.Sprintf("[%v]", last)},
		{Source: "events", Arguments: acctest.Attrs{"text": "broke"}, Finds: descriptions, Want: `["All broke","Something broke"]`},
		{Source: "events", Arguments: acctest.Attrs{"codes": []any{"POOL_CREATED"}, "username": "admin", "affected_entity_id": pool}, Finds: "[for e in it.events : [e.affected_entity_id, e.level]]", Want: fmt.Sprintf(`[[%v,"INFO"]]`, pool)},
		{Source: "events", Arguments: acctest.Attrs{"since": "2d12h", "until": "1d"}, Finds: "length(it.events)", Want: "0"},
		{Source: "events", Arguments: acctest.Attrs{"until": "2999-01-01T00:00:00Z", "reporter": "CUSTOM"}, Finds: "length(it.events)", Want: "3"},
		{Source: "event_types", Finds: `[for c in it.codes : c.level if c.code == "VOLUME_CREATED"]`, Want: `["INFO"]`},
		{Source: "event_types", Finds: `[contains(it.levels[*].name, "CRITICAL"), contains(it.reporters, "CUSTOM"), contains(it.visibilities, "CUSTOMER")]`, Want: "[true,true,true]"},
	}
}

func TestAccEventRefusals(t *testing.T) {
	t.Parallel()
	server := acctest.NewServer(t, acctest.SimulateInfiniBox(t, simulator.Options{}))
	for says, arguments := range map[string]acctest.Attrs{
		`"DIRE" is not known here`:    {"levels": []any{"DIRE"}},
		"is not the code of an event": {"codes": []any{"pool created"}},
		"neither a point in time":     {"since": "a while"},
		"is no time ago":              {"until": ""},
		"at least 1":                  {"limit": 0},
	} {
		if _, problems := server.Look("storage_infinibox_events", arguments); !strings.Contains(problems.String(), says) {
			t.Errorf("%v: want %q, have %s", arguments, says, problems)
		}
	}
	if _, problems := server.Look("storage_infinibox_event", acctest.Attrs{"id": 4711}); !strings.Contains(problems.String(), "EVENT_NOT_FOUND") {
		t.Errorf("no such event: %s", problems)
	}
}
