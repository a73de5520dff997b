package network

import (
	"context"
	"fmt"
	"net/http"
	"slices"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox/common"
)

// addressFacts are what the array tells of an address, beside the address itself.
var addressFacts = entity.Facts{
	entity.Bool("enabled").Doc("Whether it can be reached."),
	entity.Integer("interface_id").Doc("The id of the interface that has it now; absent where none has."),
	entity.Bool("reserved").Doc("Whether the array keeps it for itself."),
	entity.Text("type").Doc("What it is for, such as `NAS`, `ISCSI`, `RMR` or `MANAGEMENT`."),
	entity.Integer("tpgt").Doc("The number of its iSCSI target portal group."),
	entity.Integer("vlan_id").Doc("The number of the VLAN."),
}

// cutOff is why it is dangerous to disable or remove an address.
const cutOff = "Clients and hosts that use the address are cut off."

// SpaceIP is an address that the array has in a network space. The array knows it within
// the space's object.
var SpaceIP = entity.Kind{
	System: common.System,
	Name:   "network_space_ip",
	Plural: "network_space_ips",
	Noun:   "network space IP address",
	Path:   "network/spaces/{network_space_id}/ips",
	Doc: "An IP address of a network space, by which clients and hosts reach the service. The array gives it to one of the nodes, and moves it to another when that one fails. " +
		"Of a space for replication, the first address is for management, and can go only as the last one.",
	Identity: entity.Identity{Key: []string{"network_space_id", "ip_address"}},
	Reading:  entity.Reading{Held: &entity.Held{Field: "ips"}},
	Planning: entity.Planning{Check: checkIP, Tracks: []string{"network_space_id", "ip_address"}},
	Creation: entity.Creation{
		Body:   func(after entity.Values, _ api.Object) any { return after.Text("ip_address") },
		Answer: newIP,
	},
	Deletion: entity.Deletion{
		Danger: cutOff,
		Loses:  losesLast,
		Leave:  disableIP,
	},
	Explain: explainIP,
	Facts: entity.Join(entity.Facts{
		entity.Ref("network_space_id").Required().To("network_space").InPath().
			Doc("The id of the network space."),
		entity.Text("ip_address").Required().Checked("an address", checkAddress).
			Doc("The address, such as `\"192.168.11.3\"`: one of the space's network."),
		entity.Bool("enabled").Defaulted().AfterCreation().
			ChangedBy(func(_ string, after entity.Values) api.Request {
				if after.Bool("enabled") {
					return switchIP(after, "enable")
				}
				return switchIP(after, "disable")
			}).
			Danger(cutOff, entity.Becomes(false)).
			Doc("Whether it can be reached; it is, once it is created."),
	}, addressFacts[1:]),
}

func switchIP(v entity.Values, verb string) api.Request {
	return api.Request{Method: http.MethodPost, Path: api.Path("network", "spaces", v.Int("network_space_id"), "ips", v.Text("ip_address"), verb)}
}

// disableIP disables an address that is to be deleted, unless it is so already: the array
// deletes none that is enabled.
func disableIP(ctx context.Context, s *entity.Session, before entity.Values) ([]api.Request, error) {
	space, err := s.Client.Read(api.Fresh(ctx), spaces, before.ID("network_space_id"), nil)
	for _, ip := range recordsOf(space, "ips") {
		if ip["ip_address"] == before.Text("ip_address") && ip["enabled"] == true {
			return []api.Request{switchIP(before, "disable")}, err
		}
	}
	return nil, err
}

// newIP is the address that was created, in the answer that tells of its space.
func newIP(after entity.Values, answer any) (api.Object, error) {
	space, _ := answer.(api.Object)
	for _, ip := range recordsOf(space, "ips") {
		if ip["ip_address"] == after.Text("ip_address") {
			return ip, nil
		}
	}
	return nil, fmt.Errorf("the answer tells of no address %s", after.Text("ip_address"))
}

// losesLast says that an address is the last one of its space by which anything is reached.
func losesLast(ctx context.Context, s *entity.Session, before entity.Values) []string {
	space, err := s.Client.Read(ctx, spaces, before.ID("network_space_id"), nil)
	if err != nil {
		return nil
	}
	others := slices.ContainsFunc(recordsOf(space, "ips"), func(ip api.Object) bool {
		return ip["enabled"] == true && ip["ip_address"] != before.Text("ip_address")
	})
	if others {
		return nil
	}
	return []string{fmt.Sprintf("It is the last enabled address of network space %q: %s is served there to nobody any more.", common.NameOf(space), space["service"])}
}

// explainIP names the addresses for which one has to wait.
func explainIP(ctx context.Context, s *entity.Session, v entity.Values, err error) string {
	if api.CodeOf(err) != "NET_SPACE_IP_IN_USE_BY_MANAGEMENT" {
		return ""
	}
	others := slices.DeleteFunc(addressesOf(ctx, s, v.ID("network_space_id")), func(address string) bool { return address == v.Text("ip_address") })
	return "The first address of a space for replication is for management, and goes as the last one. The space has the addresses " + common.Few(others) + " yet."
}

// checkIP refuses an address that its space cannot have.
func checkIP(ctx context.Context, p *entity.Plan) {
	if p.After == nil {
		return
	}
	if stays(p) && p.Changes("enabled") && !p.After.Bool("enabled") && p.After.Known("enabled") && !p.Applying() {
		for _, why := range losesLast(ctx, p.Session, p.Before) {
			p.Weigh("Disabling the last address", why)
		}
	}
	space, ok := plansOf(p.Session).space(ctx, p, stays(p))
	if !ok || !p.After.Known("ip_address") {
		return
	}
	address := p.After.Text("ip_address")
	switch why := unfit(address, space.network); {
	case why != "":
		p.Refuse("ip_address", "The address is not of its network space", why+fmt.Sprintf(" Choose another for network space %q.", space.name))
	case address == space.gateway:
		p.Refuse("ip_address", "The address is the gateway's", fmt.Sprintf("%s is the default gateway of network space %q, which is another machine.", address, space.name))
	}
}
