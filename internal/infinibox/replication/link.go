package replication

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox/common"
)

const (
	links = "links"

	localSpace = "local_replication_network_space_id"
	witness    = "witness_address"
)

// Link is the way to another array, over which replicas go.
var Link = entity.Kind{
	System: common.System,
	Name:   "link",
	Plural: "links",
	Path:   links,
	Doc: "A link to another InfiniBox, over which data is replicated in both directions. It is made on one of the two arrays and is then there on both; " +
		"the other one's configuration imports it, by `remote_link_id`, where it has something to say of it.\n\n" +
		"The array wants a user of the other array too, who is an administrator there: one of the same name and password as here, or the provider's `remote_username` and `remote_password`.",
	Planning: entity.Planning{Check: checkLink},
	Deletion: entity.Deletion{
		Danger:  "Nothing can be replicated to the other array any more, nor from it.",
		Loses:   leftOfLink,
		Request: deleteWith(links, common.ForceNoCredentials, common.ForceRemoteError),
	},
	Explain: explainLink,
	Facts: entity.Facts{
		entity.ID(),
		common.Name(),
		entity.Text("remote_host").Required().Mutable().Queryable().LongestOf(255).
			Doc("The other array, by an address of its network space for replication or by its host name. A change is for the same array at another address."),
		entity.Integer(localSpace).From(spaceOf).Into(putSpace).Defaulted().Mutable().To("network_space").
			Danger("The link is detached: replication over it stops, in both directions, until it is attached again.", entity.When("set it to `0`", detaches)).
			Doc("The id of the network space for replication (`RMR_SERVICE`) that the link goes out from. Where it is not set, the array takes the one that it has. `0` detaches the link from its network space, as is needed to change that; the id attaches it again."),
		entity.Text(witness).Optional().Queryable().After(localSpace).Checked("an address", checkWitness).
			ChangedBy(func(id string, after entity.Values) api.Request {
				body := api.Object{witness: nil}
				if after.Known(witness) {
					body[witness] = after.Text(witness)
				}
				return api.Request{Method: http.MethodPost, Path: api.Path(links, id, "set_witness_address"), Body: body}
			}).
			Doc("The address of the witness, which decides who goes on serving active-active volumes when the two arrays lose sight of each other. Active-active replication needs one."),
		common.Word(entity.Bool(common.ForceNoCredentials)).
			Doc("Whether the link may be deleted also where the other array does not accept the user. Its end of the link then stays there."),
		common.Word(entity.Bool(common.ForceRemoteError)).
			Doc("Whether the link may be deleted also where the other array does not answer or refuses. Its end of the link then stays there."),
		entity.Integer("remote_link_id").Lasting().Queryable().Doc("The id of the link on the other array."),
		entity.Integer("remote_system_serial_number").Lasting().Queryable().Doc("The serial number of the other array."),

		entity.Text("remote_system_name").Queryable().Doc("The name of the other array."),
		entity.Text("remote_version").Queryable().Doc("The version of the other array's software."),
		entity.Ref("remote_replication_network_space_id").Queryable().Doc("The id of the other array's network space for replication."),
		entity.Text("link_state").Doc("Whether the other array can be reached: `UP` or `DOWN`; absent while the link is detached."),
		entity.Text("state_description").Doc("What the array says of that state."),
		entity.Text("link_mode").Queryable().Doc("`ACTIVE`, or `DETACHED` from its network space."),
		entity.Texts("link_replication_type", nil).Doc("How can be replicated over the link, as both arrays allow it: `ASYNC`, `SYNC` and, with a witness, `ACTIVE_ACTIVE`."),
		entity.Texts("local_link_replication_type", nil).Doc("How can be replicated over the link, as this array allows it."),
		entity.Bool("async_only").Doc("Whether the link is for asynchronous replication alone, as its network space is."),
		entity.Bool("is_local_link_ready_for_sync").Doc("Whether this end of the link is ready for synchronous replication."),
		entity.Text("resiliency_mode").Lenient().Doc("How the link gets over a failure."),
		entity.Text("local_witness_state").Lenient().Doc("Whether this array reaches the witness."),
		entity.Text("local_witness_state_description").Lenient().Doc("What the array says of that."),
		entity.Text("remote_witness_state").Lenient().Doc("Whether the other array reaches the witness."),
		entity.Moment("last_connection_timestamp").Lenient().Doc("When the two arrays last spoke with each other."),
		entity.Duration("connect_timeout", time.Millisecond).Doc("How long the array waits for a connection."),
		entity.Duration("keep_alive_time", time.Millisecond).Doc("How long a connection without a word is kept."),
		entity.Integer("retry_count").Queryable().Doc("How often the array tries to connect."),
		entity.Duration("retry_wait", time.Millisecond).Doc("How long it waits in between."),
		entity.Records("remote_replication_ip_addresses", entity.Facts{
			entity.Integer("id").Doc("The number of the address."),
			entity.Text("ip_address").Doc("The address."),
			entity.Text("type").Doc("What it is for: `MANAGEMENT`, `ASYNC` or `SYNC`."),
			entity.Bool("management").Doc("Whether the arrays speak with each other there."),
			entity.Bool("local").Doc("Whether it is one of this array's."),
			entity.Integer("link_id").Doc("The id of the link."),
		}).Doc("The addresses of the other array."),
	},
}

