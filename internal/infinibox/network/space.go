package network

import (
	"context"
	"fmt"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox/common"
)

const (
	spaces = "network/spaces"

	nas         = "NAS_SERVICE"
	iscsi       = "ISCSI_SERVICE"
	replication = "RMR_SERVICE"
	san         = "SAN_SERVICE"

	// config and properties are the groups of fields that the array takes in one update.
	config     = "network_config"
	properties = "properties"
)

// Space is a network for one service: interfaces of all nodes with a subnet, in which the
// service has addresses.
var Space = entity.Kind{
	System: common.System,
	Name:   "network_space",
	Plural: "network_spaces",
	Path:   spaces,
	Doc: "A network space: one interface of each node and a subnet, in which the array serves files, iSCSI or replication. " +
		"Its addresses are resources of their own, `storage_infinibox_network_space_ip`, and so are its routes, `storage_infinibox_network_space_route`.",
	Planning: entity.Planning{Check: checkSpace, Tracks: []string{"network", "default_gateway"}},
	Creation: entity.Creation{Whole: true},
	Update:   entity.Update{OneByOne: true},
	Explain:  explainSpace,
	Facts: entity.Facts{
		entity.ID(),
		common.Name(),
		entity.Enum("service", nas, iscsi, replication, san).Required().Queryable().
			Doc("What is served: `NAS_SERVICE` files, `ISCSI_SERVICE` block storage by iSCSI, `RMR_SERVICE` replication to another array."),
		entity.Integers("interface_ids").Field("interfaces").Required().NotEmpty().Mutable().To("network_interface").
			Doc("The ids of its interfaces: one of each node, all of one type. VLANs have one number and one name on all nodes."),
		entity.Text("network").Field(config).From(networkOf).Into(putNetwork).Required().Mutable().InGroup(config).Repeats("default_gateway").Checked("a network", checkNetwork).
			Doc("The subnet in CIDR notation, such as `\"192.168.11.0/24\"`. It does not change while the space has routes."),
		entity.Text("default_gateway").Field(config+".default_gateway").Optional().Mutable().InGroup(config).Repeats("network").Checked("an address", checkAddress).
			Doc("The address in the subnet by which machines outside of it are reached. None where it is not set."),
		entity.Integer("mtu").Defaulted().Mutable().Between(1280, 9000).Queryable().
			Doc("The largest packet, in bytes: 1280 to 9000. A space on VLANs is at most as wide as the one on their port groups: in one apply they are raised, and lowered, in the order that the array takes."),
		entity.Integer("rate_limit").Optional().Mutable().Between(1, mostRate).Queryable().
			Doc("The most that it carries, in Mbit/s: 1 to 1000000. No limit where it is not set; a space on single ports has none."),
		entity.Bool("automatic_ip_failback").Defaulted().Mutable().Queryable().
			Doc("Whether an address that has moved to another node goes back by itself once its own node is well again."),
		property(entity.Texts("iscsi_isns_servers", nil).From(isnsServers), "iscsi_isns_servers", iscsi).Checked("an address", checkAddress).
			Doc("The addresses of the iSNS servers that an iSCSI space registers with; `[]` for none."),
		property(entity.Integer("iscsi_tcp_port"), "iscsi_tcp_port", iscsi).Between(1, 65535).
			Danger("Hosts lose their iSCSI sessions, and find the array only once they ask for it at the new port.").
			Doc("The TCP port of an iSCSI space."),
		property(entity.Enum("iscsi_default_security_method", "NONE", "CHAP", "MUTUAL_CHAP"), "iscsi_default_security_method", iscsi).
			Doc("How hosts of an iSCSI space prove who they are, where the host itself does not say it."),
		property(entity.Bool("is_async_only"), "is_async_only", replication).
			Doc("Whether a replication space is for asynchronous replication alone. Synchronous replication wants at least seven enabled addresses, before this is set to false."),
		entity.Text("iscsi_iqn").Field(properties + ".iscsi_iqn").AbsentIsNull().Lasting().
			Doc("The iSCSI name of the array in an iSCSI space, which hosts log in to."),

		entity.Bool("is_tpg_per_port").Field(properties + ".is_tpg_per_port").AbsentIsNull().Doc("Whether each address of an iSCSI space is a target portal group of its own."),
		entity.Text("network_address").Field(config + ".network").Doc("The address of the subnet, without its length."),
		entity.Integer("netmask").Field(config + ".netmask").Doc("How many bits of an address are the subnet's."),
		entity.Records("ips", entity.Join(entity.Facts{entity.Text("ip_address").Doc("The address.")}, addressFacts)).
			Doc("Its addresses."),
		entity.Records("routes", entity.Facts{
			entity.Integer("id").Doc("The number of the route."),
			entity.Text("network").Field("destination").From(routeNetwork).Doc("The network that the route leads to, in CIDR notation."),
			entity.Text("destination").Doc("The address of that network, without its length."),
			entity.Integer("netmask").Doc("How many bits of an address are the network's."),
			entity.Text("gateway").Doc("The address of the gateway."),
		}).Doc("Its routes."),
		entity.Records("vmac_addresses", entity.Facts{
			entity.Text("role").Doc("What it is for: `DATA` or `RESERVED`."),
			entity.Text("vmac_address").Doc("The MAC address."),
		}).Doc("The MAC addresses that the array has for its addresses."),
		common.Tenant(),
	},
}

