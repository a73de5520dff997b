package access

import (
	"context"
	"net/http"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox/common"
)

var userRoles = entity.Lookup{
	System: common.System, Name: "user_roles", What: "roles",
	Doc:   "The roles that users of the array can have.",
	Facts: entity.Facts{entity.Texts("roles", nil).Doc("The roles.")},
	Ask: func(ctx context.Context, s *entity.Session, _ entity.Values) (api.Object, error) {
		roles, err := common.Field(ctx, s, "users/roles")
		return api.Object{"roles": roles}, err
	},
}

var userPools = entity.Lookup{
	System: common.System, Name: "user_pools", What: "pools of the user",
	Doc:       "The pools that a user, or the members of a group, administer by being among their owners.",
	Arguments: entity.Facts{entity.Integer("user_id").Required().Doc("The id of the user or group; those of built-in users are negative.")},
	Facts: entity.Facts{entity.Records("pools", entity.Facts{
		entity.Integer("id").Doc("The id of the pool."),
		entity.Text("name").Doc("Its name."),
	}).Doc("The pools.")},
	Ask: func(ctx context.Context, s *entity.Session, v entity.Values) (api.Object, error) {
		return common.Listing(ctx, s, "pools", api.Path(accounts, v.Int("user_id"), "pools"), api.Query{Fields: []string{"id", "name"}})
	},
}

var domainControllers = entity.Lookup{
	System: common.System, Name: "domain_controllers", What: "domain controllers",
	Doc:       "The domain controllers of an Active Directory domain, as the array finds them by the domain's name.",
	Arguments: entity.Facts{entity.Text("domain_name").Required().LongestOf(255).Doc("The domain, such as `\"example.com\"`.")},
	Facts:     entity.Facts{entity.TextList("servers").Doc("The addresses of the domain controllers, in the array's order.")},
	Ask: func(ctx context.Context, s *entity.Session, v entity.Values) (api.Object, error) {
		servers, err := s.Client.Do(ctx, api.Request{
			Method: http.MethodPost, Path: repositories + "/resolve_domain", Body: api.Object{"domain_name": v.Text("domain_name")},
		})
		return api.Object{"servers": servers}, err
	},
}

var identityProviderLinks = entity.Lookup{
	System: common.System, Name: "sso_identity_provider_links", What: "links of SSO identity providers",
	Doc: "What the array's user interface offers users to log in by: a link for each SSO identity provider. A browser that follows it is sent to the identity provider.",
	Facts: entity.Facts{entity.Records("links", entity.Facts{
		entity.Integer("id").Doc("The id of the identity provider."),
		entity.Text("name").Doc("Its name."),
		entity.Text("sign_on_url").Doc("The link's path on the array."),
	}).Doc("The links.")},
	Ask: func(ctx context.Context, s *entity.Session, _ entity.Values) (api.Object, error) {
		return common.Listing(ctx, s, "links", identityProviders+"/links", api.Query{})
	},
}
