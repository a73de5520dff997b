package entity

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
)

// inTheWay says what a creation, or a new name, has met: which object, since when it
// is there, whether it looks as configured, and how to import it. Nothing is taken
// over: only the user knows whose it is.
func (k *Kind) inTheWay(ctx context.Context, s *Session, want Values) []string {
	o, of := k.holder(ctx, s, want)
	if o == nil {
		return nil
	}
	found := newReading(of.title()).object(of.Facts, o)
	for _, name := range append(of.parents(), of.Identity.Key...) {
		if !found.Known(name) && want.Known(name) {
			found[name] = want[name]
		}
	}
	story := "In the way is the " + of.named(found)
	if made := found.Text(createdField); made != "" {
		story += ", created " + made
	}
	story += ". "
	switch unlike := k.differences(of, want, o); {
	case of != k:
		story += "It is no " + k.title() + "."
	case len(unlike) == 0:
		story += "It looks as configured."
	default:
		story += "It is not as configured: " + strings.Join(unlike, ", ") + "."
	}
	if !of.IsManaged() {
		return []string{story, "It is left alone: choose another name."}
	}
	if s.ledger().manages(of.keyText(found)) {
		return []string{story, "Another resource of this configuration manages it, and did not give way in this run. " +
			"Where it was about to and Terraform took them in the wrong order, apply again. Where a resource was only renamed in the configuration, say so with a moved block."}
	}
	id := of.importID(found)
	return []string{
		story,
		"It is left alone, because only you know whose it is. If it is yours and in no state, as what a killed run leaves behind is, import it:\n\n" +
			fmt.Sprintf("  terraform import %s.NAME '%s'\n\n", of.typeName(), id) +
			"or with a block in the configuration:\n\n" +
			fmt.Sprintf("  import {\n    to = %s.NAME\n    id = %q\n  }\n\n", of.typeName(), id) +
			"where NAME is the resource's name in the configuration. " + k.otherwise(),
	}
}

// otherwise says what to do where it is not to be imported.
func (k *Kind) otherwise() string {
	if k.keyedByUser() {
		return "If it is somebody else's, take this resource out of the configuration. " +
			"If it is one that this run replaces (create_before_destroy), do not import it: the old one must go first."
	}
	return "If it is somebody else's, choose another name. " +
		"If it is one that this run replaces (create_before_destroy), do not import it: the new one needs another name, or the old one must go first, which may take an apply of its own."
}

// holder is the object that has what want is to have, and its kind.
func (k *Kind) holder(ctx context.Context, s *Session, want Values) (api.Object, *Kind) {
	if !k.keyedByID() || !k.hasLabel() || k.isOne() || k.Reading.Find != nil {
		if !k.isFoundByKey() {
			return nil, nil
		}
		sought := maps.Clone(want)
		delete(sought, idName)
		delete(sought, k.BuiltIn.By) // what is in the way need not be built in
		o, err := k.occupant(ctx, s, sought)
		if err != nil {
			return nil, nil
		}
		return o, k
	}
	if !want.Known(k.label()) {
		return nil, nil
	}
	var q api.Query
	if f, _ := k.Facts.find(k.label()); f.isFilterable() {
		q.Filters = api.Where(f.field, want.Text(k.label()))
	}
	for o, err := range s.Client.List(ctx, k.path(want), q) {
		if err != nil {
			return nil, nil
		}
		// A system that ignores an unknown filter must not make us blame another object.
		if !strings.EqualFold(k.labelIn(o), want.Text(k.label())) {
			continue
		}
		for _, of := range append([]*Kind{k}, s.kinds...) {
			if of.Path == k.Path && of.hasLabel() && of.belongs(o) && (len(k.Identity.NamedIn) == 0 || of == k && k.isWithin(o, want)) {
				found := of.owned(o, want)
				return found, of
			}
		}
	}
	return nil, nil
}

// occupant is what is in the place of an object that users know by its key.
func (k *Kind) occupant(ctx context.Context, s *Session, want Values) (api.Object, error) {
	switch {
	case k.Creation.Occupant != nil:
		return k.Creation.Occupant(ctx, s, want)
	case k.isFoundByKey():
		return k.findByKey(ctx, s, want)
	}
	return k.findByName(ctx, s, want, nil)
}

// differences are the attributes in which an object is not what want says.
func (k *Kind) differences(of *Kind, want Values, o api.Object) []string {
	if of != k {
		return nil
	}
	var all []string
	for _, f := range k.resourceFacts() {
		if !f.settable() || f.secret || f.untold() || f.keptBeside || !want.Known(f.name) || !f.told(o) {
			continue
		}
		if value, err := f.read(o); err == nil && !same(f.shape, want[f.name], value) {
			all = append(all, fmt.Sprintf("%s is %s where %s is wanted", f.name, shown(value), shown(want[f.name])))
		}
	}
	return all
}

// importID is what terraform import takes for an object.
func (k *Kind) importID(v Values) string {
	switch {
	case k.Identity.Import.ID != nil:
		return k.Identity.Import.ID(v)
	case k.isOne():
		return k.Name
	case slices.Equal(k.key(), []string{idName}):
		return plain(v[idName])
	}
	var parts []string
	for _, name := range k.key() {
		if v.Known(name) && !slices.Contains(parts, name+"="+plain(v[name])) {
			parts = append(parts, name+"="+plain(v[name]))
		}
	}
	return strings.Join(parts, ",")
}

// keyText tells an object from all others.
func (k *Kind) keyText(v Values) string {
	parts := []string{k.Name}
	for _, name := range k.key() {
		parts = append(parts, plain(v[name]))
	}
	return strings.Join(parts, " ")
}
