package common

import (
	"context"
	"fmt"
	"iter"

	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
)

// WithNone says of a source that what its listing has not is there, and empty.
func WithNone(what string, s *entity.Source) *entity.Source {
	s.Absent = func(id string) entity.Object { return entity.Object{"id": id, what: []any{}} }
	return s
}

// Grouped turns the objects of a collection around that name another one in a field:
// for each of these, under what, one field of theirs. Of says how to list those of one.
func Grouped(name, collection, by, field, what string, of func(id string) (string, entity.Query)) *entity.Source {
	return &entity.Source{
		Name: name,
		Get: func(ctx context.Context, c entity.Client, id string) (entity.Object, error) {
			members := []any{}
			path, q := of(id)
			for o, err := range c.List(ctx, path, q) {
				if err != nil {
					return nil, err
				}
				members = append(members, o[field])
			}
			return entity.Object{"id": id, what: members}, nil
		},
		List: func(ctx context.Context, c entity.Client) iter.Seq2[entity.Object, error] {
			return func(yield func(entity.Object, error) bool) {
				groups := map[string][]any{}
				q := entity.Query{Fields: []string{"id", field, by}, Filters: []entity.Filter{{Field: by, Operator: entity.IsNotNull}}}
				if field == "id" {
					q.Fields = []string{"id", by}
				}
				for o, err := range c.List(ctx, collection, q) {
					if err != nil {
						yield(nil, err)
						return
					}
					if group := fmt.Sprint(o[by]); !entity.IsNothing(o[by]) {
						groups[group] = append(groups[group], o[field])
					}
				}
				for group, members := range groups {
					if !yield(entity.Object{"id": group, what: members}, nil) {
						return
					}
				}
			}
		},
		ID: func(o entity.Object) string { return fmt.Sprint(o["id"]) },
	}
}
