package access

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox/common"
)

// self is the user whom the provider works as; nil where the array has no local user of
// that name, or does not tell.
type self struct {
	once sync.Once
	user api.Object
}

func selfOf(ctx context.Context, s *entity.Session) api.Object {
	me := entity.Note[self](s, "self")
	me.once.Do(func() {
		me.user, _ = common.Object(s.Client.Do(ctx, api.Request{Method: http.MethodGet, Path: api.Path(accounts, s.Setting("username"), "by_username")}))
	})
	return me.user
}

// keepSelf refuses what would lock the provider out: the array could not be asked to
// undo it.
func keepSelf(ctx context.Context, p *entity.Plan) {
	user := p.Before
	if user == nil {
		user = p.After
	}
	attribute, verb := loss(p)
	if verb == "" || !isSelf(ctx, p.Session, user) {
		return
	}
	if p.Before == nil && !p.Forced {
		// It is one that is tainted, of which the plan is told no more; or one that is there.
		p.Refuse(attribute, "The provider works as this user",
			fmt.Sprintf("User %q is there, since the provider works as that user, and another cannot be made in place of it. "+
				"Where it is in the state and marked as tainted, run terraform untaint with the resource's address; where it is in no state, import it.", p.Session.Setting("username")))
		return
	}
	p.Refuse(attribute, "The provider would lock itself out",
		fmt.Sprintf("It works as user %q, whom this plan %s. What else there is to do in this run, and in the next, would be refused. "+
			"Give the provider another administrator by username and password, and plan again; or leave this user as it is.", p.Session.Setting("username"), verb))
}

// loss is by what a user can no longer do what the user could; "" where there is nothing.
func loss(p *entity.Plan) (attribute, verb string) {
	switch {
	case p.Deletes():
		return "", "deletes"
	case p.Before == nil:
		return "name", "makes anew"
	case p.Changes("enabled") && !p.After.Unknown("enabled") && !p.After.Bool("enabled"):
		return "enabled", "disables"
	case p.Changes("role"):
		return "role", "gives another role"
	case p.Changes("name"):
		return "name", "renames"
	case p.Changes("password_wo_version") && !p.Config.Null("password_wo_version"):
		return "password_wo_version", "gives another password"
	}
	return "", ""
}

// isSelf reports whether a user is the one whom the provider works as: by the id, and by
// the name where the user is to be made.
func isSelf(ctx context.Context, s *entity.Session, user entity.Values) bool {
	if !user.Known("id") {
		return strings.EqualFold(user.Text("name"), s.Setting("username")) && selfOf(ctx, s) != nil
	}
	me := selfOf(ctx, s)
	return me != nil && fmt.Sprint(me["id"]) == user.ID("id")
}

// warnOfRoles tells whoever works as a member of a directory that what the plan takes
// away may be what the provider has its rights by. Nothing tells whose groups these are.
func warnOfRoles(ctx context.Context, p *entity.Plan, what string) {
	if selfOf(ctx, p.Session) != nil {
		return
	}
	p.Warn("The provider may lock itself out",
		fmt.Sprintf("It works as %q, who is no local user of the array. If that is a member of %s, what else there is to do in this run, and in the next, will be refused.",
			p.Session.Setting("username"), what))
}
