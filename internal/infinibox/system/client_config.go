package system

import (
	"context"
	"net/http"
	"net/url"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox/common"
)

// clientConfig is how the provider works with the array: with which, and as whom.
var clientConfig = entity.Lookup{
	System: common.System, Name: "client_config", What: "configuration of the provider",
	Doc: "How the provider works with the array: where that is, what it can do, and the user and role that the provider works as. " +
		"A module holds what it needs against it in a `postcondition` or a `precondition`, and so refuses before anything is changed.",
	Facts: entity.Facts{
		entity.Text("endpoint").Doc("The address of the array, as the provider is configured."),
		entity.Text("username").Doc("The user, as the provider is configured."),
		entity.Integer("user_id").Doc("The user's id; absent for a member of a directory or an identity provider, whom the array keeps no object of."),
		entity.Text("role").Doc("The user's role, such as `ADMIN`, `POOL_ADMIN` or `READ_ONLY`: the first of `roles`."),
		entity.TextList("roles").Doc("All roles that the user has."),
		entity.Text("system_name").Doc("The name of the array."),
		entity.Integer("serial_number").Doc("The serial number of the array."),
		entity.Text("version").Doc("The version of the array's software, and with it of its API."),
		entity.Pairs("features").Doc("What the array can do and has enabled, with the version of each feature: `contains(keys(...), \"nvme\")`."),
	},
	Ask: askClientConfig,
}

func askClientConfig(ctx context.Context, s *entity.Session, _ entity.Values) (api.Object, error) {
	system, err := common.Object(s.Client.Do(ctx, api.Request{
		Method: http.MethodGet, Path: systemPath, Query: url.Values{"fields": {"name,serial_number,version"}},
	}))
	if err != nil {
		return nil, err
	}
	features, err := enabledFeatures(ctx, s)
	if err != nil {
		return nil, err
	}
	user, err := whoAmI(ctx, s)
	if err != nil {
		return nil, err
	}
	answer := api.Object{
		"endpoint": s.Setting("endpoint"), "username": s.Setting("username"), "user_id": user["id"], "roles": user["roles"],
		"system_name": system["name"], "serial_number": system["serial_number"], "version": system["version"], "features": features,
	}
	if roles, _ := user["roles"].([]any); len(roles) > 0 {
		answer["role"] = roles[0]
	}
	return answer, nil
}

// enabledFeatures are the versions of what the array can do, by name.
func enabledFeatures(ctx context.Context, s *entity.Session) (api.Object, error) {
	answer, err := s.Client.Do(ctx, api.Request{Method: http.MethodGet, Path: "_features"})
	if err != nil {
		return nil, err
	}
	features := api.Object{}
	list, _ := answer.([]any)
	for _, item := range list {
		feature, _ := item.(api.Object)
		name, _ := feature["name"].(string)
		if enabled, told := feature["enabled"].(bool); name != "" && (enabled || !told) {
			features[name] = feature["version"]
		}
	}
	return features, nil
}

// whoAmI is the user whom the provider works as. Of a member of a directory only a log-in
// tells the roles.
func whoAmI(ctx context.Context, s *entity.Session) (api.Object, error) {
	username := s.Setting("username")
	user, err := get(ctx, s, api.Path("users", username, "by_username"))
	if api.ReasonOf(err) != api.NotFound {
		return user, err
	}
	return common.Object(s.Client.Do(ctx, api.Request{
		Method: http.MethodPost, Path: "users/login", Body: api.Object{"username": username, "password": s.Setting("password")},
	}))
}
