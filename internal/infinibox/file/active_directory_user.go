package file

import (
	"context"
	"net/http"
	"net/url"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox/common"
)

// ActiveDirectoryUser is a user of the domain that the array has joined, whom it can look
// up and not list.
var ActiveDirectoryUser = entity.Kind{
	System:   common.System,
	Name:     "active_directory_user",
	Noun:     "Active Directory user",
	Path:     domains + "/user_query",
	Doc:      "A user of the Active Directory domain that the array has joined, as the array knows the user.",
	Presence: entity.Foreign,
	Rules:    []entity.Rule{entity.ExactlyOne(userKeys...)},
	Identity: entity.Identity{Key: []string{"sid"}},
	Reading:  entity.Reading{Find: findDomainUser, By: userKeys},
	Facts: entity.Facts{
		entity.Text("username").Doc("The name in the domain, such as `\"jane@ad.example.com\"`."),
		entity.Text("sid").Doc("The SID."),
		entity.Integer("uid").Positive().Doc("The UNIX id."),
		entity.Text("name").Doc("The person's name."),
		entity.Text("gsid").Doc("The SID of the primary group."),
		entity.Integer("gid").Doc("The UNIX id of the primary group."),
		common.Tenant(),
	},
}

// userKeys are what a user is looked up by.
var userKeys = []string{"username", "sid", "uid"}

// findDomainUser asks for the one user that is meant.
func findDomainUser(ctx context.Context, s *entity.Session, v entity.Values) (api.Object, error) {
	asked := url.Values{}
	for _, name := range userKeys {
		if v.Known(name) {
			asked.Set(name, v.ID(name))
		}
	}
	request := api.Request{Method: http.MethodGet, Path: domains + "/user_query", Query: asked}
	answer, err := s.Client.Do(ctx, request)
	if err != nil {
		return nil, err
	}
	refused := func(reason api.Reason, message string) error {
		return &api.Error{Reason: reason, Operation: request.Method + " " + request.Path, Message: message}
	}
	switch found, _ := answer.([]any); len(found) {
	case 0:
		return nil, refused(api.NotFound, "The domain has no such user")
	case 1:
		return common.Object(found[0], nil)
	}
	return nil, refused(api.Other, "The domain has several such users: look up the one that is meant by sid")
}
