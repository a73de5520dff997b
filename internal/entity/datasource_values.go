package entity

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
)

// reading reads objects for a data source. A field of another form than the provider
// knows it by, as of a version of the system that came later, must not hide all the
// others: it is null, and a warning says so once, however many objects have it.
type reading struct {
	what string // is read, in a sentence
	odd  []string
	why  map[string]error
}

func newReading(what string) *reading { return &reading{what: what, why: map[string]error{}} }

// object reads every fact of an object.
func (r *reading) object(facts Facts, o api.Object) Values { return r.within("", facts, o) }

// within reads the facts of an object within another, whose attributes have names
// that begin with where it is.
func (r *reading) within(where string, facts Facts, o api.Object) Values {
	values := make(Values, len(facts))
	for _, f := range facts.readable() {
		values[f.name] = r.value(where+f.name, f.field, f.shape, f.valueIn(o))
	}
	return values
}

func (r *reading) value(name, field string, s shape, answer any) attr.Value {
	list, _ := s.(collection)
	if of, isRecord := list.element.(record); isRecord {
		if items, ok := answer.([]any); ok {
			return r.records(name, field, list, of, items)
		}
	}
	if one, isRecord := s.(record); isRecord {
		if o, ok := answer.(api.Object); ok {
			return types.ObjectValueMust(one.facts.attrTypes(), r.within(name+".", one.facts, o))
		}
	}
	value, err := s.decode(answer)
	if err != nil {
		r.tell(name, fmt.Errorf("in the field %s, %w", field, err))
		return absent(s.attrType())
	}
	return value
}

func (r *reading) records(name, field string, list collection, of record, items []any) attr.Value {
	values := make([]attr.Value, 0, len(items))
	for _, item := range items {
		o, ok := item.(api.Object)
		if !ok {
			if item != nil {
				r.tell(name, fmt.Errorf("in the field %s, %w", field, unexpected(item, "an object")))
			}
			continue
		}
		values = append(values, types.ObjectValueMust(of.facts.attrTypes(), r.within(name+".", of.facts, o)))
	}
	return list.of(values)
}

func (r *reading) tell(name string, err error) {
	if r.why[name] == nil {
		r.odd = append(r.odd, name)
		r.why[name] = err
	}
}

// warnings are about what could not be read.
func (r *reading) warnings() diag.Diagnostics {
	var all diag.Diagnostics
	for _, name := range r.odd {
		all.AddWarning(fmt.Sprintf("Could not read %s of the %s", name, r.what),
			sentence(r.why[name].Error())+" It is left out here; all else is as the system says. "+
				"The provider does not know this form of the field: please report it, with the version of the system.")
	}
	return all
}

// absent is the null of a type.
func absent(t attr.Type) attr.Value {
	ctx := context.Background()
	null, err := t.ValueFromTerraform(ctx, nullOf(ctx, t))
	if err != nil {
		panic(err) // no type has no null
	}
	return null
}

// unknownOf is what a type has for a value that is not known yet.
func unknownOf(t attr.Type) attr.Value {
	ctx := context.Background()
	unknown, err := t.ValueFromTerraform(ctx, tftypes.NewValue(t.TerraformType(ctx), tftypes.UnknownValue))
	if err != nil {
		panic(err) // every type has an unknown
	}
	return unknown
}
