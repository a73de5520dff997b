package ontap

import (
	"context"
	"fmt"
	"iter"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/rest"
)

// List implements api.Client. It follows the links that lead from each page
// to the next.
func (c *Client) List(ctx context.Context, path string, q api.Query) iter.Seq2[api.Object, error] {
	return func(yield func(api.Object, error) bool) {
		operation := http.MethodGet + " " + path
		fail := func(format string, args ...any) {
			yield(nil, &api.Error{Operation: operation, Message: fmt.Sprintf(format, args...)})
		}
		query, err := parameters(q)
		if err != nil {
			fail("%v", err)
			return
		}
		left := q.Limit
		for followed := map[string]bool{}; ; {
			answer, err := c.exchange(ctx, rest.Request{Method: http.MethodGet, Path: path, Query: query})
			if err != nil {
				yield(nil, err)
				return
			}
			records, ok := recordsOf(answer)
			if !ok {
				fail("the answer holds no records")
				return
			}
			for _, record := range records {
				object, ok := record.(api.Object)
				if !ok {
					fail("the answer holds a record that is no object")
					return
				}
				if !yield(object, nil) {
					return
				}
				if left--; left == 0 {
					return
				}
			}
			next := nextOf(answer)
			if next == "" {
				return
			}
			if followed[next] {
				fail("the pages of the listing lead in a circle")
				return
			}
			followed[next] = true
			if path, query, err = follow(next); err != nil {
				fail("%v", err)
				return
			}
		}
	}
}

// parameters writes a query as ONTAP's. All fields are asked for: without the
// word, the cluster answers with those that identify an object.
func parameters(q api.Query) (url.Values, error) {
	p := url.Values{"fields": {"*"}}
	maps.Copy(p, q.Params)
	for _, f := range q.Filters {
		if f.Operator != api.Equal || len(f.Values) != 1 {
			return nil, fmt.Errorf("filter on %s: the operation compares with one value", f.Field)
		}
		// Not Add, which may write into the caller's slice.
		p[f.Field] = append(slices.Clip(p[f.Field]), f.Values[0])
	}
	var order []string
	for _, field := range q.Sort {
		if bare, down := strings.CutPrefix(field, "-"); down {
			field = bare + " desc"
		}
		order = append(order, field)
	}
	if len(order) > 0 {
		p.Set("order_by", strings.Join(order, ","))
	}
	if q.Limit > 0 {
		p.Set("max_records", strconv.Itoa(q.Limit))
	}
	return p, nil
}

// nextOf is the link to the next page, or "".
func nextOf(answer api.Object) string {
	links, _ := answer["_links"].(api.Object)
	next, _ := links["next"].(api.Object)
	href, _ := next["href"].(string)
	return href
}

// follow takes of a link what is below the API's root, so that no link can send
// the password elsewhere.
func follow(link string) (path string, query url.Values, err error) {
	u, err := url.Parse(link)
	if err != nil {
		return "", nil, fmt.Errorf("the link to the next page is not valid")
	}
	path, ok := strings.CutPrefix(u.EscapedPath(), root+"/")
	if !ok {
		return "", nil, fmt.Errorf("the link to the next page leads out of the API")
	}
	return path, u.Query(), nil
}
