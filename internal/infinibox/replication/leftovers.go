package replication

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox/common"
)

// What an operation leaves on the other array when the two lose sight of each other in the
// middle of it. It is named and never deleted by itself: only a person can tell that nobody
// has come to need it.

// mayMeetHalf are the codes of a creation that has left its other half on the other array, or
// meets one there.
var mayMeetHalf = map[string]bool{
	"REPLICA_PARTIAL_FAILURE": true, "LINK_IO_ERROR": true, "REPLICATION_GROUP_NAME_CONFLICT": true,
	"VOLUME_NAME_CONFLICT": true, "FILESYSTEM_NAME_CONFLICT": true, "CG_NAME_CONFLICT": true,
	"REPLICA_ENTITY_IS_TARGET": true, "REPLICA_ENTITY_IS_ACTIVE_ACTIVE_PEER": true,
}

// leftover is the other array's half of what this one knows nothing of.
type leftover struct {
	what  string
	words []string // that its deletion takes
	paths []string // of what is to be deleted there, in that order; the words are for the first
	keep  string   // how what has a use is kept
}

// advice says what is left on the other array of a link, and how to delete it there.
func (l *leftover) advice(ctx context.Context, s *entity.Session, link string) string {
	return fmt.Sprintf("On %s there is %s, and this array does not know of it: it is of a creation whose answer was lost between the two arrays, or its half here was deleted alone. "+
		"Nobody but you can tell that it is not needed. If it is not, delete it there, then apply again. %s%s", common.OtherArray(ctx, s, link), l.what, common.DeletionThere(link, l.words, l.paths...), l.keep)
}

// yes is a parameter that is set.
func yes(word string) string { return word + ` = "true"` }

// orphan is what a collection of the other array of a link has that says of itself to be the
// other half of an object here which is not there; nil where there is none, or that array is
// out of reach. What goes over other links of that array is of a third one.
func orphan(ctx context.Context, s *entity.Session, link, collection string, is func(there api.Object) bool) api.Object {
	ctx = api.Fresh(ctx)
	here, err := s.Client.Read(ctx, links, link, []string{"id", "remote_link_id"})
	if err != nil {
		return nil
	}
	answer, err := common.Whole(ctx, s, api.Path(remotePath, link, collection), nil)
	if err != nil {
		return nil
	}
	all, _ := answer.([]any)
	for _, one := range all {
		there, _ := one.(api.Object)
		if fmt.Sprint(there["link_id"]) != fmt.Sprint(here["remote_link_id"]) || !is(there) {
			continue
		}
		if _, err := s.Client.Read(ctx, collection, fmt.Sprint(there["remote_replica_id"]), []string{"id"}); api.ReasonOf(err) == api.NotFound {
			return there
		}
	}
	return nil
}

// halfReplica is what the other array has of a replica whose creation has failed.
func halfReplica(ctx context.Context, s *entity.Session, want entity.Values) *leftover {
	entityType, field, id := replicated(want)
	there := orphan(ctx, s, want.ID("link_id"), replicas, func(there api.Object) bool {
		return there["entity_type"] == entityType && fmt.Sprint(there["remote"+strings.TrimPrefix(field, "local")]) == id
	})
	if there == nil {
		return nil
	}
	half := &leftover{
		what: fmt.Sprintf("the other half of it: the replica of id %v", there["id"]), words: []string{yes(common.ForceOnTarget)}, paths: []string{fmt.Sprintf("replicas/%v", there["id"])},
	}
	if there["replication_type"] == activeActive {
		half.words = []string{yes(common.ForceOnLocal), common.KeepSerial + ` = "false"`} // the serial is that of the volume here
	}
	var copies []string
	if group := there["local_cg_id"]; !api.IsNothing(group) {
		copies = append(copies, fmt.Sprintf("the consistency group %q", there["local_cg_name"]))
		half.paths = append(half.paths, fmt.Sprintf("cgs/%v", group))
	}
	collection := "volumes"
	if entityType == filesystem {
		collection = "filesystems"
	}
	all, _ := there[pairs].([]any)
	for _, one := range all {
		pair, _ := one.(api.Object)
		if beginsWith(want, pair["remote_entity_id"]) == common.CreateCopy { // else it was there before
			copies = append(copies, fmt.Sprintf("the copy %q", pair["local_entity_name"]))
			half.paths = append(half.paths, fmt.Sprintf("%s/%v", collection, pair["local_entity_id"]))
		}
	}
	if len(copies) > 0 {
		half.what += ", with " + common.Few(copies)
		half.keep = " To keep what is copied, delete the replica alone, and let the new one begin with it (base_action of " + pairs + ")."
	}
	return half
}

