package block

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox/common"
)

// Metadata keeps key-value pairs on an object that Terraform does not manage
// otherwise.
var Metadata = entity.Kind{
	System:   common.System,
	Name:     "metadata",
	Path:     "metadata",
	Doc:      "Key-value pairs on an object that is not managed here. An object that is has `metadata` of its own: use one of the two for a key.",
	Presence: entity.There,
	Metadata: entity.WithoutDefaults,
	Identity: entity.Identity{Key: []string{"object_id"}},
	Reading:  entity.Reading{Find: findCarrier},
	Facts: entity.Facts{
		entity.Ref("id").Lasting().Field("object_id").Doc("The id of the object."),
		carrierID(),
	},
}

// findCarrier makes sure that the object is there and carries metadata.
func findCarrier(ctx context.Context, s *entity.Session, v entity.Values) (api.Object, error) {
	_, err := s.Client.Do(ctx, api.Request{Method: http.MethodGet, Path: api.Path("metadata", v.Int("object_id"))})
	var refusal *api.Error
	if errors.As(err, &refusal) && refusal.Code == "METADATA_IS_NOT_SUPPORTED_FOR_ENTITY" {
		refusal.Reason = api.NotFound // so the array says it also of what it does not have
	}
	if err != nil {
		return nil, err
	}
	return api.Object{"object_id": v.Int("object_id")}, nil
}

// SystemMetadata keeps key-value pairs on the array itself.
var SystemMetadata = entity.Kind{
	System:   common.System,
	Name:     "system_metadata",
	Path:     "metadata/system",
	Doc:      "Key-value pairs on the array itself.",
	Presence: entity.Only,
	Metadata: entity.WithoutDefaults,
	Reading: entity.Reading{
		Find: func(context.Context, *entity.Session, entity.Values) (api.Object, error) {
			return api.Object{}, nil
		},
	},
	Facts: entity.Facts{entity.FixedID("system")},
}

// pairs is where the key-value pairs are: on the object that is named, else on
// the array itself.
func pairs(v entity.Values) string {
	if v.Known("object_id") {
		return api.Path("metadata", v.Int("object_id"))
	}
	return "metadata/system"
}

// carrierID is the argument that names the object which carries pairs.
func carrierID() entity.Fact {
	return entity.Ref("object_id").Required().Doc("The id of the object that carries the pairs.")
}

// pairLookups read the value of one key.
func pairLookups() []*entity.Lookup {
	lookup := func(name, where string, carrier ...entity.Fact) *entity.Lookup {
		return &entity.Lookup{
			System: common.System, Name: name, What: "value of the key",
			Doc:       "The value that a key has " + where + ". It is an error if there is no such key.",
			Arguments: append(carrier, entity.Text("key").Required().Checked("a key", entity.CheckKey).Doc("The key.")),
			Facts:     entity.Facts{entity.Text("value").Doc("The value.")},
			Ask: func(ctx context.Context, s *entity.Session, v entity.Values) (api.Object, error) {
				return common.Object(s.Client.Do(ctx, api.Request{Method: http.MethodGet, Path: pairs(v) + "/" + api.Path(v.Text("key"))}))
			},
		}
	}
	return []*entity.Lookup{
		lookup("metadata_value", "on an object", carrierID()),
		lookup("system_metadata_value", "on the array itself"),
	}
}

// pairActions remove all pairs at once, whoever put them there.
func pairActions() []*entity.Action {
	action := func(name, what string, of func(v entity.Values) string, carrier ...entity.Fact) *entity.Action {
		return &entity.Action{
			System: common.System, Name: name,
			Doc:       "Removes all key-value pairs of " + what + " at once. To remove some, or only one's own, take them out of the resource that keeps them.",
			Arguments: carrier,
			Danger:    "All pairs are lost, also those that other tools rely on. Those that Terraform keeps are missing until the next apply puts them back.",
			Doing:     func(v entity.Values) string { return "Removing all key-value pairs of " + of(v) },
			Request: func(v entity.Values) api.Request {
				return api.Request{Method: http.MethodDelete, Path: pairs(v)}
			},
			Done: removed,
		}
	}
	return []*entity.Action{
		action("metadata_clear", "an object", func(v entity.Values) string { return fmt.Sprintf("object %d", v.Int("object_id")) }, carrierID()),
		action("system_metadata_clear", "the array itself", func(entity.Values) string { return "the array" }),
	}
}

// removed tells which pairs are no more.
func removed(answer any) string {
	rows, _ := answer.([]any)
	keys := make([]string, 0, len(rows))
	for _, row := range rows {
		if pair, ok := row.(api.Object); ok {
			keys = append(keys, fmt.Sprint(pair["key"]))
		}
	}
	if len(keys) == 0 {
		return "There were no pairs"
	}
	return fmt.Sprintf("Removed %d: %s", len(keys), strings.Join(keys, ", "))
}
