package monitoring

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox/common"
)

const (
	rules = "notifications/rules"

	// unavailable is the event that a target cannot be reached, which no rule takes.
	unavailable = "NOTIFICATION_TARGET_UNAVAILABLE"
	// vendorsAddress is one that the array does not send customers' events to.
	vendorsAddress = "support@infinidat.com"
)

// NotificationRule says which events are sent to a target.
var NotificationRule = entity.Kind{
	System: common.System,
	Name:   "notification_rule",
	Plural: "notification_rules",
	Path:   rules,
	Doc: "A rule of notifications: which events are sent to a target. It selects events by their level and by their codes: " +
		"those of `event_level` and of `include_events`, but for those of `exclude_events`.",
	Rules:    []entity.Rule{entity.AtLeastOne("event_level", "include_events", "event_code")},
	Planning: entity.Planning{Check: checkRule},
	Deletion: entity.Deletion{Danger: "Its events are no longer sent to its target, unless another rule does."},
	Explain: func(_ context.Context, _ *entity.Session, _ entity.Values, err error) string {
		if api.CodeOf(err) == "NOTIFICATION_RULE_VISIBILITY_FORBIDDEN" {
			return "All users see the target: only the vendor's own targets are sent what is for the vendor alone. Leave INFINIDAT out of event_visibility."
		}
		return ""
	},
	Facts: entity.Facts{
		entity.ID(),
		common.Name(),
		entity.Ref("target_id").Required().Mutable().To("notification_target").
			ReplacedWhen(entity.When("name a target that is made in the same apply", func(_, _ entity.Values) bool { return false })).
			Doc("The id of the target."),
		words("event_level", levels).Queryable().Doc("The levels: all events of `INFO`, `WARNING`, `ERROR` or `CRITICAL`."),
		included("include_events").Queryable().Doc("The codes of events that are sent whatever their level; `storage_infinibox_event_types` has all codes."),
		included("exclude_events").Queryable().Doc("The codes of events that are not sent."),
		code("event_code").Optional().Mutable().Queryable().Doc("The code of one more event, as rules have it that are older than `include_events`."),
		words("event_visibility", visibilities).Queryable().Doc("Only events for these: `CUSTOMER` or `INFINIDAT`. Where it is not set, all that the target may be sent. What is for `INFINIDAT` alone goes to no target that the customer sees."),
		entity.Texts("recipients", nil).Field("target_parameters.recipients").Optional().Mutable().Checked("a mail address", checkRecipient).NotEmpty().
			Into(putRecipients).
			Doc("The mail addresses that events are sent to. A rule whose target is the mail server needs one; others have none."),
	},
}

// words are some of a few words, and none where nothing is said: the array takes no null.
func words(name string, of []string) entity.Fact {
	return noneForNull(name, oneOfThese(name, of))
}

func included(name string) entity.Fact {
	return noneForNull(name, codes(name)).Checked("a code that rules take", func(code string) error {
		if code == unavailable {
			return fmt.Errorf("%s cannot be in a rule: the array could not send it", unavailable)
		}
		return nil
	})
}

func noneForNull(name string, f entity.Fact) entity.Fact {
	return f.Optional().Mutable().Into(func(body api.Object, value any) {
		if value == nil {
			value = []any{}
		}
		body[name] = value
	})
}

// putRecipients sends the parameters as the array takes them: empty where there are none.
func putRecipients(body api.Object, value any) {
	parameters := api.Object{}
	if value != nil {
		parameters["recipients"] = value
	}
	body["target_parameters"] = parameters
}

func checkRecipient(address string) error {
	if strings.EqualFold(address, vendorsAddress) {
		return fmt.Errorf("the array sends no events to %s: name an address of the administrators'", vendorsAddress)
	}
	return checkAddress(address)
}

// checkRule refuses what does not go together, and warns of events that the array does not
// know.
func checkRule(ctx context.Context, p *entity.Plan) {
	if p.After == nil {
		return
	}
	for _, code := range p.After.Texts("exclude_events") {
		if slices.Contains(p.After.Texts("include_events"), code) {
			p.Refuse("exclude_events", "An event is both included and excluded", code+" is in include_events, too. Leave it out of one of them.")
		}
	}
	if nothingIn(p.After, "event_level") && nothingIn(p.After, "include_events") && p.After.Null("event_code") {
		p.Refuse("event_level", "The rule selects no events", "Set event_level or include_events to what is to be sent.")
	}
	if p.Applying() {
		return
	}
	if p.After.Known("target_id") && (p.Changes("target_id") || p.Changes("recipients")) {
		checkRecipients(ctx, p)
	}
	if strange := unknownEvents(ctx, p); len(strange) > 0 {
		p.Warn("The array knows no such event", fmt.Sprintf("Nothing will be sent for %s: this version of the array has no event of that code. "+
			"The data source storage_infinibox_event_types has all that it knows.", strings.Join(strange, ", ")))
	}
}

// nothingIn reports whether a set is empty, or absent.
func nothingIn(v entity.Values, name string) bool { return !v.Unknown(name) && v.Count(name) == 0 }

// checkRecipients holds a rule's recipients against its target.
func checkRecipients(ctx context.Context, p *entity.Plan) {
	target, err := p.Session.Client.Read(ctx, targets, p.After.ID("target_id"), nil)
	if err != nil {
		return // that it is not there is told elsewhere
	}
	name := common.NameOf(target)
	switch byMail := target["protocol"] == smtp; {
	case byMail && p.Config.Null("recipients"):
		p.Refuse("recipients", "recipients are missing", fmt.Sprintf("The target %q is the mail server: set recipients to the addresses that events are sent to.", name))
	case !byMail && !p.Config.Null("recipients"):
		p.Refuse("recipients", "recipients are not for this target", fmt.Sprintf("The target %q is no mail server, but one of %v: leave recipients out.", name, target["protocol"]))
	}
}

// knownEvents are the codes that the array knows; none where it does not tell.
type knownEvents struct {
	once  sync.Once
	codes map[string]bool
}

// unknownEvents are the codes that a rule is to get and the array does not know.
func unknownEvents(ctx context.Context, p *entity.Plan) []string {
	var asked []string
	for _, name := range []string{"include_events", "exclude_events"} {
		if p.Changes(name) {
			asked = append(asked, p.After.Texts(name)...)
		}
	}
	if p.After.Known("event_code") && p.Changes("event_code") {
		asked = append(asked, p.After.Text("event_code"))
	}
	if len(asked) == 0 {
		return nil
	}
	known := entity.Note[knownEvents](p.Session, "event types")
	known.once.Do(func() {
		types, _ := common.Object(common.Field(ctx, p.Session, typesPath))
		all, _ := types["codes"].([]any)
		known.codes = map[string]bool{}
		for _, item := range all {
			o, _ := item.(api.Object)
			name, _ := o["code"].(string)
			known.codes[name] = true
		}
	})
	return slices.DeleteFunc(asked, func(code string) bool { return len(known.codes) == 0 || known.codes[code] })
}
