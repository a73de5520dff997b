package access

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox/common"
)

// testRepository asks the array whether it reaches a directory, also one of which it is
// not told yet.
var testRepository = entity.Action{
	System: common.System, Name: "users_repository_test",
	Doc: "Tests a users repository: whether the array reaches the directory and can log in there. It takes the id of a repository, and with it the name of a group to look for; or, before there is one, how the directory is to be reached.",
	Arguments: append(entity.Facts{
		entity.Ref("users_repository_id").Optional().To("users_repository").Doc("The id of the repository to test. Where it is not set, what is tested is what the other arguments say."),
		entity.Text("group_name").Optional().LongestOf(255).Doc("The name of a group to look for in the repository. The action tells its distinguished name, and fails where the directory has none."),
		entity.Enum("repository_type", activeDirectory, plainLDAP).Optional().Doc("What sort of directory it is."),
	}, connection(true)...),
	Check:   checkTest,
	Doing:   describeTest,
	Request: requestTest,
	Done: func(answer any) string {
		if dn, ok := answer.(string); ok {
			return "The directory has the group " + dn
		}
		return "The array reaches the directory and can log in there"
	},
}

// tested are the arguments that say how a directory is reached, with the fields that they
// are sent as.
func tested() map[string]string {
	fields := map[string]string{
		"repository_type": "repository_type", "domain_name": "domain_name", "servers": "servers", "ldap_port": "ldap_port", "use_ldaps": "use_ldaps",
		"bind_username": "bind_username", "bind_password_wo": "bind_password",
	}
	for _, name := range schemaNames {
		fields[name] = "schema_definition." + name
	}
	return fields
}

func checkTest(v entity.Values) error {
	known := func(name string) bool { return !v.Null(name) }
	switch {
	case known("users_repository_id"):
		for name := range tested() {
			if known(name) {
				return fmt.Errorf("it takes either users_repository_id or %s: a repository that is there is tested as it is", name)
			}
		}
	case known("group_name"):
		return errors.New("a group is looked for in a repository that is there: group_name takes users_repository_id")
	case !known("domain_name") && !known("servers"):
		return errors.New("it takes users_repository_id, or domain_name or servers of a directory")
	}
	return nil
}

func describeTest(v entity.Values) string {
	switch {
	case v.Known("group_name"):
		return fmt.Sprintf("Looking for the group %q in users repository %d", v.Text("group_name"), v.Int("users_repository_id"))
	case v.Known("users_repository_id"):
		return fmt.Sprintf("Testing users repository %d", v.Int("users_repository_id"))
	case v.Known("domain_name"):
		return fmt.Sprintf("Testing the directory of domain %q", v.Text("domain_name"))
	}
	return "Testing the directory at " + common.Few(v.Texts("servers"))
}

func requestTest(v entity.Values) api.Request {
	switch id := v.Int("users_repository_id"); {
	case v.Known("group_name"):
		return api.Request{Method: http.MethodPost, Path: api.Path("config", "ldap", id, "test_group"), Body: api.Object{"name": v.Text("group_name")}}
	case v.Known("users_repository_id"):
		return api.Request{Method: http.MethodPost, Path: api.Path("config", "ldap", id, "test"), Body: api.Object{}}
	}
	body := api.Object{}
	for name, field := range tested() {
		if !v.Known(name) {
			continue
		}
		switch name {
		case "servers":
			api.SetField(body, field, v.Texts(name))
		case "ldap_port":
			api.SetField(body, field, v.Int(name))
		case "use_ldaps":
			api.SetField(body, field, v.Bool(name))
		default:
			api.SetField(body, field, v.Text(name))
		}
	}
	return api.Request{Method: http.MethodPost, Path: repositories + "/test", Body: body}
}

// reloadRepositories has the array forget what it knows of its directories.
var reloadRepositories = entity.Action{
	System: common.System, Name: "users_repository_reload",
	Doc:   "Has the array read its directories of users anew, as after a change of a group in one of them.",
	Doing: func(entity.Values) string { return "Reloading the users repositories" },
	Request: func(entity.Values) api.Request {
		return api.Request{Method: http.MethodPost, Path: repositories + "/reload", Body: api.Object{}}
	},
}

// resetPassword has the array send a user a new password.
var resetPassword = entity.Action{
	System: common.System, Name: "user_reset_password",
	Doc: "Resets the password of a local user who has forgotten it. Without a token, the array sends a link to the user's e-mail address; with the token of such a link, it does what the link does. " +
		"Where Terraform keeps the password, change `password_wo_version` of `storage_infinibox_user` instead.",
	Arguments: entity.Facts{
		entity.Text("user_name").Required().LongestOf(65).Doc("The name of the user."),
		entity.Secret("token", "").LongestOf(255).Doc("The token at the end of the link that the array has sent. It is good once."),
	},
	Doing: func(v entity.Values) string {
		if v.Known("token_wo") {
			return fmt.Sprintf("Resetting the password of user %q", v.Text("user_name"))
		}
		return fmt.Sprintf("Asking for a link to reset the password of user %q", v.Text("user_name"))
	},
	Request: func(v entity.Values) api.Request {
		path := api.Path(accounts, v.Text("user_name"), "reset_password")
		if v.Known("token_wo") {
			return api.Request{Method: http.MethodGet, Path: path + "/" + api.Path(v.Text("token_wo"))}
		}
		return api.Request{Method: http.MethodPost, Path: path, Body: api.Object{}}
	},
	Done: func(answer any) string {
		o, _ := answer.(api.Object)
		return fmt.Sprintf("The array says: %v", o["message"])
	},
}
