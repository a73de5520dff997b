package entity

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
)

// variant is of which objects a fact is: those in which another fact has one of the
// values, or a further one has.
type variant struct {
	by     string
	values []string
	or     []variant
}

// all are the alternatives, each by itself.
func (o variant) all() []variant {
	return append([]variant{{by: o.by, values: o.values}}, o.or...)
}

// String is the variant in a sentence: `type is "PORT" or "VLAN"`.
func (o variant) String() string {
	return o.told(func(one variant) string { return one.by + ` is "` + strings.Join(one.values, `" or "`) + `"` })
}

// doc is the variant in the docs.
func (o variant) doc() string {
	return o.told(func(one variant) string { return "`" + one.by + "` is `" + strings.Join(one.values, "` or `") + "`" })
}

func (o variant) told(tell func(variant) string) string {
	var parts []string
	for _, one := range o.all() {
		parts = append(parts, tell(one))
	}
	return strings.Join(parts, ", or ")
}

// here says what an object has of what tells the variants apart: `it is "TUBE"`.
func (o variant) here(v Values) string {
	all := o.all()
	parts := make([]string, len(all))
	for i, one := range all {
		what := "it"
		if len(all) > 1 {
			what = one.by
		}
		parts[i] = what + " is not set"
		if v.Known(one.by) {
			parts[i] = fmt.Sprintf("%s is %q", what, v.Text(one.by))
		}
	}
	return strings.Join(parts, " and ")
}

// Variant is for which variant of a kind's objects an attribute exists.
type Variant struct {
	By       string    // the attribute that tells the variants apart
	Values   []string  // its values with which the attribute exists
	Or       []Variant // further ones with which it exists
	Required bool      // whether it must be set with these
}

// All are the alternatives, each by itself.
func (v Variant) All() []Variant {
	return append([]Variant{{By: v.By, Values: v.Values, Required: v.Required}}, v.Or...)
}

// Variants are the kind's attributes that only some of its objects have.
func (k *Kind) Variants() map[string]Variant {
	all := map[string]Variant{}
	for _, f := range k.resourceFacts() {
		if f.of != nil && f.settable() {
			v := Variant{By: f.of.by, Values: f.of.values, Required: f.use == required}
			for _, one := range f.of.or {
				v.Or = append(v.Or, Variant{By: one.by, Values: one.values, Required: v.Required})
			}
			all[f.configName()] = v
		}
	}
	return all
}

// configName is the attribute by which a user sets the fact.
func (f Fact) configName() string {
	if f.secret {
		return f.writeOnlyName()
	}
	return f.name
}

// existence is whether an object has a fact.
type existence int

const (
	undecided existence = iota // what decides is not known yet
	existing
	missing
)

// existence tells whether the object of v has a fact.
func (k *Kind) existence(f Fact, v Values) existence {
	if f.of == nil {
		return existing
	}
	is := k.existenceBy(*f.of, v)
	for _, one := range f.of.or {
		if also := k.existenceBy(one, v); also == existing || is == missing {
			is = also
		}
	}
	return is
}

func (k *Kind) existenceBy(o variant, v Values) existence {
	by, _ := k.Facts.find(o.by)
	value := v[by.name]
	switch {
	case k.existence(by, v) == missing:
		return missing
	case value == nil || value.IsUnknown():
		return undecided
	case slices.ContainsFunc(o.values, func(word string) bool { return same(by.shape, types.StringValue(word), value) }):
		return existing
	}
	return missing
}

// hasVariants reports whether some facts are not of all objects.
func (k *Kind) hasVariants() bool {
	return slices.ContainsFunc(k.Facts, func(f Fact) bool { return f.of != nil })
}

// withoutOthers sets to null what the object does not have. A secret that it gets again
// has to be sent again.
func (k *Kind) withoutOthers(v Values) {
	for _, f := range k.resourceFacts() {
		if k.existence(f, v) == missing {
			v[f.stateName()] = absent(f.shapeOfState().attrType())
		}
	}
}

// variantIn is what tells the variant of an object, as an answer says, and otherwise as
// it was.
func (k *Kind) variantIn(o api.Object, was Values) Values {
	if !k.hasVariants() {
		return was
	}
	v := maps.Clone(was)
	for _, f := range k.Facts {
		if f.of == nil {
			continue
		}
		for _, one := range f.of.all() {
			by, _ := k.Facts.find(one.by)
			if value, err := by.read(o); err == nil && by.told(o) {
				v[by.name] = value
			}
		}
	}
	return v
}

// misfit is an attribute that a configuration has and the object does not, or the other
// way round.
type misfit struct{ attribute, summary, detail string }

