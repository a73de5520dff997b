package entity

import (
	"context"
	"fmt"
	"iter"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
)

func (k *Kind) notFound(what string) error {
	return &api.Error{Reason: api.NotFound, Operation: "GET " + k.Path, Status: 404, Message: fmt.Sprintf("There is no %s with %s", k.title(), what)}
}

// find reads the object that v identifies.
func (k *Kind) find(ctx context.Context, s *Session, v Values, inResource bool) (api.Object, error) {
	if k.isFoundByKey() {
		return k.findByKey(ctx, s, v)
	}
	if k.isOne() {
		return k.readSingleton(ctx, s)
	}
	if !v.Known(idName) {
		return nil, fmt.Errorf("it is not known which %s is meant: it has no id", k.title())
	}
	id := idOf(v)
	o, err := k.readByID(ctx, s, v, inResource)
	if err != nil {
		return nil, err
	}
	o = k.owned(o, v)
	if !k.isAbout(o, id) {
		return nil, &api.Error{Operation: http.MethodGet + " " + k.path(v) + "/" + id, Message: "the answer is not of the id and type that were expected"}
	}
	if !k.belongs(o) {
		return nil, k.notFound("id " + id + ": the object of that id is of another kind")
	}
	return o, k.addBeside(ctx, s, o)
}

// readByID asks for the object with the id of v.
func (k *Kind) readByID(ctx context.Context, s *Session, v Values, inResource bool) (api.Object, error) {
	if k.Reading.Held != nil {
		return k.findHeld(ctx, s, v)
	}
	return s.Client.Read(ctx, k.path(v), idOf(v), k.fields(inResource))
}

// isAbout reports whether an answer is about the object that was asked for, and
// says what tells its kind: no other answer may change a state.
func (k *Kind) isAbout(o api.Object, id string) bool {
	return k.idIn(o) == id && !slices.ContainsFunc(k.Identity.Match, func(w api.Filter) bool {
		_, isText := o[w.Field].(string)
		return !isText
	})
}

func (k *Kind) addBeside(ctx context.Context, s *Session, o api.Object) error {
	if k.Reading.Beside == nil {
		return nil
	}
	return k.Reading.Beside(ctx, s, o)
}

func (k *Kind) deduce(ctx context.Context, s *Session, v Values) error {
	if k.Reading.Deduce == nil {
		return nil
	}
	return k.Reading.Deduce(ctx, s, v)
}

// lookUpByName is findByName for data sources, of which there may be many: it may
// answer from a batch of reads.
func (k *Kind) lookUpByName(ctx context.Context, s *Session, v Values) (api.Object, error) {
	// A batch knows objects by what is called name alone.
	if reader, ok := s.Client.(api.NameReader); ok && k.labelField() == "name" && len(k.Identity.NamedIn) == 0 && k.Reading.Find == nil {
		o, err := reader.ReadNamed(ctx, k.path(v), v.Text(k.label()), k.fields(false))
		if err != nil {
			return nil, err
		}
		if strings.EqualFold(k.labelIn(o), v.Text(k.label())) && k.belongs(o) {
			return k.owned(o, v), k.addBeside(ctx, s, o)
		}
	}
	return k.findByName(ctx, s, v, nil)
}

// findByName reads the object that has the label of v. Labels are unique per kind, and
// within what v says that they are unique in, where the page does not find objects in its
// own way.
func (k *Kind) findByName(ctx context.Context, s *Session, v Values, fields []string) (api.Object, error) {
	if k.Reading.Find != nil && k.keyedByID() {
		return k.Reading.Find(ctx, s, v)
	}
	name := v.Text(k.label())
	if fields != nil {
		fields = append(slices.Clone(fields), k.distinctions()...)
	}
	q := api.Query{Filters: k.sent(k.Identity.Match), Fields: fields}
	if f, _ := k.Facts.find(k.label()); f.isFilterable() {
		q.Filters = append(api.Where(f.field, name), q.Filters...)
	}
	var found api.Object
	for o, err := range s.Client.List(ctx, k.listPath(v), q) {
		if err != nil {
			return nil, err
		}
		// A system that ignores an unknown filter must not make us take another object.
		if strings.EqualFold(k.labelIn(o), name) && (len(q.Fields) > 0 && !k.isHeld() || k.belongs(o)) && k.isWithin(o, v) {
			if found != nil {
				return nil, k.severalNamed(name)
			}
			found = o
			if k.saysWithin(v) {
				break
			}
		}
	}
	if found == nil {
		return nil, k.notFound(fmt.Sprintf("the %s %q", strings.ReplaceAll(k.label(), "_", " "), name))
	}
	return k.owned(found, v), k.addBeside(ctx, s, found)
}

