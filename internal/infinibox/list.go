package infinibox

import (
	"context"
	"fmt"
	"iter"
	"maps"
	"net/http"
	"net/url"
	"strconv"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
)

const (
	// pageSize is the largest page that the array serves.
	pageSize = 1000
	// maxWalks bounds how often a listing is walked when the collection changes
	// under it.
	maxWalks = 3
)

// List implements api.Client. Each object comes once: should the collection
// change between two pages, so that one shifts across them, the pages are walked
// again for what was missed. That takes the field id; without it, a listing of
// several pages is as good as the array's paging.
func (c *Client) List(ctx context.Context, path string, q api.Query) iter.Seq2[api.Object, error] {
	return func(yield func(api.Object, error) bool) {
		p, err := parameters(q)
		if err != nil {
			yield(nil, &api.Error{Operation: http.MethodGet + " " + path, Message: err.Error(), Err: err})
			return
		}
		w := walk{client: c, path: path, parameters: p, left: q.Limit, size: pageSize, seen: map[string]bool{}, yield: yield}
		if q.Limit > 0 {
			w.size = min(q.Limit, pageSize)
		} else {
			w.left = -1
		}
		for range maxWalks {
			if complete := w.pages(ctx); complete {
				return
			}
		}
	}
}

// walk is a listing under way.
type walk struct {
	client     *Client
	path       string
	parameters url.Values
	size       int
	left       int // objects wanted yet; negative for all
	seen       map[string]bool
	yield      func(api.Object, error) bool
}

// pages yields what no earlier walk has, and reports whether that was the end.
func (w *walk) pages(ctx context.Context) (complete bool) {
	for number := 1; ; number++ {
		objects, m, err := w.client.page(ctx, w.path, w.parameters, number, w.size)
		if err != nil {
			w.yield(nil, err)
			return true
		}
		if err := checkSize(ctx, m.PagesTotal); err != nil {
			w.yield(nil, err)
			return true
		}
		for _, object := range objects {
			if id, ok := idOf(object); ok {
				if w.seen[id] {
					continue
				}
				w.seen[id] = true
			}
			if !w.yield(object, nil) {
				return true
			}
			if w.left--; w.left == 0 {
				return true
			}
		}
		if number >= m.PagesTotal || len(objects) == 0 {
			// One page shows one moment; over several, objects may have been missed.
			return number == 1 || len(w.seen) == 0 || len(w.seen) >= m.NumberOfObjects
		}
	}
}

// page gets one page of a collection.
func (c *Client) page(ctx context.Context, path string, parameters url.Values, number, size int) ([]api.Object, metadata, error) {
	query := make(url.Values, len(parameters)+2)
	maps.Copy(query, parameters)
	query.Set("page", strconv.Itoa(number))
	query.Set("page_size", strconv.Itoa(size))
	r := api.Request{Method: http.MethodGet, Path: path, Query: query}
	answer, err := c.operate(ctx, r)
	if err != nil {
		return nil, metadata{}, err
	}
	items, ok := answer.Result.([]any)
	if !ok {
		return nil, metadata{}, unexpected(r, "a list", answer.Result)
	}
	objects := make([]api.Object, len(items))
	for i, item := range items {
		if objects[i], ok = item.(api.Object); !ok {
			return nil, metadata{}, unexpected(r, "a list of objects", item)
		}
	}
	return objects, answer.Metadata, nil
}

// unexpected is a result of another shape than the operation's.
func unexpected(r api.Request, want string, got any) error {
	return &api.Error{
		Operation: r.Method + " " + r.Path,
		Message:   fmt.Sprintf("the array's answer holds %s in place of %s", shape(got), want),
	}
}

func shape(v any) string {
	switch v.(type) {
	case nil:
		return "nothing"
	case api.Object:
		return "an object"
	case []any:
		return "a list"
	}
	return "a single value"
}

// idOf is an object's id as text.
func idOf(object api.Object) (string, bool) {
	switch id := object["id"].(type) {
	case nil:
		return "", false
	default:
		return fmt.Sprint(id), true
	}
}