// misfits are those of a configuration for the object of v.
func (k *Kind) misfits(config, v Values) []misfit {
	var all []misfit
	for _, f := range k.resourceFacts() {
		if f.of == nil || !f.settable() {
			continue
		}
		name := f.configName()
		switch is := k.existence(f, v); {
		case is == missing && config.Known(name):
			all = append(all, misfit{name, fmt.Sprintf("%s is not for this %s", name, k.title()),
				fmt.Sprintf("%s is only for %s where %s, and here %s. Leave %s out.", name, article(k.title()), f.of, f.of.here(v), name)})
		case is == existing && f.use == required && config.Null(name):
			all = append(all, misfit{name, name + " is missing", fmt.Sprintf("%s needs %s where %s.", sentenceCase(article(k.title())), name, f.of)})
		}
	}
	return all
}

// variants checks a configuration where it says of itself which variant it is of.
type variants struct{ kind *Kind }

func (c variants) Description(context.Context) string         { return "what each variant has" }
func (c variants) MarkdownDescription(context.Context) string { return "what each variant has" }

func (c variants) ValidateResource(ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse) {
	config := valuesIn(ctx, req.Config, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	for _, m := range c.kind.misfitsOf(config) {
		resp.Diagnostics.Append(diag.NewAttributeErrorDiagnostic(path.Root(m.attribute), m.summary, m.detail))
	}
}

// misfitsOf are those that the configuration alone tells: what it leaves to the system
// is not known.
func (k *Kind) misfitsOf(config Values) []misfit {
	if !k.hasVariants() {
		return nil
	}
	v := maps.Clone(config)
	for _, f := range k.resourceFacts() {
		if f.computed() && config.Null(f.name) {
			delete(v, f.name)
		}
	}
	return k.misfits(config, v)
}

// planVariants plans what the system sets of what the object has by then, and refuses
// what the object does not have.
func (r *managed) planVariants(p *Plan) {
	if !r.kind.hasVariants() {
		return
	}
	for _, f := range r.kind.resourceFacts() {
		if f.of == nil || f.secret || !f.computed() || !p.Config.Null(f.name) {
			continue
		}
		switch is := r.kind.existence(f, p.After); {
		case is == missing:
			p.After[f.name] = absent(f.shape.attrType())
		case is == undecided, p.Before != nil && r.kind.existence(f, p.Before) == missing:
			p.After[f.name] = unknownOf(f.shape.attrType())
		}
	}
	for _, m := range r.kind.misfits(p.Config, p.After) {
		p.Refuse(m.attribute, m.summary, m.detail)
	}
}

// variantDoc is what the docs say of the objects that have the fact.
func (f Fact) variantDoc() string {
	switch {
	case f.of == nil:
		return ""
	case f.use == required:
		return " Required where " + f.of.doc() + ", and only there."
	}
	return " Only where " + f.of.doc() + "."
}

// checkVariant holds a fact that only some objects have against what tells these apart.
func (n *notes) checkVariant(k *Kind, f Fact) {
	if f.of == nil {
		return
	}
	for _, one := range f.of.all() {
		n.checkAlternative(k, f, one)
	}
	n.add(k.isOfItself(f.name, f.of), "Of goes round in a circle")
}

func (n *notes) checkAlternative(k *Kind, f Fact, o variant) {
	by, ok := k.Facts.find(o.by)
	n.add(!ok, "Of names %q, which is no fact", o.by)
	if !ok {
		return
	}
	n.add(len(o.values) == 0, "Of says no value of %s", by.name)
	n.add(by.secret || by.untold(), "Of names %s, which the system never tells", by.name)
	n.add(f.inResource() && !by.inResource(), "Of names %s, which the resource does not have", by.name)
	for _, word := range o.values {
		n.add(!slices.Contains(by.words(), word), "Of wants of %s what it never is: %q", by.name, word)
	}
}

// isOfItself reports whether what tells a fact's variant leads back to a fact that it was
// asked for.
func (k *Kind) isOfItself(name string, of *variant, asked ...string) bool {
	if of == nil {
		return false
	}
	asked = append(slices.Clip(asked), name)
	return slices.ContainsFunc(of.all(), func(one variant) bool {
		by, _ := k.Facts.find(one.by)
		return slices.Contains(asked, one.by) || k.isOfItself(by.name, by.of, asked...)
	})
}

// words are those of an Enum.
func (f Fact) words() []string {
	for _, c := range f.checks {
		if words, ok := c.(oneOf); ok {
			return words
		}
	}
	return nil
}
