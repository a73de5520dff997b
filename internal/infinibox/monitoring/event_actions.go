package monitoring

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox/common"
)

// createCustomEvent writes an event of the user's own.
var createCustomEvent = entity.Action{
	System: common.System, Name: "event_create_custom",
	Doc: "Writes an event of one's own among those of the array, with the code `CUSTOM_INFO_EVENT`, or another by its level. " +
		"Rules that send such events to a target send it like any other. " +
		"Where another action, or the trigger of a resource, tells the array what is being done, its events can be read together with Terraform's applies.",
	Arguments: entity.Facts{
		entity.Enum("level", levels...).Required().Doc("How bad it is."),
		entity.Text("description_template").Required().LongestOf(1024).
			Doc("What has happened, in a sentence. A name in braces, as in `\"Applied by {user}\"`, stands for its value in `data`."),
		entity.Pairs("data").Optional().Doc("What is put into the sentence, by name. The array keeps it with the event."),
		entity.Enum("visibility", visibilities...).Optional().Doc("Whom it is for; `CUSTOMER` where it is not set. What is for `INFINIDAT`, only the vendor's user sees."),
	},
	Check: checkPlaceholders,
	Doing: func(v entity.Values) string { return "Writing a custom event of level " + v.Text("level") },
	Request: func(v entity.Values) api.Request {
		body := api.Object{"level": v.Text("level"), "description_template": v.Text("description_template"), "visibility": visibilities[0]}
		if v.Known("visibility") {
			body["visibility"] = v.Text("visibility")
		}
		if data := dataOf(v, "string"); len(data) > 0 {
			body["data"] = data
		}
		return api.Request{Method: http.MethodPost, Path: "events/custom", Body: body}
	},
	Done: told,
}

// createEvent writes an event of what works beside the array.
var createEvent = entity.Action{
	System: common.System, Name: "event_create",
	Doc: "Writes an event that the array knows and leaves to others to tell, such as the sign of life of a tool that works beside it. " +
		"For an event of one's own there is `storage_infinibox_event_create_custom`.",
	Arguments: entity.Facts{
		code("code").Required().Doc("The code of the event, such as `\"ECOSYSTEM_TOOLS_HEARTBEAT\"`. The array takes only those of events that it does not tell itself; `storage_infinibox_event_types` has them, with the names of their data."),
		entity.Pairs("data").Optional().Doc("What is put into the event's sentence, by name."),
	},
	Doing: func(v entity.Values) string { return "Writing the event " + v.Text("code") },
	Request: func(v entity.Values) api.Request {
		return api.Request{Method: http.MethodPost, Path: events, Body: api.Object{"code": v.Text("code"), "data": dataOf(v, "String")}}
	},
	Done: told,
}

// deleteEvents deletes the oldest events.
var deleteEvents = entity.Action{
	System: common.System, Name: "events_delete",
	Doc:       "Deletes the events up to a point in time. The array refuses to delete what has happened lately.",
	Danger:    "Nobody can read any more what had happened on the array until then, and who had done it.",
	Loses:     losesEvents,
	Arguments: entity.Facts{when("until").Required().Doc("Until when events are deleted: " + whenDoc + ".")},
	Doing:     func(v entity.Values) string { return "Deleting the events until " + v.Text("until") },
	Request: func(v entity.Values) api.Request {
		at, _ := inMillis(v, "until") // its check has read it
		return api.Request{Method: http.MethodDelete, Path: events, Query: url.Values{"timestamp": {"le:" + at}}}
	},
}

// eventCode is what codes look like.
var eventCode = regexp.MustCompile(`^[A-Z0-9_]+$`)

func checkCode(text string) error {
	if !eventCode.MatchString(text) {
		return fmt.Errorf("%q is not the code of an event: it is written in capitals, digits and \"_\", such as VOLUME_CREATED", text)
	}
	return nil
}

// code is the code of an event, and codes are several.
func code(name string) entity.Fact  { return entity.Text(name).Checked("a code", checkCode) }
func codes(name string) entity.Fact { return entity.Texts(name, nil).Checked("a code", checkCode) }

// dataOf is what is put into an event's sentence, as the array takes it.
func dataOf(v entity.Values, kind string) []any {
	all := []any{}
	pairs := v.Pairs("data")
	for _, name := range slices.Sorted(maps.Keys(pairs)) {
		all = append(all, api.Object{"name": name, "type": kind, "value": pairs[name]})
	}
	return all
}

// placeholder is a name in braces.
var placeholder = regexp.MustCompile(`\{(\w+)\}`)

// checkPlaceholders refuses a sentence with braces that hold no name, or one without a value.
func checkPlaceholders(v entity.Values) error {
	if !v.Known("description_template") {
		return nil
	}
	template := v.Text("description_template")
	if rest := placeholder.ReplaceAllString(template, ""); strings.ContainsAny(rest, "{}") {
		return errors.New("description_template has a brace that is not about a name: write {name} for a value of data, and leave out other braces")
	}
	pairs, missing := v.Pairs("data"), []string{}
	if v.Unknown("data") || v.Count("data") > len(pairs) {
		return nil // a value is not known yet
	}
	for _, found := range placeholder.FindAllStringSubmatch(template, -1) {
		if _, ok := pairs[found[1]]; !ok {
			missing = append(missing, found[1])
		}
	}
	if len(missing) > 0 {
		return fmt.Errorf("description_template has %s in braces, and data has no value of that name", strings.Join(missing, ", "))
	}
	return nil
}

// told says under which number the array keeps an event.
func told(answer any) string {
	o, _ := answer.(api.Object)
	return fmt.Sprintf("It is event %v, %v: %v", o["id"], o["code"], o["description"])
}

// mostCounted is up to how many events are counted for whoever reads the plan.
const mostCounted = 1000

// losesEvents counts the events that are lost.
func losesEvents(ctx context.Context, s *entity.Session, v entity.Values) []string {
	if !v.Known("until") {
		return nil
	}
	at, err := moment(v.Text("until"), time.Now())
	if err != nil {
		return nil
	}
	q := api.Query{
		Filters: []api.Filter{{Field: "timestamp", Operator: api.LessOrEqual, Values: []string{fmt.Sprint(at.UnixMilli())}}},
		Fields:  []string{"id"}, Limit: mostCounted,
	}
	until := at.UTC().Format(time.RFC3339)
	switch n := len(common.Collect(ctx, s, events, q)); n {
	case 0:
		return []string{"There are no events until " + until + " now."}
	case 1:
		return []string{"That is one event, until " + until + "."}
	case mostCounted:
		return []string{fmt.Sprintf("These are %d events or more, until %s.", n, until)}
	default:
		return []string{fmt.Sprintf("These are %d events, until %s.", n, until)}
	}
}
