package unitrends

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
	"github.com/storage-as-code/terraform-provider-storage/internal/remote"
)

// VirtualClients are the virtual machines that instant recovery has started: of
// Windows clients (wir), and from backups of VMware (vm_ir) and Hyper-V (hv_ir).
var VirtualClients = entity.Lookup{
	System: appliance.Block,
	Name:   "virtual_clients",
	What:   "virtual clients",
	Doc: "The virtual clients of instant recovery on a Unitrends appliance and the systems it manages: " +
		"Windows clients that are kept ready as virtual machines (Windows instant recovery, `wir`), and virtual machines that run from a backup of VMware (`vm_ir`) or Hyper-V (`hv_ir`).",
	Arguments: entity.Facts{
		entity.Enum("type", "wir", "vm_ir", "hv_ir").Optional().
			Doc("Lists only the virtual clients of this type: the other lists are empty."),
		entity.Integer("system_id").Optional().Positive().
			Doc("Lists only the virtual clients of the system with this id; of all systems where it is not set. An id that the appliance does not know is an error."),
	},
	Facts: entity.Facts{
		entity.Records("systems", entity.Facts{
			entity.Integer("system_id").From(number("system_id")).Doc("The id of the system."),
			entity.Text("system_name").Doc("The name of the system."),
			list("wir").Doc("Windows clients in Windows instant recovery."),
			list("vm_ir").Doc("Virtual machines of VMware in instant recovery."),
			list("hv_ir").Doc("Virtual machines of Hyper-V in instant recovery."),
		}).From(objects("data")).
			Doc("The systems, each with its virtual clients."),
	},
	Ask: askVirtualClients,
}

// session are the facts of one virtual client. All types have the same, so that
// a configuration can go through the three lists as one.
var session = entity.Facts{
	entity.Text("virtual_id").Doc("The id with the type behind it, such as `34.wir`; unique in the system."),
	entity.Integer("id").From(number("id")).Doc("The id, unique among the virtual clients of its type."),
	entity.Text("type").Doc("`wir`, `vm_ir` or `hv_ir`."),
	entity.Text("hypervisor_type").Doc("With `wir`: the hypervisor that it runs on, `VMware Host` or `Hyper-V Host`."),
	entity.Text("vm_name").Doc("The name of the virtual machine."),
	entity.Text("server_name").Doc("The name of the host for `vm_ir`, else of the client that is recovered."),
	entity.Text("mode").From(lower("mode")).Doc("`new`, `restore` (it takes in backups), `audit` (it is started for a check) or `live` (it stands in for the client). Always in small letters, however the appliance writes it."),
	entity.Text("pending_state").Doc("With `wir`: the state that it is changing to."),
	entity.Text("port").Doc("With `wir` on the appliance itself: the port of its VNC console."),
	entity.Bool("valid").From(truth("valid")).Doc("With `wir`: whether backups are restored to it automatically."),
	entity.Text("live_time").Doc("With `wir`: when it first went live; none where it never did. As the appliance writes it, such as `10/31/2014 01:08:43PM`."),
	entity.Text("ip_address").From(either("ip_address", "ip_addr")).Doc("With `wir` on a hypervisor: its IP address."),
	entity.Text("vm_guid").Doc("With `wir`: the GUID of the virtual machine."),
	entity.Bool("grandclient").From(truth("grandclient")).Doc("With `wir`: whether the client is protected by another system, whose backups are replicated to this one."),
	entity.Integer("system_id").From(number("system_id")).Doc("With a grandclient: the id of the system that protects it."),
	entity.Text("system_name").Doc("With a grandclient: the name of the system that protects it."),
	entity.Text("status").Doc("The status of the virtual machine."),
	entity.Text("created").Doc("When it was created, as the appliance writes it."),
	entity.Text("duration").Doc("How long it has existed, as the appliance writes it, such as `24d 19h 43m`."),
	entity.Text("comment").Doc("With `vm_ir` and `hv_ir`: more about the session."),
	entity.Integer("moref").From(number("moref")).Doc("With `vm_ir`: the managed object id of the virtual machine."),
	entity.Text("guid").From(either("GUID", "guid")).Doc("With `hv_ir`: the GUID of the virtual machine."),
}

// list is the list of a system's virtual clients of one type.
func list(kind string) entity.Fact {
	return entity.Records(kind, session).From(objects(kind))
}

func askVirtualClients(ctx context.Context, s *entity.Session, arguments entity.Values) (api.Object, error) {
	query := url.Values{}
	if arguments.Known("type") {
		query.Set("type", arguments.Text("type"))
	}
	if arguments.Known("system_id") {
		query.Set("sid", strconv.FormatInt(arguments.Int("system_id"), 10))
	}
	answer, err := s.Own.(*Client).get(ctx, "virtual_clients", query)
	if err == nil && arguments.Known("system_id") && len(objectsIn(answer["data"])) == 0 {
		return nil, unknownSystem(ctx, s, arguments.Int("system_id"))
	}
	return answer, err
}

// unknownSystem is the error of a system id that the appliance knows nothing of: it
// lists each system that it knows, also one without virtual clients.
func unknownSystem(ctx context.Context, s *entity.Session, id int64) error {
	e := &api.Error{
		Reason: api.NotFound, Operation: "GET virtual_clients",
		Message: fmt.Sprintf("the appliance knows no system with the id %d", id),
		Remedy:  "Check system_id.",
	}
	all, err := s.Own.(*Client).get(ctx, "virtual_clients", nil)
	if err != nil {
		return e
	}
	var known []string
	for _, member := range objectsIn(all["data"]) {
		if one, ok := member.(api.Object); ok {
			known = append(known, fmt.Sprintf("%v (%v)", one["system_id"], one["system_name"]))
		}
	}
	if len(known) > 0 {
		e.Remedy = "Check system_id. The appliance has: " + remote.Clean(strings.Join(known, ", ")) + "."
	}
	return e
}

// The reference and its example disagree on how some fields are spelt, and
// appliances follow both. These read each spelling.

// objects reads a list that may come wrapped, or as its only member.
func objects(field string) func(api.Object) any {
	return func(o api.Object) any { return objectsIn(o[field]) }
}

// number reads a whole number that may come as a text.
func number(field string) func(api.Object) any {
	return func(o api.Object) any {
		if text, ok := o[field].(string); ok {
			if text = strings.TrimSpace(text); text == "" {
				return nil
			}
			return json.Number(text)
		}
		return o[field]
	}
}

// truth reads a boolean that may come as a text or as 1 and 0.
func truth(field string) func(api.Object) any {
	return func(o api.Object) any {
		switch v := o[field].(type) {
		case string:
			if b, err := strconv.ParseBool(v); err == nil {
				return b
			}
		case json.Number:
			if b, err := strconv.ParseBool(v.String()); err == nil {
				return b
			}
		}
		return o[field]
	}
}

// lower reads a word that may come in capitals.
func lower(field string) func(api.Object) any {
	return func(o api.Object) any {
		if text, ok := o[field].(string); ok {
			return strings.ToLower(text)
		}
		return o[field]
	}
}

// either reads a field that goes by several names.
func either(fields ...string) func(api.Object) any {
	return func(o api.Object) any {
		for _, field := range fields {
			if o[field] != nil {
				return o[field]
			}
		}
		return nil
	}
}
