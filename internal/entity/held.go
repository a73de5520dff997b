package entity

import (
	"context"
	"fmt"
	"iter"
	"net/http"
	"slices"
	"strings"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
)

// Held says that objects are in a list that their owner has, whose path is the kind's:
// "hosts/{host_id}/ports". They are known by the owner and by the rest of the key there,
// and their own path, by which they are changed and deleted, ends with that rest.
type Held struct {
	// Field is the owner's field that is the list, so that one request tells those of all
	// owners; where it is not said, the list is at the kind's path.
	Field string
}

// isFoundByKey reports whether an object is found by what the user knows of it.
func (k *Kind) isFoundByKey() bool {
	return k.Reading.Find != nil || k.Reading.Held != nil && !k.keyedByID()
}

// findByKey finds the object that has the key of v.
func (k *Kind) findByKey(ctx context.Context, s *Session, v Values) (api.Object, error) {
	if k.Reading.Find != nil {
		return k.Reading.Find(ctx, s, v)
	}
	return k.findHeld(ctx, s, v)
}

// findHeld finds an object in the list of its owner.
func (k *Kind) findHeld(ctx context.Context, s *Session, v Values) (api.Object, error) {
	for _, name := range k.key() {
		if !v.Known(name) {
			return nil, fmt.Errorf("%s is found by %s", article(k.title()), strings.Join(k.key(), " and "))
		}
	}
	return s.Client.ReadFrom(ctx, k.source(v), k.heldID(v))
}

// heldID is by what a source knows an object: its key, as the system spells it.
func (k *Kind) heldID(v Values) string {
	segments := make([]any, len(k.key()))
	for i, name := range k.key() {
		f, _ := k.Facts.find(name)
		segments[i] = plain(v[name])
		if written, ok := f.shape.(text); ok {
			segments[i] = written.normalise(plain(v[name]))
		}
	}
	return api.Path(segments...)
}

// restOfKey are the segments of an object's path after its owner's list.
func (k *Kind) restOfKey(v Values) string {
	var segments []any
	for _, name := range k.key() {
		if slices.Contains(k.parents(), name) {
			continue
		}
		f, _ := k.Facts.find(name)
		if encoded, err := f.shape.encode(v[name]); err == nil && v.Known(name) {
			segments = append(segments, encoded)
		}
	}
	return api.Path(segments...)
}

// source reads the lists: those of all owners where these have them in a field, and else
// the one of the owner that v names.
func (k *Kind) source(v Values) *api.Source {
	source := &api.Source{
		Name: k.path(v),
		ID: func(o api.Object) string {
			found := Values{}
			for _, name := range k.key() {
				f, _ := k.Facts.find(name)
				value, err := f.read(o)
				if err != nil || value.IsNull() {
					return "" // it has no key, and is none of ours
				}
				found[name] = value
			}
			return k.heldID(found)
		},
	}
	byField := k.Reading.Held.Field != ""
	source.List = func(ctx context.Context, c api.Client) iter.Seq2[api.Object, error] { return k.heldBy(ctx, c, v) }
	if byField {
		source.Name, source.List = k.Path, k.heldByAll
	}
	source.Get = func(ctx context.Context, c api.Client, id string) (api.Object, error) {
		all := source.List
		if owner, _, _ := strings.Cut(id, "/"); byField {
			all = func(ctx context.Context, c api.Client) iter.Seq2[api.Object, error] { return k.inField(ctx, c, owner) }
		}
		missing := &api.Error{Reason: api.NotFound, Operation: http.MethodGet + " " + k.Path, Status: http.StatusNotFound, Message: fmt.Sprintf("There is no %s %s", k.title(), id)}
		return api.First(all(ctx, c), func(o api.Object) bool { return source.ID(o) == id }, missing)
	}
	return source
}

// heldBy yields what the owner that v names has.
func (k *Kind) heldBy(ctx context.Context, c api.Client, v Values) iter.Seq2[api.Object, error] {
	if k.Reading.Held.Field != "" {
		return k.inField(ctx, c, plain(v[k.parents()[0]]))
	}
	return func(yield func(api.Object, error) bool) {
		for o, err := range c.List(ctx, k.path(v), api.Query{}) {
			if !yield(k.owned(o, v), err) || err != nil {
				return
			}
		}
	}
}

// inField yields what an owner has in its field.
func (k *Kind) inField(ctx context.Context, c api.Client, owner string) iter.Seq2[api.Object, error] {
	return func(yield func(api.Object, error) bool) {
		o, err := c.Read(ctx, k.owners(), owner, []string{idName, k.Reading.Held.Field})
		if err != nil {
			yield(nil, err)
			return
		}
		api.EachIn(o, k.Reading.Held.Field, k.ownerField(), yield)
	}
}

// heldByAll yields what all owners have in their fields.
func (k *Kind) heldByAll(ctx context.Context, c api.Client) iter.Seq2[api.Object, error] {
	return api.InAll(ctx, c, k.owners(), k.Reading.Held.Field, k.ownerField())
}

// owners is the owners' collection, and ownerField where an object tells its owner.
func (k *Kind) owners() string {
	owners, _, _ := strings.Cut(k.Path, "/{")
	return owners
}

func (k *Kind) ownerField() string {
	f, _ := k.Facts.find(k.parents()[0])
	return f.field
}

// checkHeld holds objects in a list of their owner against their path and key.
func (n *notes) checkHeld(k *Kind) {
	if k.Reading.Held == nil {
		return
	}
	n.add(k.Reading.Find != nil, "Reading.Find and Reading.Held both say how it is found")
	n.add(len(k.parents()) != 1, "Reading.Held wants a Path with one owner: OWNERS/{owner_id}/LIST")
	n.add(len(k.parents()) > 0 && k.key()[0] != k.parents()[0], "Reading.Held wants the owner first in Identity.Key")
	if k.Reading.Held.Field == "" {
		return
	}
	n.add(k.Listing.List != nil || k.Listing.Path != "", "Listing and Reading.Held both say where objects are listed")
	for _, f := range k.Facts {
		n.add(f.isFilterable() || f.isSortable(), "fact %s: it is Queryable, and a field of the owner takes no query", f.name)
	}
}
