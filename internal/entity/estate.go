package entity

import (
	"context"
	"iter"
	"maps"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
)

// Existing is an object that is there, for what writes the configuration of an estate.
type Existing struct {
	// Values are its attributes, as its import would find them.
	Values Values
	// Secrets are the write-only attributes that it has a value of, which nothing tells.
	Secrets []string
}

// Argument is an attribute that a configuration can set, and which a state holds.
type Argument struct {
	Name string
	// To are the types of the objects that it refers to by their ids.
	To []string
	// Required says that no configuration is without it, and Defaulted that the system
	// chooses where the configuration does not.
	Required, Defaulted bool
}

// TypeName is the name of the kind's resource.
func (k *Kind) TypeName() string { return k.typeName() }

// Title is the entity in a sentence: "host cluster".
func (k *Kind) Title() string { return k.title() }

// IsOne reports whether there are no two of the kind.
func (k *Kind) IsOne() bool { return k.isOne() }

// ImportID is what terraform import takes for an object.
func (k *Kind) ImportID(v Values) string { return k.importID(v) }

// Naming are the attributes that tell an object from others of its kind, as people know it:
// those of its owners and its name, or else its key. Fully are those too that objects of
// one name differ in.
func (k *Kind) Naming(fully bool) []string {
	if !k.hasLabel() {
		return k.key()
	}
	names := append(k.parents(), k.label())
	if fully {
		others := slices.Concat(k.Identity.NamedIn, k.Reading.By)
		names = append(names, slices.DeleteFunc(others, func(name string) bool { return name == idName || slices.Contains(names, name) })...)
	}
	return names
}

// Arguments are the attributes that a configuration can set, in the page's order. What is
// no word on the object itself is not among them, nor are secrets.
func (k *Kind) Arguments() []Argument {
	var all []Argument
	for _, f := range k.resourceFacts() {
		if f.settable() && !f.secret && !f.instruction {
			all = append(all, Argument{Name: f.name, To: k.typesOf(f), Required: f.use == required && f.of == nil, Defaulted: f.use == defaulted})
		}
	}
	if k.hasMetadata() {
		all = append(all, Argument{Name: metadataName, Defaulted: true})
	}
	return all
}

// typesOf are the types that a fact refers to.
func (k *Kind) typesOf(f Fact) []string {
	var all []string
	for _, name := range k.namesOf(f) {
		all = append(all, (&Kind{System: k.System, Name: name}).typeName())
	}
	return all
}

// Existing yields all objects of a kind that there are: as many requests as there are
// thousands of them, or owners by which they are listed.
func (k *Kind) Existing(ctx context.Context, s *Session) iter.Seq2[Existing, error] {
	return func(yield func(Existing, error) bool) {
		full := stateTypes(&tfsdk.State{Schema: k.resourceSchema(ctx)})
		if k.isOne() {
			o, err := k.find(ctx, s, Values{}, true)
			if api.ReasonOf(err) != api.NotFound {
				yield(k.existing(ctx, s, o, full, err))
			}
			return
		}
		scopes, err := k.scopes(ctx, s)
		if err != nil {
			yield(Existing{}, err)
			return
		}
		for _, scope := range scopes {
			for o, err := range k.list(ctx, s, scope, api.Query{Fields: k.fields(true)}) {
				if !yield(k.existing(ctx, s, o, full, err)) || err != nil {
					return
				}
			}
		}
	}
}

// scopes are the owners by which objects are listed: one that says nothing where they are
// listed at once.
func (k *Kind) scopes(ctx context.Context, s *Session) ([]Values, error) {
	all := []Values{{}}
	for _, name := range k.parents() {
		f, _ := k.Facts.find(name)
		types := k.typesOf(f)
		var scopes []Values
		for _, owner := range s.kinds {
			if !slices.Contains(types, owner.typeName()) {
				continue
			}
			for o, err := range owner.list(ctx, s, Values{}, api.Query{Fields: owner.idFields()}) {
				if err != nil {
					return nil, err
				}
				id, err := f.parsed(owner.idIn(o))
				if err != nil {
					return nil, err
				}
				for _, scope := range all {
					scopes = append(scopes, scope.with(name, id))
				}
			}
		}
		all = scopes
	}
	return all, nil
}

func (v Values) with(name string, value attr.Value) Values {
	all := maps.Clone(v)
	all[name] = value
	return all
}

// existing is an object that was read, or why it was not.
func (k *Kind) existing(ctx context.Context, s *Session, o api.Object, full map[string]attr.Type, err error) (Existing, error) {
	if err != nil {
		return Existing{}, err
	}
	v, err := k.imported(ctx, s, o, full, true)
	if err != nil {
		return Existing{}, err
	}
	found := Existing{Values: v}
	for _, f := range k.resourceFacts() {
		if f.secret && !f.unread && k.hasSecret(f, v, o) {
			found.Secrets = append(found.Secrets, f.writeOnlyName())
		}
	}
	return found, nil
}

// hasSecret reports whether an object has a secret, as far as it can be told.
func (k *Kind) hasSecret(f Fact, v Values, o api.Object) bool {
	switch {
	case f.proof != "":
		has, _ := api.FieldOf(o, f.proof)
		return has == true
	case f.sentWith != "":
		return v.Known(f.sentWith)
	case f.of != nil:
		return slices.ContainsFunc(f.of.all(), func(one variant) bool { return slices.Contains(one.values, v.Text(one.by)) })
	}
	return true
}

// imported is an object as its import would find it; without what takes requests of its
// own where it is not wanted whole.
func (k *Kind) imported(ctx context.Context, s *Session, o api.Object, full map[string]attr.Type, whole bool) (Values, error) {
	state := Values{}
	for name, t := range full {
		null, err := t.ValueFromTerraform(ctx, nullOf(ctx, t))
		if err != nil {
			return nil, err
		}
		state[name] = null
	}
	err := k.addBeside(ctx, s, o)
	if err == nil {
		state, err = k.merge(state, o)
	}
	if err == nil && whole && k.hasMetadata() {
		err = readMetadata(ctx, s, state, true)
	}
	if err == nil && whole {
		err = k.deduce(ctx, s, state)
	}
	return state, err
}

// FromEnvironment makes the session of a system that the environment tells how to reach;
// nil where it does not speak of it.
func (s *System) FromEnvironment(ctx context.Context) (*Session, diag.Diagnostics) {
	return s.Configure(ctx, types.ObjectNull(nil))
}