// severalNamed is of a name that does not say which object is meant.
func (k *Kind) severalNamed(name string) error {
	return fmt.Errorf("there are several %s with the %s %q, which differ in %s: say which is meant by that, or by the id",
		k.pluralTitle(), strings.ReplaceAll(k.label(), "_", " "), name, strings.Join(k.Identity.NamedIn, " and "))
}

// list yields the objects of this kind that a query selects.
func (k *Kind) list(ctx context.Context, s *Session, scope Values, q api.Query) iter.Seq2[api.Object, error] {
	q.Filters = append(k.sent(k.Identity.Match), q.Filters...)
	checks := k.isHeld()
	limit := q.Limit
	if checks {
		q.Limit = 0 // what is only checked is counted here
	}
	return limited(func(yield func(api.Object, error) bool) {
		all := k.Listing.List
		if all == nil && k.Reading.Held != nil && k.Reading.Held.Field != "" {
			all = func(ctx context.Context, s *Session, scope Values, _ api.Query) iter.Seq2[api.Object, error] {
				return k.heldBy(ctx, s.Client, scope)
			}
		}
		if all == nil {
			all = func(ctx context.Context, s *Session, scope Values, q api.Query) iter.Seq2[api.Object, error] {
				return s.Client.List(ctx, k.listPath(scope), q)
			}
		}
		for o, err := range all(ctx, s, scope, q) {
			if err == nil && checks && !k.belongs(o) {
				continue
			}
			if !yield(k.owned(o, scope), err) {
				return
			}
		}
	}, limit)
}

// sent are the conditions that a system can be asked for.
func (k *Kind) sent(all []api.Filter) []api.Filter {
	return slices.DeleteFunc(slices.Clone(all), func(f api.Filter) bool { return f.Unsent })
}

// listPath is where the objects are listed.
func (k *Kind) listPath(v Values) string {
	if k.Listing.Path != "" {
		return k.Listing.Path
	}
	return k.path(v)
}

// limited are the first of a listing; all where the limit is 0. What lists may end
// there by itself, and need not.
func limited(all iter.Seq2[api.Object, error], limit int) iter.Seq2[api.Object, error] {
	if limit == 0 {
		return all
	}
	return func(yield func(api.Object, error) bool) {
		left := limit
		for o, err := range all {
			if left--; !yield(o, err) || left == 0 {
				return
			}
		}
	}
}

// idOf is the id of an object, as a path segment; "" where it has none.
func idOf(v Values) string { return plain(v[idName]) }

// parent finds the placeholders of a path: the attributes that name the owners.
var parent = regexp.MustCompile(`\{([a-z_]+)\}`)

// parents are the attributes that name the owners in the kind's path.
func (k *Kind) parents() []string {
	if !k.isOwned() {
		return nil
	}
	var names []string
	for _, match := range parent.FindAllStringSubmatch(k.Path, -1) {
		names = append(names, match[1])
	}
	return names
}

// isOwned reports whether the kind's path names owners. It is asked for every object, of
// which most are not: the pattern is worth no look at their path.
func (k *Kind) isOwned() bool { return strings.Contains(k.Path, "{") }

// path is the kind's collection, of the owners that v names.
func (k *Kind) path(v Values) string {
	if !k.isOwned() {
		return k.Path
	}
	return parent.ReplaceAllStringFunc(k.Path, func(placeholder string) string {
		return api.Path(plain(v[strings.Trim(placeholder, "{}")]))
	})
}

// objectPath is the path of the object that v identifies.
func (k *Kind) objectPath(v Values) string {
	if k.isOne() {
		return k.Path
	}
	if k.Reading.Held != nil {
		return k.path(v) + "/" + k.restOfKey(v)
	}
	return k.path(v) + "/" + idOf(v)
}

// plain is a number or a text without Terraform's quotes; "" for what is null or not
// known yet.
func plain(value attr.Value) string {
	if text, ok := textOf(value); ok {
		return text
	}
	if n, ok := value.(types.Int64); ok && !n.IsNull() && !n.IsUnknown() {
		return strconv.FormatInt(n.ValueInt64(), 10)
	}
	if b, ok := value.(types.Bool); ok && !b.IsNull() && !b.IsUnknown() {
		return strconv.FormatBool(b.ValueBool())
	}
	return ""
}
