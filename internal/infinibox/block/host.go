package block

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strings"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox/common"
)

// chap is the group of fields that the array takes in one update.
const chap = "chap"

// Host is a server that volumes are mapped to, known by its ports.
var Host = entity.Kind{
	System:   common.System,
	Name:     "host",
	Plural:   "hosts",
	Path:     "hosts",
	Doc:      "A host: a server that volumes are mapped to. The array knows it by the addresses of its Fibre Channel, iSCSI or NVMe-oF ports.",
	Metadata: entity.WithDefaults,
	Planning: entity.Planning{Check: checkHost},
	Creation: entity.Creation{InUse: []string{"luns_count", "host_cluster_id"}},
	Update:   entity.Update{OneByOne: true},
	Deletion: entity.Deletion{
		Danger: "The server loses its definition and its ports. The array deletes only a host to which nothing is mapped.",
		Loses:  losesOfHost,
		Leave:  leaveCluster,
	},
	Explain: explainHost,
	Facts: entity.Facts{
		entity.ID(),
		common.Name(),
		entity.Enum("host_type", "DEFAULT", "OPENVMS").Defaulted().Queryable().
			Doc("What kind of server it is."),
		ports("fc_ports", "FC", normalWWPN).Checked("a WWPN", checkWWPN).
			Doc("The WWPNs of its Fibre Channel ports: 16 hexadecimal digits, with colons or without, in any case."),
		ports("iscsi_ports", "ISCSI", strings.ToLower).After("security_method").Checked("an IQN", checkIQN).
			Doc("The iSCSI names of its initiators: `iqn.`, `eui.` or `naa.` names."),
		ports("nvme_ports", "NVME", strings.TrimSpace).Checked("an NQN", checkNQN).
			Doc("The NVMe qualified names of its initiators. A host has either these, or Fibre Channel and iSCSI ports."),
		entity.Enum("security_method", "NONE", "CHAP", "MUTUAL_CHAP").Defaulted().Mutable().InGroup(chap).Queryable().
			Danger("Initiators that do not prove themselves in the new way lose access at their next login.").
			Doc("How iSCSI initiators and the array prove who they are."),
		entity.Text("security_chap_inbound_username").Defaulted().Mutable().InGroup(chap).ChosenAnewWith("security_method").Queryable().LongestOf(20).
			Doc("The name with which the host logs in to the array."),
		entity.Secret("security_chap_inbound_secret", "security_chap_has_inbound_secret").InGroup(chap).Checked("a CHAP secret", checkSecret).
			Doc("The secret with which the host logs in to the array: ASCII characters only."),
		entity.Text("security_chap_outbound_username").Defaulted().Mutable().InGroup(chap).ChosenAnewWith("security_method").Queryable().LongestOf(20).
			Doc("The name with which the array logs in to the host."),
		entity.Secret("security_chap_outbound_secret", "security_chap_has_outbound_secret").InGroup(chap).Checked("a CHAP secret", checkSecret).
			Doc("The secret with which the array logs in to the host: ASCII characters only."),
		entity.Bool("optimized").Defaulted().Mutable().Queryable().
			Danger("The host's multipathing may choose other paths, and its load may shift.").
			Doc("Whether the array tells the host which paths are best."),
		entity.Integer("min_expected_paths").Optional().ChangedBy(setExpectedPaths).From(expectedPaths, "is_min_expected_paths_user_set").Between(0, 1<<31-1).Filterable().
			Doc("How many paths the host should have at least before its paths count as healthy. Where it is not set, the array works it out."),
		common.TenantOf("host"),
		common.CreatedAt(),

		common.UpdatedAt(),
		entity.Ref("host_cluster_id").Doc("The id of the cluster it is in."),
		entity.Text("san_client_type").Doc("`HOST`."),
		entity.Bool("is_min_expected_paths_user_set").Queryable().Doc("Whether `min_expected_paths` was set by a user."),
		entity.Text("path_health").Filterable().Doc("The health of its paths."),
		entity.Integer("paths").Filterable().Doc("How many paths it has."),
		entity.Text("resiliency").Filterable().Doc("Whether it would survive the loss of a path."),
		entity.Integer("ports_count").Doc("How many ports it has."),
		entity.Integer("ports_disconnected").Filterable().Doc("How many of its ports are not connected."),
		entity.Texts("port_type", nil).Doc("The types of its ports."),
		entity.Text("subsystem_nqn").Doc("The NVMe name of the array's subsystem that it connects to."),
		entity.Bool("security_chap_has_inbound_secret").Doc("Whether the array has the secret with which the host logs in."),
		entity.Bool("security_chap_has_outbound_secret").Doc("Whether the array has the secret with which it logs in to the host."),
		entity.Integer("luns_count").Doc("How many volumes are mapped to it."),
		entity.Records("ports", entity.Facts{
			entity.Text("type").Doc("`FC`, `ISCSI` or `NVME`."),
			entity.Text("address").Doc("The WWPN, IQN or NQN."),
		}).Doc("Its ports."),
		entity.Records("luns", mapping).Doc("The volumes mapped to it, also those mapped to its cluster."),
	},
}

// ports is the set of a host's ports of one type.
func ports(name, kind string, normal func(string) string) entity.Fact {
	return entity.Texts(name, normal).Defaulted().
		From(func(host api.Object) any {
			addresses := []any{}
			all, _ := host["ports"].([]any)
			for _, p := range all {
				if port, ok := p.(api.Object); ok && port["type"] == kind {
					addresses = append(addresses, port["address"])
				}
			}
			return addresses
		}).
		Field("ports").
		Members(entity.Relation{
			Add: func(host string, address any) api.Request {
				return api.Request{
					Method: http.MethodPost, Path: api.Path("hosts", host, "ports"),
					Body: api.Object{"type": kind, "address": address},
				}
			},
			Remove: func(host string, address any) api.Request {
				return api.Request{Method: http.MethodDelete, Path: api.Path("hosts", host, "ports", kind, address)}
			},
		}).
		OncePer().
		Danger("A host that loses its last port loses access to all volumes that are mapped to it.", entity.LosesMembers())
}

