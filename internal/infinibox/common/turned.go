package common

import (
	"context"
	"fmt"
	"iter"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
)

// WithNone says of a source that what its listing has not is there, and empty.
func WithNone(what string, s *api.Source) *api.Source {
	s.Absent = func(id string) api.Object { return api.Object{"id": id, what: []any{}} }
	return s
}

// Grouped turns the objects of a collection around that name another one in a field:
// for each of these, under what, one field of theirs. Of says how to list those of one.
func Grouped(name, collection, by, field, what string, of func(id string) (string, api.Query)) *api.Source {
	all := api.Query{Fields: []string{"id", field, by}, Filters: []api.Filter{{Field: by, Operator: api.IsNotNull}}}
	if field == "id" {
		all.Fields = []string{"id", by}
	}
	return grouped(name, collection, by, what, all, of, func(o api.Object) any { return o[field] })
}

// GroupedByListing is Grouped of a collection that cannot be asked for those of one: all of
// it is listed. What names nothing is left out.
func GroupedByListing(name, collection, by, field, what string) *api.Source {
	all := api.Query{Fields: []string{"id", field, by}}
	s := WithNone(what, grouped(name, collection, by, what, all, nil, func(o api.Object) any { return o[field] }))
	s.Get = func(ctx context.Context, c api.Client, id string) (api.Object, error) {
		for o, err := range s.List(ctx, c) {
			if err != nil || s.ID(o) == id {
				return o, err
			}
		}
		return s.Absent(id), nil
	}
	return s
}

// grouped is Grouped where all says how to list those of every one, and pick what is kept
// of each.
func grouped(name, collection, by, what string, all api.Query, of func(id string) (string, api.Query), pick func(api.Object) any) *api.Source {
	return &api.Source{
		Name: name,
		Get: func(ctx context.Context, c api.Client, id string) (api.Object, error) {
			members := []any{}
			path, q := of(id)
			for o, err := range c.List(ctx, path, q) {
				if err != nil {
					return nil, err
				}
				members = append(members, pick(o))
			}
			return api.Object{"id": id, what: members}, nil
		},
		List: func(ctx context.Context, c api.Client) iter.Seq2[api.Object, error] {
			return func(yield func(api.Object, error) bool) {
				groups := map[string][]any{}
				for o, err := range c.List(ctx, collection, all) {
					if err != nil {
						yield(nil, err)
						return
					}
					if group := fmt.Sprint(o[by]); !api.IsNothing(o[by]) {
						groups[group] = append(groups[group], pick(o))
					}
				}
				for group, members := range groups {
					if !yield(api.Object{"id": group, what: members}, nil) {
						return
					}
				}
			}
		},
		ID: func(o api.Object) string { return fmt.Sprint(o["id"]) },
	}
}
