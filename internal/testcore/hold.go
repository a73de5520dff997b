package testcore

import (
	"fmt"
	"maps"
	"slices"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Proposed is the state that core proposes: what the configuration says, and the
// prior value where it is silent and the provider may choose.
func Proposed(schema *tfprotov6.Schema, prior, config tftypes.Value) tftypes.Value {
	return proposed(schema.Block.Attributes, prior, config)
}

func proposed(attributes []*tfprotov6.SchemaAttribute, prior, config tftypes.Value) tftypes.Value {
	if config.IsNull() || !config.IsKnown() {
		return config
	}
	was, merged := Attributes(prior), maps.Clone(Attributes(config))
	for _, a := range attributes {
		switch {
		case a.Computed && merged[a.Name].IsNull():
			if was != nil {
				merged[a.Name] = was[a.Name]
			}
		case a.NestedType != nil:
			merged[a.Name] = proposedNested(a.NestedType, was[a.Name], merged[a.Name])
		}
	}
	return tftypes.NewValue(config.Type(), merged)
}

func proposedNested(nested *tfprotov6.SchemaObject, prior, config tftypes.Value) tftypes.Value {
	if config.IsNull() || !config.IsKnown() {
		return config
	}
	null := func(t tftypes.Type) tftypes.Value { return tftypes.NewValue(t, nil) }
	switch nested.Nesting {
	case tfprotov6.SchemaObjectNestingModeSingle:
		if prior.Type() == nil {
			prior = null(config.Type())
		}
		return proposed(nested.Attributes, prior, config)
	case tfprotov6.SchemaObjectNestingModeMap:
		was, merged := Attributes(prior), map[string]tftypes.Value{}
		for key, c := range Attributes(config) {
			p, ok := was[key]
			if !ok {
				p = null(c.Type())
			}
			merged[key] = proposed(nested.Attributes, p, c)
		}
		return tftypes.NewValue(config.Type(), merged)
	case tfprotov6.SchemaObjectNestingModeList:
		was, merged := elements(prior), elements(config)
		for i, c := range merged {
			p := null(c.Type())
			if i < len(was) {
				p = was[i]
			}
			merged[i] = proposed(nested.Attributes, p, c)
		}
		return tftypes.NewValue(config.Type(), merged)
	}
	return config // what of a set corresponds to what is core's guess
}

func elements(v tftypes.Value) []tftypes.Value {
	if v.Type() == nil || v.IsNull() || !v.IsKnown() {
		return nil
	}
	return slices.Clone(as[[]tftypes.Value](v))
}

// invalid says where a plan differs from the configuration otherwise than core
// allows: where that is silent and the attribute is computed, or by keeping the
// prior value.
func invalid(schema *tfprotov6.SchemaBlock, prior, config, planned tftypes.Value) []string {
	if config.IsNull() != planned.IsNull() {
		return []string{fmt.Sprintf("the plan has %s where the configuration has %s", Text(planned), Text(config))}
	}
	if config.IsNull() {
		return nil
	}
	wrong := invalidAttributes(schema.Attributes, "", prior, config, planned)
	says, will := Attributes(config), Attributes(planned)
	for _, b := range schema.BlockTypes {
		if !will[b.TypeName].Equal(says[b.TypeName]) {
			wrong = append(wrong, "the block "+b.TypeName+" is not the configuration's")
		}
	}
	return wrong
}

func invalidAttributes(attributes []*tfprotov6.SchemaAttribute, at string, prior, config, planned tftypes.Value) []string {
	var wrong []string
	was, says, will := Attributes(prior), Attributes(config), Attributes(planned)
	for _, a := range attributes {
		p, c, w := was[a.Name], says[a.Name], will[a.Name]
		kept := p.Type() != nil && !p.IsNull() && !c.IsNull() && w.Equal(p)
		switch {
		case w.Equal(c), kept, a.WriteOnly && w.IsNull(), a.Computed && (c.IsNull() || !a.Optional):
		case a.NestedType != nil && a.NestedType.Nesting == tfprotov6.SchemaObjectNestingModeSingle && w.IsKnown() && c.IsKnown() && !w.IsNull() && !c.IsNull():
			wrong = append(wrong, invalidAttributes(a.NestedType.Attributes, at+a.Name+".", p, c, w)...)
		case a.NestedType != nil && a.NestedType.Nesting == tfprotov6.SchemaObjectNestingModeList && len(elements(w)) == len(elements(c)) && len(elements(c)) > 0:
			before := elements(p)
			for i, one := range elements(c) {
				was := tftypes.NewValue(one.Type(), nil)
				if i < len(before) {
					was = before[i]
				}
				wrong = append(wrong, invalidAttributes(a.NestedType.Attributes, fmt.Sprintf("%s[%d].", at+a.Name, i), was, one, elements(w)[i])...)
			}
		default:
			wrong = append(wrong, fmt.Sprintf("%s is planned to be %s where the configuration says %s", at+a.Name, Text(w), Text(c)))
		}
	}
	return wrong
}

// incompatible says where a later value is not a planned one with its unknown parts
// filled in.
func incompatible(planned, later tftypes.Value) []string {
	if planned.IsNull() != later.IsNull() {
		return []string{fmt.Sprintf("there is %s where %s was planned", Text(later), Text(planned))}
	}
	var wrong []string
	was := Attributes(planned)
	will := Attributes(later)
	for _, name := range slices.Sorted(maps.Keys(was)) {
		if !completes(was[name], will[name]) {
			wrong = append(wrong, fmt.Sprintf("%s is %s where %s was planned", name, Text(will[name]), Text(was[name])))
		}
	}
	return wrong
}

// completes reports whether a value is a planned one with its unknown parts filled in.
func completes(planned, later tftypes.Value) bool {
	switch {
	case !planned.IsKnown():
		return true
	case planned.IsNull() || later.IsNull():
		return planned.IsNull() && later.IsNull()
	case !later.IsKnown():
		return false
	case planned.IsFullyKnown() && later.IsFullyKnown():
		return planned.Equal(later)
	}
	switch t := planned.Type(); {
	case t.Is(tftypes.Object{}), t.Is(tftypes.Map{}):
		return maps.EqualFunc(Attributes(planned), Attributes(later), completes)
	case t.Is(tftypes.List{}):
		return slices.EqualFunc(elements(planned), elements(later), completes)
	case t.Is(tftypes.Set{}):
		// Each has its like on the other side, and the set only shrinks where two
		// unknown elements turn out to be one.
		p, l := elements(planned), elements(later)
		return len(l) <= len(p) &&
			!slices.ContainsFunc(p, func(v tftypes.Value) bool {
				return !slices.ContainsFunc(l, func(w tftypes.Value) bool { return completes(v, w) })
			}) &&
			!slices.ContainsFunc(l, func(w tftypes.Value) bool {
				return !slices.ContainsFunc(p, func(v tftypes.Value) bool { return completes(v, w) })
			})
	}
	return planned.Equal(later)
}

// replacing are the attributes for which the provider asks for a replacement, and
// which do change: core ignores the others.
func replacing(schema *tfprotov6.SchemaBlock, asked []*tftypes.AttributePath, prior, planned tftypes.Value) []string {
	if prior.IsNull() {
		return nil
	}
	var all []string
	for _, path := range asked {
		steps := path.Steps()
		if len(steps) == 0 {
			continue
		}
		name, _ := steps[0].(tftypes.AttributeName)
		was, _, err1 := tftypes.WalkAttributePath(prior, path)
		will, _, err2 := tftypes.WalkAttributePath(planned, path)
		a, ok1 := was.(tftypes.Value)
		b, ok2 := will.(tftypes.Value)
		unchanged := err1 == nil && err2 == nil && ok1 && ok2 && b.IsFullyKnown() && a.Equal(b)
		if !unchanged || isWriteOnly(schema, string(name)) {
			all = append(all, string(name))
		}
	}
	return all
}

func isWriteOnly(schema *tfprotov6.SchemaBlock, name string) bool {
	return slices.ContainsFunc(schema.Attributes, func(a *tfprotov6.SchemaAttribute) bool { return a.Name == name && a.WriteOnly })
}

// revealed are the write-only attributes of which a plan or a state has a value.
func revealed(schema *tfprotov6.SchemaBlock, v tftypes.Value) []string {
	var all []string
	attributes := Attributes(v)
	for _, a := range schema.Attributes {
		if a.WriteOnly && attributes != nil && !attributes[a.Name].IsNull() {
			all = append(all, a.Name)
		}
	}
	return all
}

// unknown are the attributes of an object that are not known.
func unknown(v tftypes.Value) []string {
	var all []string
	attributes := Attributes(v)
	for _, name := range slices.Sorted(maps.Keys(attributes)) {
		if !attributes[name].IsFullyKnown() {
			all = append(all, name)
		}
	}
	return all
}
