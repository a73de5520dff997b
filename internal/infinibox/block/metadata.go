package block

import (
	"context"
	"errors"
	"net/http"

	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
)

// Metadata keeps key-value pairs on an object that Terraform does not manage
// otherwise.
var Metadata = entity.Kind{
	System:     system,
	Name:       "metadata",
	Path:       "metadata",
	Doc:        "Key-value pairs on an object that is not managed here. An object that is has `metadata` of its own: use one of the two for a key.",
	Adopted:    true,
	Metadata:   true,
	NoDefaults: true,
	Key:        []string{"object_id"},
	Find:       findCarrier,
	Facts: entity.Facts{
		entity.Ref("id").Lasting().Field("object_id").Doc("The id of the object."),
		entity.Ref("object_id").Required().Doc("The id of the object that carries the pairs."),
	},
}

// findCarrier makes sure that the object is there and carries metadata.
func findCarrier(ctx context.Context, s *entity.Session, v entity.Values) (entity.Object, error) {
	_, err := s.Client.Do(ctx, entity.Request{Method: http.MethodGet, Path: entity.Path("metadata", v.Int("object_id"))})
	var refusal *entity.Error
	if errors.As(err, &refusal) && refusal.Code == "METADATA_IS_NOT_SUPPORTED_FOR_ENTITY" {
		refusal.Reason = entity.NotFound // so the array says it also of what it does not have
	}
	if err != nil {
		return nil, err
	}
	return entity.Object{"object_id": v.Int("object_id")}, nil
}

// SystemMetadata keeps key-value pairs on the array itself.
var SystemMetadata = entity.Kind{
	System:     system,
	Name:       "system_metadata",
	Path:       "metadata/system",
	Doc:        "Key-value pairs on the array itself.",
	Singleton:  true,
	Metadata:   true,
	NoDefaults: true,
	Find: func(context.Context, *entity.Session, entity.Values) (entity.Object, error) {
		return entity.Object{}, nil
	},
	Facts: entity.Facts{entity.Only("system")},
}
