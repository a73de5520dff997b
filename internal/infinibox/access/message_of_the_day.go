package access

import (
	"context"
	"net/http"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox/common"
)

// messageOfTheDay is what the array shows before anybody logs in.
var messageOfTheDay = &entity.Lookup{
	System: common.System,
	Name:   "message_of_the_day",
	What:   "message of the day",
	Doc:    "The message that the array shows on its welcome screen, such as a warning to whoever is about to log in. The array's API shows it and does not change it.",
	Facts:  entity.Facts{entity.Text("message").Doc("The message; empty where there is none.")},
	Ask: func(ctx context.Context, s *entity.Session, _ entity.Values) (api.Object, error) {
		message, err := s.Client.Do(ctx, api.Request{Method: http.MethodGet, Path: "motd"})
		return api.Object{"message": message}, err
	},
}