// expectedPaths is null where the array works the number out.
func expectedPaths(host api.Object) any {
	if host["is_min_expected_paths_user_set"] != true {
		return nil
	}
	return host["min_expected_paths"]
}

func setExpectedPaths(id string, after entity.Values) api.Request {
	paths := int64(-1) // back to what the array works out
	if after.Known("min_expected_paths") {
		paths = after.Int("min_expected_paths")
	}
	return api.Request{
		Method: http.MethodPut, Path: api.Path("hosts", id),
		Body: api.Object{"min_expected_paths": paths},
	}
}

var (
	wwpn = regexp.MustCompile(`^[0-9a-f]{16}$`)
	iqn  = regexp.MustCompile(`^(iqn\.[0-9]{4}-[0-9]{2}\.[a-z0-9][a-z0-9.-]*(:\S+)?|eui\.[0-9a-f]{16}|naa\.([0-9a-f]{16}|[0-9a-f]{32}))$`)
	nqn  = regexp.MustCompile(`^nqn\.[0-9]{4}-[0-9]{2}\.[A-Za-z0-9][A-Za-z0-9.-]*:\S+$`)
)

// normalWWPN is a WWPN as the array writes it: small letters, no colons.
func normalWWPN(s string) string {
	return strings.NewReplacer(":", "", "-", "").Replace(strings.ToLower(s))
}

func checkWWPN(s string) error {
	if !wwpn.MatchString(normalWWPN(s)) {
		return fmt.Errorf("%q is not a WWPN: write 16 hexadecimal digits, such as 50:01:43:80:12:34:56:78", s)
	}
	return nil
}

func checkIQN(s string) error {
	if len(s) > 223 || !iqn.MatchString(strings.ToLower(s)) {
		return fmt.Errorf("%q is not an iSCSI name: write one such as iqn.2011-08.com.example:server1", s)
	}
	return nil
}

func checkNQN(s string) error {
	if len(s) > 223 || !nqn.MatchString(s) {
		return fmt.Errorf("%q is not an NVMe qualified name: write one such as nqn.2014-08.org.nvmexpress:uuid:01234567-89ab-cdef-0123-456789abcdef", s)
	}
	return nil
}

// checkSecret never repeats the secret.
func checkSecret(s string) error {
	for _, r := range s {
		if r > 127 || r < 32 {
			return errors.New("a CHAP secret has ASCII characters only")
		}
	}
	return nil
}

// checkHost refuses mixes that the array refuses.
func checkHost(_ context.Context, p *entity.Plan) {
	if p.After == nil {
		return
	}
	scsi := p.After.Count("fc_ports") + p.After.Count("iscsi_ports")
	if scsi > 0 && p.After.Count("nvme_ports") > 0 {
		p.Refuse("nvme_ports", "A host cannot mix NVMe-oF with Fibre Channel or iSCSI",
			"Define the server twice: one host with its NVMe-oF ports, and one with the others.")
	}
	checkCHAP(p)
}

// checkCHAP holds secrets against the method: a host with iSCSI ports needs those of
// its method, as others may get them later, and the array takes names and secrets away
// where the method becomes NONE.
func checkCHAP(p *entity.Plan) {
	const inbound, outbound = "security_chap_inbound_secret", "security_chap_outbound_secret"
	method := p.After.Text("security_method")
	if p.After.Count("iscsi_ports") > 0 {
		for _, name := range map[string][]string{"CHAP": {inbound}, "MUTUAL_CHAP": {inbound, outbound}}[method] {
			// A host that had a method may have secrets that Terraform has not given it.
			if p.Config.Null(name+"_wo_version") && (p.Before == nil || p.Before.Text("security_method") == "NONE") {
				p.Refuse(name+"_wo_version", "CHAP needs a secret",
					fmt.Sprintf("security_method is %s and the host has iSCSI ports, which needs %s_wo.", method, name))
			}
		}
	}
	if method != "NONE" {
		return
	}
	for _, name := range []string{"security_chap_inbound_username", inbound + "_wo_version", "security_chap_outbound_username", outbound + "_wo_version"} {
		if !p.Config.Null(name) {
			p.Refuse(name, "Without CHAP there are no names and secrets",
				fmt.Sprintf("security_method is NONE, so leave %s out: the array keeps no name and no secret.", name))
		}
	}
}

// explainHost says what keeps a host from being deleted.
func explainHost(ctx context.Context, s *entity.Session, host entity.Values, err error) string {
	switch api.CodeOf(err) {
	case "HOST_NOT_EMPTY":
		var mappings []string
		for _, lun := range common.Collect(ctx, s, api.Path("hosts", host["id"], "luns"), api.Query{}) {
			mappings = append(mappings, describeMapping(lun))
		}
		return "Mapped to it: " + common.Few(mappings) + ". Remove these mappings first."
	case "CANNOT_DELETE_CLUSTERED_HOST":
		o, readErr := s.Client.Read(ctx, "hosts", host.ID("id"), []string{"host_cluster_id"})
		if readErr == nil {
			return fmt.Sprintf("It is in the cluster with id %v. Take it out of that cluster first.", o["host_cluster_id"])
		}
	}
	return ""
}
