package monitoring

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox/common"
)

const events = "events"

var (
	// levels say how bad an event is, the mildest first.
	levels = []string{"INFO", "WARNING", "ERROR", "CRITICAL"}
	// visibilities say whom an event is for: the array's owner, or its vendor.
	visibilities = []string{"CUSTOMER", "INFINIDAT"}
)

// Event is something that has happened on the array, and that it tells.
var Event = entity.Kind{
	System:   common.System,
	Name:     "event",
	Path:     events,
	Doc:      "An event: something that has happened on the array, which keeps it for a time.",
	Presence: entity.Foreign,
	Facts: entity.Facts{
		entity.ID().Doc("The number of the event, which grows from one to the next."),
		entity.Integer("seq_num").Doc("Its place in the order of events."),
		entity.Moment("timestamp").Doc("When it happened."),
		entity.Text("code").Doc("What has happened, such as `VOLUME_CREATED`; `storage_infinibox_event_types` has all codes."),
		entity.Text("level").Doc("How bad it is: `INFO`, `WARNING`, `ERROR` or `CRITICAL`."),
		entity.Text("description").Doc("The same in a sentence."),
		entity.Text("description_template").Doc("The sentence before names and numbers were put in."),
		entity.Records("data", entity.Facts{
			entity.Text("name").Doc("The name by which the template has it."),
			entity.Text("type").Doc("What it is."),
			entity.Text("value").Doc("The value."),
		}).Doc("The names and numbers."),
		entity.Text("reporter").Doc("Which part of the array tells it, such as `MGMT`; `CUSTOM` for a custom event."),
		entity.Text("username").Doc("Who has done it; absent of what nobody has done."),
		entity.Text("visibility").Doc("Whom it is for: `CUSTOMER`, or `INFINIDAT` for what the vendor alone is told."),
		entity.Ref("affected_entity_id").Doc("The id of the object that it is about; absent where it is about none."),
		entity.Integer("source_node_id").Doc("The number of the node that tells it."),
		entity.Text("system_version").Doc("The version of the array's software by then."),
		common.Tenant(),
	},
}

// eventsFound are the events that some conditions select.
var eventsFound = entity.Lookup{
	System: common.System, Name: events, What: "events",
	Doc: "The events of the array that all conditions select, the newest first. Without `since` and `limit`, that is all that it has kept. " +
		"With a `check` block, a plan warns of what has happened on the array.",
	Arguments: entity.Facts{
		when("since").Optional().Doc("Only events since then: " + whenDoc + "."),
		when("until").Optional().Doc("Only events until then: " + whenDoc + "."),
		oneOfThese("levels", levels).Optional().NotEmpty().Doc("Only events of these levels: `INFO`, `WARNING`, `ERROR` and `CRITICAL`."),
		codes("codes").Optional().NotEmpty().Doc("Only events with these codes, such as `[\"VOLUME_DELETED\"]`."),
		entity.Text("text").Optional().LongestOf(255).Doc("Only events whose `description` has this text, whatever the case. The array cannot be asked for it: the provider reads all that the other conditions select, and leaves out the rest."),
		entity.Text("username").Optional().LongestOf(255).Doc("Only what this user has done."),
		entity.Text("reporter").Optional().LongestOf(255).Doc("Only what this part of the array tells, such as `CUSTOM`."),
		entity.Integer("affected_entity_id").Optional().Positive().Doc("Only events about the object of this id."),
		entity.Integer("limit").Optional().Positive().Doc("The most events to return; all where it is not set."),
	},
	Facts: entity.Facts{entity.Records(events, Event.Facts).Doc("The events, the newest first.")},
	Ask:   findEvents,
}

// oneOfThese is a set of words.
func oneOfThese(name string, words []string) entity.Fact {
	return entity.Texts(name, nil).Checked("known words", func(word string) error {
		if !slices.Contains(words, word) {
			return fmt.Errorf("%q is not known here: use some of %s", word, strings.Join(words, ", "))
		}
		return nil
	})
}

// findEvents asks the array for all but the text, which it does not search for.
func findEvents(ctx context.Context, s *entity.Session, v entity.Values) (api.Object, error) {
	q := common.Asked(v, "username", "reporter", "affected_entity_id")
	q.Sort = []string{"-id"}
	for name, operator := range map[string]api.Operator{"since": api.GreaterOrEqual, "until": api.LessOrEqual} {
		if !v.Known(name) {
			continue
		}
		at, err := inMillis(v, name)
		if err != nil {
			return nil, err
		}
		q.Filters = append(q.Filters, api.Filter{Field: "timestamp", Operator: operator, Values: []string{at}})
	}
	for name, field := range map[string]string{"levels": "level", "codes": "code"} {
		if words := v.Texts(name); len(words) > 0 {
			q.Filters = append(q.Filters, api.Filter{Field: field, Operator: api.In, Values: words})
		}
	}
	text, limit := strings.ToLower(v.Text("text")), int(v.Int("limit"))
	if text == "" {
		q.Limit = limit
	}
	found := []any{}
	for o, err := range s.Client.List(ctx, events, q) {
		if err != nil {
			return nil, err
		}
		if description, _ := o["description"].(string); !strings.Contains(strings.ToLower(description), text) {
			continue
		}
		if found = append(found, o); len(found) == limit {
			break
		}
	}
	return api.Object{events: found}, nil
}

// eventTypes are what the array can tell of.
var eventTypes = entity.Lookup{
	System: common.System, Name: "event_types", What: "event types",
	Doc: "The events that the array knows, by their codes: what rules can include and exclude.",
	Facts: entity.Facts{
		entity.Records("codes", entity.Facts{
			entity.Text("code").Doc("The code."),
			entity.Text("description").Doc("The sentence that is told, with the names of what is put in in braces."),
			entity.TextList("parameters").Doc("The names of what is put in."),
			entity.Text("level").Doc("How bad it is."),
			entity.Text("reporter").Doc("Which part of the array tells it."),
			entity.Text("visibility").Doc("Whom it is for."),
		}).Doc("The events."),
		entity.Records("levels", entity.Facts{
			entity.Text("name").Doc("The level, such as `CRITICAL`."),
			entity.Text("value").Doc("What the array counts it as."),
		}).Doc("The levels, which say how bad an event is."),
		entity.TextList("reporters").Doc("The parts of the array that tell events."),
		entity.TextList("visibilities").Doc("Whom events are for."),
	},
	Ask: func(ctx context.Context, s *entity.Session, _ entity.Values) (api.Object, error) {
		return common.Object(common.Field(ctx, s, typesPath))
	},
}

const typesPath = "events/types"