// deleteWith deletes an object of a collection, with the user's words on it.
func deleteWith(collection string, words ...string) func(before entity.Values) api.Request {
	return func(before entity.Values) api.Request {
		return api.Request{Method: http.MethodDelete, Path: api.Path(collection, before.Int("id")), Query: common.Said(before, words...)}
	}
}

// spaceOf is 0 of a link that is detached, as a user writes it.
func spaceOf(o api.Object) any {
	if api.IsNothing(o[localSpace]) {
		return 0
	}
	return o[localSpace]
}

// putSpace detaches a link by null: 0 would be a network space of that id.
func putSpace(body api.Object, value any) {
	if api.IsNothing(value) {
		value = nil
	}
	body[localSpace] = value
}

// detaches reports whether a change takes a link out of its network space.
func detaches(before, after entity.Values) bool {
	return before != nil && before.Int(localSpace) != 0 && after.Known(localSpace) && after.Int(localSpace) == 0
}

func checkWitness(address string) error {
	if address == "" || strings.ContainsAny(address, " \t\n") {
		return fmt.Errorf("%q is no address: write an IP address or a host name", address)
	}
	return nil
}

// checkLink refuses what no link can begin as.
func checkLink(_ context.Context, p *entity.Plan) {
	if p.Before == nil && p.Config.Known(localSpace) && p.After.Int(localSpace) == 0 {
		p.Refuse(localSpace, "A link begins attached", "A link is made in a network space. Name one, or leave "+localSpace+" out for the one that the array has; 0 detaches a link that is there.")
	}
}

// leftOfLink says what a deletion leaves on the other array.
func leftOfLink(ctx context.Context, s *entity.Session, before entity.Values) []string {
	far := common.OtherArray(ctx, s, before.ID("id"))
	if before.Bool(common.ForceNoCredentials) || before.Bool(common.ForceRemoteError) {
		return []string{fmt.Sprintf("Where %s has no part in it, its end of the link (id %s there) stays behind, and somebody must delete it there: by the same words, because by then this array does not know the link any more.", far, before.ID("remote_link_id"))}
	}
	return []string{fmt.Sprintf("It is deleted on %s too (id %s there).", far, before.ID("remote_link_id"))}
}

// explainLink says what to do about what the array refuses.
func explainLink(ctx context.Context, s *entity.Session, v entity.Values, err error) string {
	switch api.CodeOf(err) {
	case "LINK_TO_HOST_ALREADY_EXISTS":
		return linkTo(ctx, s, v.Text("remote_host"))
	case "LINK_ERROR":
		return usedBy(ctx, s, v.ID("id"), "")
	case "WITNESS_CANNOT_BE_REMOVED":
		return usedBy(ctx, s, v.ID("id"), activeActive)
	case "LINK_TOO_MANY_NET_SPACES":
		return "Say in " + localSpace + " which network space the link goes out from."
	case "LINK_NO_NET_SPACES":
		return "Make a network space for replication (RMR_SERVICE) with addresses first, on both arrays."
	case "LINK_NET_SPACE_INSUFFICIENT_IPS":
		return "Give the network space more addresses (storage_infinibox_network_space_ip), and let the link wait for them with depends_on. Or make it one for asynchronous replication alone: is_async_only = true takes four."
	case "REPLICA_INVALID_LINK":
		return "The link is detached: name its network space in " + localSpace + "."
	case "LINK_PARTIAL_FAILURE":
		return "This array does not know whether the other one has the witness's address too. Apply again once the link is up, as its link_state says."
	case "LINK_IO_ERROR", "REMOTE_API_FAILURE", "REMOTE_PERMISSION_REQUIRED":
		if v.Known("id") {
			return "Apply again once the other array answers. Where the other array is gone for good, the link can be deleted here alone: set " + common.ForceRemoteError + " = true (" + common.ForceNoCredentials + " where only the user is unknown there), apply that, and destroy it then."
		}
	}
	return ""
}

// linkTo says which link leads to a host already.
func linkTo(ctx context.Context, s *entity.Session, host string) string {
	all := common.Collect(ctx, s, links, api.Query{})
	for _, o := range all {
		if strings.EqualFold(fmt.Sprint(o["remote_host"]), host) {
			return fmt.Sprintf("It is the link %q (id %v), to %q. It is left alone, because only you know whose it is. If it is yours, import it by that id; two arrays have one link at most.", common.NameOf(o), o["id"], o["remote_system_name"])
		}
	}
	if len(all) == 0 {
		return "This array has no link, so that array alone knows of one to it: of a creation whose answer was lost between the two, or whose half here was deleted alone. Delete the link on that array (in its own configuration, or by hand), then apply again."
	}
	return "Two arrays have one link at most, by whatever address: look at the links of this array, and import the one to the same array if it is yours. " +
		"If none of them is, that array alone knows of a link to this one, as a creation leaves it whose answer was lost between the two: delete it there, then apply again."
}

// usedBy names the replicas that go over a link, of one type or ("") of any.
func usedBy(ctx context.Context, s *entity.Session, link, replicationType string) string {
	var names []string
	for _, o := range common.Collect(ctx, s, "replicas", api.Query{}) {
		if fmt.Sprint(o["link_id"]) == link && (replicationType == "" || o["replication_type"] == replicationType) {
			names = append(names, describeReplica(o))
		}
	}
	if len(names) == 0 {
		return ""
	}
	return "Over the link go " + common.Few(names) + ". Delete these first."
}
