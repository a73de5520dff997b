package monitoring

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox/common"
)

// testTarget has the array send a message to a target, also to one that it is not told of
// yet.
var testTarget = entity.Action{
	System: common.System, Name: "notification_target_test",
	Doc: "Tests a notification target: has the array send a message there, and fails where it could not. It takes the id of a target; or, before there is one, how the target is to be reached. " +
		"What is sent by UDP is sent whether anybody hears it or not: look whether the message has arrived.",
	Arguments: append(entity.Facts{
		entity.Ref("notification_target_id").Optional().To("notification_target").Doc("The id of the target to test. Where it is not set, what is tested is what the other arguments say."),
		entity.Texts("recipients", nil).Optional().NotEmpty().Checked("a mail address", checkRecipient).Doc("The mail addresses that the message is sent to. A mail server needs one; other targets have none."),
		entity.Bool("settings_only").Optional().Doc("Whether the array is asked only if such a target can be, before there is one."),
		protocol().Optional(),
	}, reached(true)...),
	Check:   checkTargetTest,
	Doing:   describeTargetTest,
	Request: requestTargetTest,
	Wait: func(_ context.Context, _ *entity.Session, v entity.Values, answer any) (any, error) {
		if answer == false {
			return nil, errors.New("the array could not send it: check host and port, the user and the passwords, and whether the array's management network reaches the host")
		}
		return answer, nil
	},
	Done: func(any) string { return "The array has sent it, or takes it for sound" },
}

// tested are the arguments that say how a target is reached, by the protocols that have
// them, with the fields that they are sent as.
var tested = []struct{ argument, field, protocols string }{
	{"protocol", "protocol", ""}, {"host", "host", ""}, {"port", "port", ""},
	{"tls", "tls", smtp}, {"from_address", "from_address", smtp},
	{"username", "username", smtp + " " + snmp}, {"password_wo", "password", smtp + " " + snmp},
	{"version", "version", snmp}, {"community_wo", "community", snmp}, {"auth_type", "auth_type", snmp}, {"auth_protocol", "auth_protocol", snmp},
	{"private_protocol", "private_protocol", snmp}, {"private_key_wo", "private_key", snmp}, {"engine", "engine", snmp},
	{"facility", "facility", syslog}, {"transport", "transport", syslog},
}

func checkTargetTest(v entity.Values) error {
	given := func(name string) bool { return !v.Null(name) }
	for _, t := range tested {
		switch {
		case !given(t.argument):
		case given("notification_target_id"):
			return fmt.Errorf("it takes either notification_target_id or %s: a target that is there is tested as it is", t.argument)
		case t.protocols != "" && v.Known("protocol") && !slices.Contains(strings.Fields(t.protocols), v.Text("protocol")):
			return fmt.Errorf("it takes no %s for %s: leave it out", t.argument, v.Text("protocol"))
		}
	}
	if given("notification_target_id") {
		if given("settings_only") {
			return errors.New("settings_only is for a target that is not there yet: leave it out, or notification_target_id")
		}
		return nil
	}
	switch {
	case !given("protocol") || !given("host"):
		return errors.New("it takes notification_target_id, or protocol and host of a target")
	case v.Text("protocol") == smtp && !given("recipients"):
		return errors.New("mail needs somebody to go to: set recipients")
	case v.Known("protocol") && v.Text("protocol") != smtp && given("recipients"):
		return fmt.Errorf("it takes no recipients for %s: leave them out", v.Text("protocol"))
	}
	return nil
}

func describeTargetTest(v entity.Values) string {
	if v.Known("notification_target_id") {
		return fmt.Sprintf("Testing notification target %d", v.Int("notification_target_id"))
	}
	return fmt.Sprintf("Testing a notification target at %s by %s", v.Text("host"), v.Text("protocol"))
}

func requestTargetTest(v entity.Values) api.Request {
	body := api.Object{}
	if to := v.Texts("recipients"); len(to) > 0 {
		body["recipients"] = to
	}
	if v.Known("notification_target_id") {
		return api.Request{Method: http.MethodPost, Path: api.Path("notifications", "targets", v.Int("notification_target_id"), "test"), Body: body}
	}
	for _, t := range tested {
		switch {
		case !v.Known(t.argument):
		case t.argument == "port":
			body[t.field] = v.Int(t.argument)
		case t.argument == "tls":
			body[t.field] = v.Bool(t.argument)
		default:
			body[t.field] = v.Text(t.argument)
		}
	}
	path := targets + "/test"
	if v.Bool("settings_only") {
		path = "notifications/test-target"
	}
	return api.Request{Method: http.MethodPost, Path: path, Body: body}
}

// protocols are how the array can send events.
var protocols = entity.Lookup{
	System: common.System, Name: "notification_protocols", What: "notification protocols",
	Doc:   "The protocols by which the array can send events: what `protocol` of `storage_infinibox_notification_target` can be.",
	Facts: entity.Facts{entity.TextList("protocols").Doc("The protocols.")},
	Ask: func(ctx context.Context, s *entity.Session, _ entity.Values) (api.Object, error) {
		all, err := common.Field(ctx, s, "notifications/protocols")
		return api.Object{"protocols": all}, err
	},
}