// beginsWith is the base action of the pair that a volume or filesystem of this array is to be in.
func beginsWith(want entity.Values, id any) string {
	written, _ := want.Records(pairs)
	for _, pair := range written {
		if !pair.Known("local_entity_id") || pair.ID("local_entity_id") == fmt.Sprint(id) {
			return common.ActionOf(pair)
		}
	}
	return common.CreateCopy
}

// halfRGReplica is what the other array has of an RG replica whose creation has failed.
func halfRGReplica(ctx context.Context, s *entity.Session, want entity.Values) *leftover {
	there := orphan(ctx, s, want.ID("link_id"), rgReplicas, func(there api.Object) bool {
		return fmt.Sprint(there[groupThere]) == want.ID(groupID)
	})
	if there == nil {
		return nil
	}
	return &leftover{
		what:  fmt.Sprintf("the other half of it: the RG replica of id %v, with the group %q", there["id"], there["replication_group_name"]),
		words: []string{yes(forced)},
		paths: []string{fmt.Sprintf("rg_replicas/%v", there["id"]), fmt.Sprintf("replication_groups/%v", there[groupID])},
	}
}

// groupStays says of an RG replica that is gone that the group which it has made on the other
// array is not, although it was to be: a run was killed between the two.
func groupStays(ctx context.Context, s *entity.Session, prior entity.Values) (summary, detail string) {
	if !prior.Bool(withGroup) || !prior.Known(groupThere) {
		return "", ""
	}
	link, path := prior.ID("link_id"), api.Path(replicationGroups, prior.Int(groupThere))
	there, err := common.Object(s.Client.Do(api.Fresh(ctx), api.Request{Method: http.MethodGet, Path: api.Path(remotePath, link) + "/" + path}))
	if replicated, told := there["is_replicated"].(bool); err != nil || !told || replicated {
		return "", ""
	}
	return "The replica's group on the other array is left", fmt.Sprintf("The RG replica %s is gone, as by a run that was killed while it deleted it. The group %q that it has made on %s was to go with it, and is there. "+
		"If nobody needs it, delete it there: it is in the way of another one of its name. %s", prior.ID("id"), common.NameOf(there), common.OtherArray(ctx, s, link), common.DeletionThere(link, nil, path))
}

// groupLeft says of an RG replica that was deleted that its group on the other array was not;
// "" where the error is of something else.
func groupLeft(ctx context.Context, s *entity.Session, before entity.Values, err error) string {
	said, told := errors.AsType[*api.Error](err)
	if !told {
		return ""
	}
	link := before.ID("link_id")
	path, is := strings.CutPrefix(said.Operation, "DELETE "+api.Path(remotePath, link)+"/")
	if !is {
		return ""
	}
	far := common.OtherArray(ctx, s, link)
	if _, err := s.Client.Do(api.Fresh(ctx), api.Request{Method: http.MethodGet, Path: api.Path(remotePath, link) + "/" + path}); api.ReasonOf(err) == api.NotFound {
		return fmt.Sprintf("By now the group is gone on %s all the same: apply again.", far)
	}
	return fmt.Sprintf("The replica itself is deleted on both arrays, and the next apply forgets it. The group that it has made on %s may still be there, and is in the way of another one of its name: delete it there. %s",
		far, common.DeletionThere(link, nil, path))
}
