package file

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

// NLM locks are those of NFSv3 clients.

const nlmLocks = "nlm_locks"

var nlmLock = entity.Facts{
	entity.Text("lock_id").Doc("The lock's id."),
	entity.Ref("filesystem_id").Doc("The id of the filesystem."),
	entity.Text("file_path").Doc("The file."),
	entity.Text("file_path_status").Doc("Whether the array can tell the path: `AVAILABLE` or not."),
	entity.Text("client").Doc("The client's name or address."),
	entity.Text("owner").Doc("Who at the client has the lock."),
	entity.Text("state").Doc("`GRANTED`, or `WAITING` for another lock."),
	entity.Text("lock_type").Doc("`shared` or `exclusive`."),
	entity.Integer("offset").Doc("Where the range that is locked begins, in bytes."),
	entity.Integer("length").Doc("How long the range is, in bytes."),
	entity.Moment("granted_at").Doc("When the lock was granted."),
	common.Tenant(),
}

// byNLM are what locks are found by: the id, or what they are on and whose.
var byNLM = []string{"lock_id", "filesystem_id", "file_path", "client"}

// foundBy are the arguments that say which locks are meant.
func foundBy(only string) entity.Facts {
	return entity.Facts{
		entity.Text("lock_id").Optional().Doc(only + " the lock of this id; then nothing else is set."),
		entity.Ref("filesystem_id").Optional().Doc(only + " those on this filesystem."),
		entity.Text("file_path").Optional().Checked("a path", checkPath).Doc(only + " those on this file of the filesystem."),
		entity.Text("client").Optional().Doc(only + " those of this client: a name or an address."),
	}
}

// checkFoundBy refuses what does not go together.
func checkFoundBy(v entity.Values) error {
	switch {
	case !v.Null("lock_id") && slices.ContainsFunc(byNLM[1:], func(name string) bool { return !v.Null(name) }):
		return errors.New("a lock_id says which lock is meant: leave out " + strings.Join(byNLM[1:], ", "))
	case !v.Null("file_path") && v.Null("filesystem_id"):
		return errors.New("file_path is a file of a filesystem: set filesystem_id as well")
	}
	return nil
}

// nlmLookups find locks.
func nlmLookups() []*entity.Lookup {
	return []*entity.Lookup{
		{
			System: common.System, Name: "nlm_lock", What: "NLM lock",
			Doc:       "A lock of an NFSv3 client, by its id.",
			Arguments: entity.Facts{entity.Text("lock_id").Required().Doc("The lock's id.")},
			Facts:     nlmLock[1:],
			Ask: func(ctx context.Context, s *entity.Session, v entity.Values) (api.Object, error) {
				return common.Object(s.Client.Do(ctx, api.Request{Method: http.MethodGet, Path: api.Path(nlmLocks, v.Text("lock_id"))}))
			},
		},
		{
			System: common.System, Name: "nlm_locks", What: "NLM locks",
			Doc:       "The locks of NFSv3 clients.",
			Arguments: foundBy("Only"),
			Facts:     entity.Facts{entity.Records("locks", nlmLock).Doc("The locks.")},
			Ask: func(ctx context.Context, s *entity.Session, v entity.Values) (api.Object, error) {
				if err := checkFoundBy(v); err != nil {
					return nil, err
				}
				return common.Listing(ctx, s, "locks", nlmLocks, common.Asked(v, byNLM...))
			},
		},
	}
}

const brokenNLM = "The applications at the clients rely on the locks: without them, they may damage their data."

// nlmActions take locks away.
func nlmActions() []*entity.Action {
	return []*entity.Action{
		{
			System: common.System, Name: "nlm_locks_break",
			Doc:    "Breaks locks of NFSv3 clients: one, those on a filesystem or a file, those of a client, or all.",
			Danger: brokenNLM,
			Loses:  losesNLM,
			Arguments: append(foundBy("Breaks"),
				entity.Bool("all").Optional().Doc("Whether to break all locks on the array; then nothing else is set.")),
			Check: checkBreak,
			Doing: func(entity.Values) string { return "Breaking NLM locks" },
			Request: func(v entity.Values) api.Request {
				return api.Request{Method: http.MethodPost, Path: nlmLocks + "/break", Body: asBody(v)}
			},
			Done: counted("Broke", "locks_broken"),
		},
		{
			System: common.System, Name: "nlm_locks_remove_orphans",
			Doc:    "Removes the orphaned locks of NFSv3 clients: those whose client is gone, or whose file no export reaches any more.",
			Danger: "The array decides which locks are orphans. " + brokenNLM,
			Loses:  losesNLM,
			Doing:  func(entity.Values) string { return "Removing orphaned NLM locks" },
			Request: func(entity.Values) api.Request {
				return api.Request{Method: http.MethodPost, Path: nlmLocks + "/remove_orphan"}
			},
			Done: counted("Removed", "locks_removed"),
		},
	}
}

// checkBreak wants to be told what is meant: to the array, nothing said is everything.
func checkBreak(v entity.Values) error {
	some := slices.ContainsFunc(byNLM, func(name string) bool { return !v.Null(name) })
	switch {
	case some && v.Bool("all"):
		return errors.New("all means all locks on the array: leave out " + strings.Join(byNLM, ", "))
	case !some && v.Null("all"), !some && v.Known("all") && !v.Bool("all"):
		return errors.New("nothing says which locks are meant: set one of " + strings.Join(byNLM, ", ") + ", or all = true to break all locks on the array")
	}
	return checkFoundBy(v)
}

// asBody are the arguments that are set.
func asBody(v entity.Values) api.Object {
	body := api.Object{}
	for _, name := range byNLM {
		switch {
		case !v.Known(name):
		case name == "filesystem_id":
			body[name] = v.Int(name)
		default:
			body[name] = v.Text(name)
		}
	}
	return body
}

// losesNLM names whose locks there are of those that are meant.
func losesNLM(ctx context.Context, s *entity.Session, v entity.Values) []string {
	if slices.ContainsFunc(byNLM, func(name string) bool { return !v.Null(name) && !v.Known(name) }) {
		return nil
	}
	var holders []string
	for _, lock := range common.Collect(ctx, s, nlmLocks, common.Asked(v, byNLM...)) {
		holders = append(holders, fmt.Sprintf("%v on %v of filesystem %v", lock["client"], lock["file_path"], lock["filesystem_id"]))
	}
	if len(holders) == 0 {
		return []string{"There are no such locks now."}
	}
	return []string{"Locks now: " + common.Few(holders) + "."}
}