// property makes of a fact a setting of the spaces of one service.
func property(f entity.Fact, name, service string) entity.Fact {
	return f.Field(properties+"."+name).Of("service", service).AbsentIsNull().Defaulted().Mutable().InGroup(properties)
}

// networkOf is the subnet of a space.
func networkOf(o api.Object) any { return inCIDR(o, config+".network", config+".netmask") }

func putNetwork(body api.Object, value any) {
	address, bits := outOfCIDR(value)
	api.SetField(body, config+".network", address)
	api.SetField(body, config+".netmask", bits)
}

// isnsServers are none of an iSCSI space where the array says null.
func isnsServers(o api.Object) any {
	of, _ := o[properties].(api.Object)
	servers, has := of["iscsi_isns_servers"]
	if has && servers == nil {
		return []any{}
	}
	return servers
}

// checkSpace refuses what the array will refuse of a space by itself, and lets the plans
// of its addresses and routes know what it is going to be.
func checkSpace(_ context.Context, p *entity.Plan) {
	if p.After == nil {
		return
	}
	plansOf(p.Session).note(p)
	network, gateway := p.After.Text("network"), p.After.Text("default_gateway")
	if p.Changes("network") || p.Changes("default_gateway") {
		if why := unfit(gateway, network); why != "" && p.After.Known("network") && p.After.Known("default_gateway") {
			p.Refuse("default_gateway", "The gateway is not in the network", why+" Choose a gateway among its addresses.")
		}
	}
}

// explainSpace names what the array only counts.
func explainSpace(ctx context.Context, s *entity.Session, v entity.Values, err error) string {
	switch api.CodeOf(err) {
	case "NET_SPACE_NOT_EMPTY":
		return "It has the addresses " + common.Few(addressesOf(ctx, s, v.ID("id"))) + ", which are not in this configuration or stay in it. Delete them first."
	case "NET_SPACE_INCOMPATIBLE_NETWORK_AND_EXISTING_IPS":
		return "It has the addresses " + common.Few(addressesOf(ctx, s, v.ID("id"))) + ". Move or delete first what the new network does not hold. " +
			"If that was to happen in this very run: with create_before_destroy Terraform takes an old address away only after this change, so it takes two applies, the first without the new network."
	case "NETWORK_CONFIG_MODIFY_NOT_ALLOWED_WITH_ROUTES":
		return "Take its routes out, apply, and put them back with the change of the network."
	case "NET_SPACE_MUST_DEFINE_ONE_INTERFACE_PER_NODE":
		return "Name one interface of each node in interface_ids."
	case "LINK_NET_SPACE_INSUFFICIENT_IPS":
		return "Its addresses are created once the space is there: apply with is_async_only = true first, and set it to false when seven of them are enabled."
	}
	return ""
}

// addressesOf are the addresses that a space has.
func addressesOf(ctx context.Context, s *entity.Session, id string) []string {
	o, err := s.Client.Read(ctx, spaces, id, nil)
	if err != nil {
		return nil
	}
	var all []string
	for _, ip := range recordsOf(o, "ips") {
		all = append(all, fmt.Sprint(ip["ip_address"]))
	}
	return all
}
