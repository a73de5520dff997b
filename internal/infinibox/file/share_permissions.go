package file

import (
	"fmt"
	"net/http"
	"slices"
	"sync"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox/common"
)

// sharePermissions are all of a share. The array keeps them one by one, and gives a new
// share one that lets everyone in.
var sharePermissions = entity.Records(permissions, entity.Facts{
	sid("sid", "The SID of the user or the group; `S-1-1-0` is everyone.").Required(),
	accessFact(),
}).InAnyOrder().Defaulted().AfterCreation().ChangedUntil(permissionsLeft).
	Danger("They may do less than before through the share, or nothing.", entity.Affects("take from it what somebody had", deprived)).
	Doc("Who may do what through the share, where the files themselves permit it too. These are all: what others have added goes. Where they are not set, the array lets everyone do everything. `storage_infinibox_share_permission` is for single ones.")

// shareAccesses are what one may do through a share, from the least.
var shareAccesses = []string{"READ", "READWRITE", "FULLCONTROL"}

func accessRank(access string) int { return slices.Index(shareAccesses, access) }

func accessFact() entity.Fact {
	return entity.Enum("access", shareAccesses...).Required().Doc("What they may do.")
}

// grant is a permission of a share.
type grant struct{ sid, access string }

// grantsOf are the permissions of a share, as far as they are known; known is false where
// there may be others.
func grantsOf(share entity.Values) (grants []grant, known bool) {
	all, known := share.Records(permissions)
	for _, v := range all {
		if !v.Known("sid") || !v.Known("access") {
			known = false
			continue
		}
		grants = append(grants, grant{v.Text("sid"), v.Text("access")})
	}
	return grants, known
}

// accessIn is what a principal may do by some grants; -1 for nothing.
func accessIn(grants []grant, sid string) int {
	i := slices.IndexFunc(grants, func(g grant) bool { return g.sid == sid })
	if i < 0 {
		return -1
	}
	return accessRank(grants[i].access)
}

// deprived names those whom a change of the permissions leaves with less than they had,
// but for what everyone may do as well.
func deprived(before, after entity.Values) string {
	had, _ := grantsOf(before)
	has, known := grantsOf(after)
	if !known {
		return ""
	}
	var sids []string
	for _, was := range had {
		if max(accessIn(has, was.sid), accessIn(has, everyone)) < accessRank(was.access) {
			sids = append(sids, was.sid)
		}
	}
	return common.Few(sids)
}

const everyone = "S-1-1-0"

// permissionsLeft are the requests that lead from the permissions that a share has to those
// that it is to have: who stays or comes has access before who goes loses it.
func permissionsLeft(share api.Object, after entity.Values) []api.Request {
	wanted, _ := grantsOf(after)
	had, _ := share[permissions].([]any)
	path := func(rest ...any) string {
		return api.Path(append([]any{"shares", share["id"], permissions}, rest...)...)
	}
	var changes, removals []api.Request
	known := map[string]bool{}
	for _, one := range had {
		held, _ := one.(api.Object)
		sid, _ := held["sid"].(string)
		known[sid] = true
		switch i := slices.IndexFunc(wanted, func(g grant) bool { return g.sid == sid }); {
		case i < 0:
			removals = append(removals, api.Request{Method: http.MethodDelete, Path: path(held["id"])})
		case wanted[i].access != held["access"]:
			changes = append(changes, api.Request{Method: http.MethodPut, Path: path(held["id"]), Body: api.Object{"access": wanted[i].access}})
		}
	}
	for _, g := range wanted {
		if !known[g.sid] {
			changes = append(changes, api.Request{Method: http.MethodPost, Path: path(), Body: api.Object{"sid": g.sid, "access": g.access}})
		}
	}
	return append(changes, removals...)
}

// statements are what the resources of one plan say of the permissions of shares that are
// there: as a whole, and one by one.
type statements struct {
	mu     sync.Mutex
	wholes map[int64][]grant // of shares whose permissions this plan changes
	parts  map[int64][]grant
}

func statementsOf(s *entity.Session) *statements {
	all := entity.Note[statements](s, "permissions of shares")
	all.mu.Lock()
	defer all.mu.Unlock()
	if all.wholes == nil {
		all.wholes, all.parts = map[int64][]grant{}, map[int64][]grant{}
	}
	return all
}

// share notes a share whose configuration states its permissions anew.
func (all *statements) share(p *entity.Plan) {
	if p.After == nil || p.Before == nil || p.Replaced || !p.Config.Known(permissions) || !p.Changes(permissions) {
		return
	}
	whole, known := grantsOf(p.After)
	if !known {
		return
	}
	all.mu.Lock()
	defer all.mu.Unlock()
	id := p.Before.Int("id")
	all.wholes[id] = whole
	all.compare(p, id, permissions)
}

// permission notes a resource of a single permission.
func (all *statements) permission(p *entity.Plan) {
	if p.After == nil || !p.After.Known("share_id") || !p.After.Known("sid") || !p.After.Known("access") {
		return
	}
	all.mu.Lock()
	defer all.mu.Unlock()
	id, part := p.After.Int("share_id"), grant{p.After.Text("sid"), p.After.Text("access")}
	if !slices.Contains(all.parts[id], part) {
		all.parts[id] = append(all.parts[id], part)
	}
	all.compare(p, id, "sid")
}

// compare refuses what would be undone by each apply.
func (all *statements) compare(p *entity.Plan, share int64, attribute string) {
	whole, stated := all.wholes[share]
	for _, part := range all.parts[share] {
		if stated && !slices.Contains(whole, part) {
			p.Refuse(attribute, "The permissions of one share are stated in two ways",
				fmt.Sprintf("A storage_infinibox_share_permission gives %s the access %s on the share with the id %d, and the permissions of the share say otherwise. Each apply would undo what the other has done. "+
					"Leave the share's permissions out, or have it ignore changes of them; or take the resources of single permissions out of the configuration.", part.sid, part.access, share))
			return
		}
	}
}
