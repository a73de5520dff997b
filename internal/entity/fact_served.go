package entity

import (
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/attr"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
)

// attributes are the fact's attributes in a resource: two for a secret.
func (f Fact) writeOnlyName() string { return f.name + "_wo" }
func (f Fact) versionName() string   { return f.name + "_wo_version" }

// stateName is the attribute in whose change a change of the fact shows.
func (f Fact) stateName() string {
	if f.secret {
		return f.versionName()
	}
	return f.name
}

// isMutable reports whether a change leaves the object in place.
func (f Fact) isMutable() bool { return f.mutable && !f.immutable }

// replaces reports whether a change of the fact replaces the object.
func (f Fact) replaces(before, after Values) bool {
	return !f.isMutable() || slices.ContainsFunc(f.anew, func(c *factDanger) bool {
		return after[f.name].IsUnknown() || c.is(before, after)
	})
}

// isFilterable and isSortable report what listings take it for.
func (f Fact) isFilterable() bool { return f.filterable && !f.unqueried }
func (f Fact) isSortable() bool   { return f.sortable && !f.unqueried }

// untold reports whether the system never tells it.
func (f Fact) untold() bool { return f.unread || f.instruction }

// inResource reports whether the resource has the fact.
func (f Fact) inResource() bool { return f.use != moving }

// hasOperation reports whether a change is no update of fields.
func (f Fact) hasOperation() bool { return f.change != nil || f.left != nil }

// settable reports whether a user can set it.
func (f Fact) settable() bool { return f.use == defaulted || f.use == required || f.use == optional }

// computed reports whether the system sets it where the user does not.
func (f Fact) computed() bool { return f.use == lasting || f.use == defaulted }

// read is the fact's value in an object of the system.
func (f Fact) read(o api.Object) (attr.Value, error) {
	value, err := f.shape.decode(f.valueIn(o))
	if err != nil {
		return nil, fmt.Errorf("in the field %s, %w", f.field, err)
	}
	return value, nil
}

// told reports whether an answer speaks of the fact: what it leaves out stays as it
// was.
func (f Fact) told(o api.Object) bool {
	if f.constant {
		return true
	}
	value, ok := api.FieldOf(o, f.field)
	if _, err := f.shape.decode(value); f.lenient && err != nil {
		return false
	}
	for _, other := range f.others {
		_, also := api.FieldOf(o, other)
		ok = ok && also
	}
	return ok
}

// valueIn is the fact as an object of the system has it.
func (f Fact) valueIn(o api.Object) any {
	if f.from != nil {
		return f.from(o)
	}
	value, _ := api.FieldOf(o, f.field)
	return value
}

// put puts an encoded value into the body of a request.
func (f Fact) put(body api.Object, value any) {
	if f.into != nil {
		f.into(body, value)
		return
	}
	api.SetField(body, f.field, value)
}

// find is the fact of that name.
func (fs Facts) find(name string) (Fact, bool) {
	i := slices.IndexFunc(fs, func(f Fact) bool { return f.name == name })
	if i < 0 {
		return Fact{}, false
	}
	return fs[i], true
}

// readable are the facts that an answer can hold, or from which others can be told: no
// secret, and no word on how a change is meant.
func (fs Facts) readable() Facts {
	return fs.those(func(f Fact) bool { return !f.secret && !f.instruction })
}

// those are the facts that pass the test, in a table of just that size: facts are large,
// and this is asked for every object.
func (fs Facts) those(test func(Fact) bool) Facts {
	n := 0
	for _, f := range fs {
		if test(f) {
			n++
		}
	}
	some := make(Facts, 0, n)
	for _, f := range fs {
		if test(f) {
			some = append(some, f)
		}
	}
	return some
}

func (fs Facts) attrTypes() map[string]attr.Type {
	all := make(map[string]attr.Type, len(fs))
	for _, f := range fs.readable() {
		all[f.name] = f.shape.attrType()
	}
	return all
}

// names of the facts that pass the test, in the table's order.
func (fs Facts) names(test func(Fact) bool) []string {
	var names []string
	for _, f := range fs {
		if test(f) {
			names = append(names, f.name)
		}
	}
	return names
}
