package access

import (
	"context"
	"net/http"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox/common"
)

const systemSecurityPath = "system/security"

// systemSecurity is how well the array is secured.
var systemSecurity = &entity.Lookup{
	System: common.System,
	Name:   "system_security",
	What:   "security of the array",
	Doc:    "How the array is secured: its level, whether data is encrypted and where the keys are, and what a best practice of FIPS asks for, for a `check` to hold it to.",
	Facts:  common.Security,
	Ask: func(ctx context.Context, s *entity.Session, _ entity.Values) (api.Object, error) {
		return common.Object(s.Client.Do(ctx, api.Request{Method: http.MethodGet, Path: systemSecurityPath}))
	},
}
