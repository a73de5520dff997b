package access

import (
	"context"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox/common"
)

const passwordPolicyPath = "users/password_policy"

// passwordPolicy is what passwords of local users must be like.
var passwordPolicy = &entity.Lookup{
	System: common.System,
	Name:   "password_policy",
	What:   "password policy",
	Doc: "What the array wants of the passwords of local users: of those that `enforce_user_password_policy` holds to it. " +
		"It is for reading, such as to have `random_password` make one that the array takes: the array's API changes none.",
	Facts: entity.Facts{
		entity.Integer("id").Doc("The policy's id."),
		entity.Integer("min_length").Doc("The least number of characters."),
		entity.Integer("max_length").Doc("The greatest number of characters."),
		entity.Bool("lowercase").Doc("Whether there must be a small letter."),
		entity.Bool("uppercase").Doc("Whether there must be a capital letter."),
		entity.Bool("digit").Doc("Whether there must be a digit."),
		entity.Bool("symbol").Doc("Whether there must be a character that is neither letter nor digit."),
		entity.Bool("no_username").Doc("Whether the name of the user must not be in it."),
		entity.Integer("reuse_limit").Doc("How many former passwords a new one must differ from."),
		common.CreatedAt(),
		common.UpdatedAt(),
		common.Tenant(),
	},
	Ask: func(ctx context.Context, s *entity.Session, _ entity.Values) (api.Object, error) {
		for o, err := range s.Client.List(ctx, passwordPolicyPath, api.Query{}) {
			return o, err
		}
		return nil, &api.Error{Reason: api.NotFound, Operation: "GET " + passwordPolicyPath, Message: "The array has no password policy"}
	},
}
