package system

import (
	"context"
	"regexp"
	"strings"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox/common"
)

// attribute is one thing that the array tells of itself.
var attribute = entity.Lookup{
	System: common.System, Name: "system_attribute", What: "system attribute",
	Doc: "One thing that the array tells of itself, under the name that its API gives it: one request for one value, and for what no other data source tells, such as what a newer version of the array has added.",
	Arguments: entity.Facts{
		entity.Text("attribute").Required().Matching(regexp.MustCompile(`^\w+(\.\w+)?$`), `ASCII letters, digits and "_", with a "." before a part`).
			Doc("The attribute's name in the array's API, or that of a part of it: `\"name\"`, `\"capacity.total_physical_capacity\"`. Names, units and moments may differ from those of Terraform's attributes."),
	},
	Facts: common.AttributeFacts,
	Ask: func(ctx context.Context, s *entity.Session, v entity.Values) (api.Object, error) {
		name, part, _ := strings.Cut(v.Text("attribute"), ".")
		if part == "" {
			return common.AttributeAt(ctx, s, api.Path(systemPath, name))
		}
		return common.AttributeAt(ctx, s, api.Path(systemPath, name, part))
	},
}
