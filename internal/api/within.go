package api

import (
	"context"
	"iter"
	"maps"
)

// First is the first object of a listing that is as asked for; missing where there is none.
func First(all iter.Seq2[Object, error], is func(Object) bool, missing error) (Object, error) {
	for o, err := range all {
		if err != nil {
			return nil, err
		}
		if is(o) {
			return o, nil
		}
	}
	return nil, missing
}

// InAll yields the objects that those of a collection have in a field. Each tells in the
// field owner whose it is, "" where it does by itself.
func InAll(ctx context.Context, c Client, collection, field, owner string) iter.Seq2[Object, error] {
	return func(yield func(Object, error) bool) {
		for o, err := range c.List(ctx, collection, Query{Fields: []string{"id", field}}) {
			if err != nil {
				yield(nil, err)
				return
			}
			if !EachIn(o, field, owner, yield) {
				return
			}
		}
	}
}

// EachIn yields the objects that one has in a field, until that takes no more.
func EachIn(o Object, field, owner string, yield func(Object, error) bool) bool {
	members, _ := o[field].([]any)
	for _, m := range members {
		member, ok := m.(Object)
		if !ok {
			continue
		}
		if _, told := member[owner]; owner != "" && !told {
			member = maps.Clone(member) // it may be a listing's
			member[owner] = o["id"]
		}
		if !yield(member, nil) {
			return false
		}
	}
	return true
}
