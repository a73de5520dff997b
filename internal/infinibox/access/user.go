package access

import (
	"context"
	"errors"
	"net/http"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox/common"
)

// accounts is the collection that users and groups share; their type tells them apart.
const accounts = "users"

// User is somebody whom the array itself knows, by a name and a password.
var User = entity.Kind{
	System: common.System,
	Name:   "user",
	Plural: "users",
	Path:   accounts,
	Doc: "A local user: somebody who logs in to the array with a name and a password that the array itself keeps. " +
		"Members of a directory or an identity provider log in by `storage_infinibox_user_group`. " +
		"A plan that deletes, disables, demotes or renames the user whom the provider works as, or changes that user's password, is refused: another administrator has to make the change.",
	Identity: entity.Identity{Match: ofType("Local")},
	Planning: entity.Planning{Check: func(ctx context.Context, p *entity.Plan) {
		keepSelf(ctx, p)
		checkPassword(ctx, p)
	}},
	Creation: entity.Creation{InUse: []string{accounts + "/{id}/pools"}},
	Explain:  explainPassword,
	Facts: entity.Facts{
		entity.ID(),
		common.Name(),
		entity.Text("email").Required().Mutable().Checked("an e-mail address", common.CheckEmail).
			Doc("The e-mail address, to which the array sends links to reset the password."),
		role().Required().Mutable().Doc("What the user may do: an `ADMIN` everything, a `POOL_ADMIN` what concerns the pools whose `owners` name the user, a `READ_ONLY` user only read. The other roles are the vendor's own."),
		entity.Secret("password", "").Checked("a password of ASCII characters", checkASCII).Proven(logsIn).
			Doc("The password, which a new user needs. It has to comply with the array's password policy."),
		entity.Bool("enabled").Defaulted().ChangedBy(enableUser).
			Doc("Whether the user can log in. To disable a user ends what the user is logged in with."),
		entity.Bool("enforce_user_password_policy").Defaulted().Mutable().AfterCreation().
			Danger("The user may have a password that the array's policy would refuse, such as a short one.", entity.When("set it to `false`", liftsPolicy)).
			Doc("Whether the user's password has to comply with the array's password policy."),

		roles(),
		entity.Integer("password_digest_version").Doc("How the array keeps the password."),
		entity.Bool("is_digest_sufficient").Doc("Whether the password is kept as the array's security settings ask for. Where it is not, it has to be changed."),
	},
}

// ofType tells users and groups from each other. Not every array can be asked for it.
func ofType(types ...string) []api.Filter {
	return []api.Filter{{Field: "type", Operator: api.In, Values: types, Unsent: true}}
}

func role() entity.Fact {
	return entity.Enum("role", "ADMIN", "POOL_ADMIN", "READ_ONLY", "TECHNICIAN", "INFINIGUARD", "INFINIDAT")
}

// roles is the role once more, as the array tells it beside.
func roles() entity.Fact {
	return entity.TextList("roles").Doc("The roles, of which there is one.")
}

func checkASCII(s string) error {
	for _, r := range s {
		if r > 127 || r < 32 {
			return errors.New("a password has ASCII characters only")
		}
	}
	return nil
}

// logsIn reports whether a user has a password already, which no user can be given again.
func logsIn(ctx context.Context, s *entity.Session, user entity.Values, password string) bool {
	login := api.Request{
		Method: http.MethodPost, Path: "users/login", Body: api.Object{"username": user.Text("name"), "password": password},
	}
	_, err := s.Client.Do(ctx, login)
	if api.ReasonOf(err) == api.Ambiguous { // no answer is no refusal, and to ask again does no harm
		_, err = s.Client.Do(ctx, login)
	}
	return err == nil
}

func enableUser(id string, after entity.Values) api.Request {
	verb := "disable"
	if after.Bool("enabled") {
		verb = "enable"
	}
	return api.Request{Method: http.MethodPost, Path: api.Path(accounts, id, verb)}
}

// liftsPolicy reports whether the array's policy no longer binds a user, new or not.
func liftsPolicy(_, after entity.Values) bool { return !after.Bool("enforce_user_password_policy") }
