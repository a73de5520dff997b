package object

import (
	"context"
	"math"
	"time"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox/common"
)

const (
	// users is the collection of users.
	users = "s3_users"

	disabled       = "DISABLED"
	longestComment = 256
)

// User is somebody in an S3 account.
var User = entity.Kind{
	System:   common.System,
	Name:     "s3_user",
	Plural:   "s3_users",
	Noun:     "S3 user",
	Path:     users,
	Doc:      "An S3 user: somebody in an S3 account, such as an application, who signs requests to its buckets with credentials (`storage_infinibox_s3_credential`).",
	Identity: entity.Identity{NamedIn: []string{"account_id"}},
	Creation: entity.Creation{InUse: []string{"num_credentials"}},
	Deletion: entity.Deletion{
		Danger: "The credentials of the user are deleted with it: applications that use them lose access to S3 buckets.",
		Loses:  lostWithUser,
	},
	Listing: listOf(users, "account_id"),
	Explain: explainUser,
	Facts: entity.Facts{
		entity.ID(),
		common.Named(entity.Text("name").Required().Queryable().LongestOf(20)).
			Doc("The name: 1 to 20 ASCII letters, digits, spaces, `-`, `_` and `.`. No two users of an account have the same."),
		entity.Ref("account_id").Required().To("s3_account").Doc("The id of the account that the user belongs to."),
		comment(),
		entity.Bool("is_root").Defaulted().Mutable().Queryable().Doc("Whether the user is a root user of the account."),
		entity.Enum("status", "ENABLED", disabled).Defaulted().Mutable().AfterCreation().Queryable().
			Danger("Applications that use the user's credentials lose access to S3 buckets.", entity.When("set it to `DISABLED`", disables)).
			Doc("Whether the user's credentials are good."),
		ownerNumber("uid", "The number of the UNIX user that the user's files belong to."),
		ownerNumber("gid", "The number of the UNIX group that the user's files belong to."),
		entity.Text("canonical_id").Lasting().Queryable().Doc("By which S3 knows the user."),
		common.CreatedAt(),

		common.UpdatedAt(),
		common.Tenant(),
		entity.Text("account_name").Doc("The name of the account."),
		entity.Integer("num_credentials").Doc("How many credentials the user has."),
		lastUsed("When a credential of the user was used last."),
	},
}

// comment is what people write beside a user or a credential.
func comment() entity.Fact {
	return entity.Text("description").Optional().Mutable().Queryable().LongestOf(longestComment).Doc("A note, of up to 256 characters.")
}

// ownerNumber is a number that only the vendor's own users set, and once.
func ownerNumber(name, doc string) entity.Fact {
	return entity.Integer(name).Defaulted().Mutable().AfterCreation().Queryable().Between(0, math.MaxUint32).
		ReplacedWhen(entity.When("change it", func(before, _ entity.Values) bool { return before != nil && before.Known(name) })).
		Doc(doc + " Only users of the array with the role INFINIDAT, which are the vendor's own, can set it, and once: another number replaces the user.")
}

// disables reports what the array wants approved of a new user too.
func disables(_, after entity.Values) bool { return after.Text("status") == disabled }

// secondsUntil is the year 5138 in seconds, and 1973 in milliseconds.
const secondsUntil = 100_000_000_000

// lastUsed is when somebody used a credential last.
func lastUsed(doc string) entity.Fact {
	return entity.Moment("last_used").Doc(doc).From(func(o api.Object) any {
		if at, told := usedAt(o); told {
			return at.UnixMilli()
		}
		return o["last_used"]
	})
}

// usedAt is when an object was used last, which the array tells in seconds of users, and
// in milliseconds of credentials.
func usedAt(o api.Object) (at time.Time, told bool) {
	n, err := common.Number(o["last_used"])
	if n < secondsUntil {
		return time.Unix(n, 0), err == nil
	}
	return time.UnixMilli(n), err == nil
}

// lostWithUser names the credentials of a user.
func lostWithUser(ctx context.Context, s *entity.Session, user entity.Values) []string {
	if keys := heldBy(ctx, s, credentialsOf, user.ID("id")); keys != "" {
		return []string{"Lost with it: the credentials with the access keys " + keys + "."}
	}
	return nil
}

func explainUser(_ context.Context, _ *entity.Session, user entity.Values, err error) string {
	if api.CodeOf(err) == "UNAUTHORIZED" && (user.Known("uid") || user.Known("gid")) {
		return "Only the vendor's own users set uid and gid: leave both out."
	}
	return ""
}
