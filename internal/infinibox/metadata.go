package infinibox

import (
	"context"
	"fmt"
	"net/http"

	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
)

// pairs keeps the metadata of the array's objects. It implements
// entity.MetadataStore.
type pairs struct{ client entity.Client }

func (m pairs) Get(ctx context.Context, id string) (map[string]string, error) {
	all, err := m.list(ctx, entity.Path("metadata", id))
	return all[id], err
}

func (m pairs) All(ctx context.Context) (map[string]map[string]string, error) {
	return m.list(ctx, "metadata")
}

// list reads metadata as a listing gives it: a row per pair.
func (m pairs) list(ctx context.Context, path string) (map[string]map[string]string, error) {
	all := map[string]map[string]string{}
	for row, err := range m.client.List(ctx, path, entity.Query{}) {
		if err != nil {
			return nil, err
		}
		key, isText := row["key"].(string)
		value, isTextToo := row["value"].(string)
		if !isText || !isTextToo {
			return nil, fmt.Errorf("the array answered metadata that is no pair of texts")
		}
		object := fmt.Sprint(row["object_id"])
		if all[object] == nil {
			all[object] = map[string]string{}
		}
		all[object][key] = value
	}
	return all, nil
}

func (m pairs) Put(ctx context.Context, id string, changed map[string]string) error {
	_, err := m.client.Do(ctx, entity.Request{Method: http.MethodPut, Path: entity.Path("metadata", id), Body: changed})
	return err
}

func (m pairs) Delete(ctx context.Context, id, key string) error {
	_, err := m.client.Do(ctx, entity.Request{Method: http.MethodDelete, Path: entity.Path("metadata", id, key)})
	if entity.ReasonOf(err) == entity.NotFound {
		return nil
	}
	return err
}
