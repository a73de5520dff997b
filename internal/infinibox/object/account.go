package object

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox/common"
)

// accounts is the collection of accounts.
const accounts = "s3_accounts"

// Account is a tenant of S3.
var Account = entity.Kind{
	System:   common.System,
	Name:     "s3_account",
	Plural:   "s3_accounts",
	Noun:     "S3 account",
	Path:     accounts,
	Doc:      "An S3 account: a tenant of object storage, with a pool of its own. Its users (`storage_infinibox_s3_user`) work with its buckets (`storage_infinibox_s3_bucket`).",
	Planning: entity.Planning{Check: checkAccount},
	Creation: entity.Creation{InUse: []string{"users_count", "buckets_count"}},
	Deletion: entity.Deletion{
		Danger: "All users of the account and their credentials are deleted with it: applications that use them lose access.",
		Loses:  lostWithAccount,
	},
	Explain: explainAccount,
	Facts: entity.Facts{
		entity.ID(),
		common.Name(),
		entity.Ref("pool_id").Required().To("pool").OncePer().
			Doc("The id of the pool that the account's buckets are in. Its `type` is `S3`, and no two accounts share one."),
		entity.Bool("enabled").Defaulted().Mutable().Queryable().
			Danger("Nobody has access to the buckets of the account as long as it is disabled.", entity.Becomes(false)).
			Doc("Whether the account is in service. No bucket can be made in one that is not."),
		entity.Text("email").Optional().Mutable().Queryable().Checked("an e-mail address", common.CheckEmail).
			Doc("The e-mail address of whoever answers for the account."),
		entity.Text("location").Optional().Mutable().Queryable().Checked("a text that is not empty", checkNotEmpty).
			Doc("Where the account belongs, in words of your own."),
		entity.Text("canonical_id").Defaulted().Queryable().OncePer().Ignoring(strings.ToLower).
			Matching(regexp.MustCompile(`^[0-9A-Fa-f]{64}$`), "64 hexadecimal digits").
			Doc("By which S3 knows the account as an owner: 64 hexadecimal digits, which the array chooses where they are not set."),
		common.CreatedAt(),

		common.UpdatedAt(),
		common.Tenant(),
		entity.Text("pool_name").Doc("The name of the pool."),
		entity.Integer("users_count").Doc("How many users there are."),
		entity.Integer("credentials_count").Doc("How many credentials these have."),
		entity.Integer("buckets_count").Doc("How many buckets there are."),
		entity.Capacity("capacity_consumed").Doc("What is stored in the buckets."),
	},
}

func checkNotEmpty(text string) error {
	if text == "" {
		return errors.New("it is empty: leave it out where there is none")
	}
	return nil
}

// checkAccount refuses a pool that is for something else.
func checkAccount(ctx context.Context, p *entity.Plan) {
	if p.After == nil || !p.Changes("pool_id") || !p.After.Known("pool_id") {
		return
	}
	pool, err := p.Session.Client.Read(ctx, "pools", p.After.ID("pool_id"), []string{"id", "name", "type"})
	if is, told := pool["type"].(string); err == nil && told && is != "S3" {
		p.Refuse("pool_id", "The pool is not for S3",
			fmt.Sprintf("The pool %q has the type %s, which stays as long as the pool does. Make one with type = \"S3\" for the account.", common.NameOf(pool), is))
	}
}

// lostWithAccount names whom and what the account has.
func lostWithAccount(ctx context.Context, s *entity.Session, account entity.Values) []string {
	var lost []string
	if names := heldBy(ctx, s, usersOf, account.ID("id")); names != "" {
		lost = append(lost, "Lost with it, with their credentials: the users "+names+".")
	}
	if names := heldBy(ctx, s, bucketsOf, account.ID("id")); names != "" {
		lost = append(lost, "It has the buckets "+names+": the array deletes an account once it has none.")
	}
	return lost
}

func explainAccount(ctx context.Context, s *entity.Session, account entity.Values, err error) string {
	switch api.CodeOf(err) {
	case "S3_ACCOUNT_HAS_BUCKETS":
		return "It still has the buckets " + heldBy(api.Fresh(ctx), s, bucketsOf, account.ID("id")) + ". Delete them first, once they are empty."
	case "S3_POOL_ALREADY_ASSOCIATED_WITH_ACCOUNT":
		return "A pool belongs to one account: make another pool with type = \"S3\" for this one."
	case "S3_CANONICAL_ID_CONFLICT":
		return "Leave canonical_id out, and the array chooses one that nobody has."
	}
	return ""
}
