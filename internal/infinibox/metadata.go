package infinibox

import (
	"context"
	"fmt"
	"iter"
	"net/http"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
)

// pairs keeps the metadata of the array's objects. It implements
// entity.MetadataStore.
type pairs struct{ client api.Client }

// Get reads an object's pairs, batched like the objects themselves.
func (m pairs) Get(ctx context.Context, id string) (map[string]string, error) {
	o, err := m.client.ReadFrom(ctx, pairsByObject, id)
	if err != nil {
		return nil, err
	}
	own := map[string]string{}
	for key, value := range o["pairs"].(api.Object) {
		own[key] = value.(string)
	}
	return own, nil
}

func (m pairs) All(ctx context.Context) (map[string]map[string]string, error) {
	return rows(ctx, m.client, "metadata")
}

// pairsByObject turns the array's rows of metadata into one object per object
// that has any.
var pairsByObject = &api.Source{
	Name: "metadata",
	Get: func(ctx context.Context, c api.Client, id string) (api.Object, error) {
		all, err := rows(ctx, c, api.Path("metadata", id))
		return pairsObject(id, all[id]), err
	},
	List: func(ctx context.Context, c api.Client) iter.Seq2[api.Object, error] {
		return func(yield func(api.Object, error) bool) {
			all, err := rows(ctx, c, "metadata")
			if err != nil {
				yield(nil, err)
				return
			}
			for id, own := range all {
				if !yield(pairsObject(id, own), nil) {
					return
				}
			}
		}
	},
	ID:     func(o api.Object) string { return o["object_id"].(string) },
	Absent: func(id string) api.Object { return pairsObject(id, nil) },
}

func pairsObject(id string, own map[string]string) api.Object {
	all := api.Object{}
	for key, value := range own {
		all[key] = value
	}
	return api.Object{"object_id": id, "pairs": all}
}

// rows reads metadata as a listing gives it: a row per pair.
func rows(ctx context.Context, c api.Client, path string) (map[string]map[string]string, error) {
	all := map[string]map[string]string{}
	for row, err := range c.List(ctx, path, api.Query{}) {
		if err != nil {
			return nil, err
		}
		key, isText := row["key"].(string)
		value, isTextToo := row["value"].(string)
		if !isText || !isTextToo {
			return nil, fmt.Errorf("the array answered metadata that is no pair of texts")
		}
		object := fmt.Sprint(row["object_id"])
		if row["object_type"] == "system" {
			object = "system" // as in the path; the array gives it a number of its own
		}
		if all[object] == nil {
			all[object] = map[string]string{}
		}
		all[object][key] = value
	}
	return all, nil
}

func (m pairs) Put(ctx context.Context, id string, changed map[string]string) error {
	_, err := m.client.Do(ctx, api.Request{Method: http.MethodPut, Path: api.Path("metadata", id), Body: changed})
	return err
}

func (m pairs) Delete(ctx context.Context, id, key string) error {
	_, err := m.client.Do(ctx, api.Request{Method: http.MethodDelete, Path: api.Path("metadata", id, key)})
	if api.ReasonOf(err) == api.NotFound {
		return nil
	}
	return err
}
