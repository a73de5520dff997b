package entity

import "slices"

// factDanger is which changes of a fact need approval, and why; or which replace the
// object.
type factDanger struct {
	reason string
	// when tells the docs which changes these are, to follow "to": "set it to `true`".
	when string
	is   func(before, after Values) bool
	whom func(before, after Values) string
}

// Condition says which changes of a fact are meant: those that are dangerous, or replace
// the object.
type Condition func(f Fact) *factDanger

// Danger says why changes need approval, in full sentences: any change of an object, or
// those of the condition. Changes that are dangerous for different reasons have one each.
func (f Fact) Danger(reason string, when ...Condition) Fact {
	d := &factDanger{when: "change it", is: func(before, _ Values) bool { return before != nil }}
	for _, condition := range when {
		d = condition(f)
	}
	d.reason = reason
	f.danger = append(slices.Clip(f.danger), d)
	if len(when) > 1 {
		return f.misused("Danger takes one condition")
	}
	if len(when) == 0 {
		return f.say("what is dangerous", "Danger")
	}
	return f
}

// Becomes is a change to a value. Creating an object with the value is none.
func Becomes(value any) Condition {
	v := valueOf(value)
	return func(f Fact) *factDanger {
		return &factDanger{when: "set it to `" + v.String() + "`", is: func(before, after Values) bool {
			return before != nil && after[f.name].Equal(v)
		}}
	}
}

// Was is a change from a value.
func Was(value any) Condition {
	v := valueOf(value)
	return func(f Fact) *factDanger {
		return &factDanger{when: "change it from `" + v.String() + "`", is: func(before, _ Values) bool {
			return before != nil && before[f.name].Equal(v)
		}}
	}
}

// LosesMembers is a change that takes members out of a set.
func LosesMembers() Condition {
	return func(f Fact) *factDanger {
		set, _ := f.shape.(collection)
		return &factDanger{when: "take members out of it", is: func(before, after Values) bool {
			return before != nil && len(set.minus(elementsOf(before[f.name]), elementsOf(after[f.name]))) > 0
		}}
	}
}

// When is what a function says of the values. Tells says to the docs which changes these
// are, to follow "to": "set it to `true`". Before is nil when the object is created.
func When(tells string, is func(before, after Values) bool) Condition {
	return func(Fact) *factDanger { return &factDanger{when: tells, is: is} }
}

// Affects is When there is somebody whom a change affects: whom names them, "" for nobody.
func Affects(tells string, whom func(before, after Values) string) Condition {
	return func(Fact) *factDanger {
		return &factDanger{when: tells, whom: whom, is: func(before, after Values) bool { return whom(before, after) != "" }}
	}
}

// of is why a change needs approval.
func (d *factDanger) of(before, after Values) string {
	if d.whom == nil {
		return d.reason
	}
	return d.reason + " Affected: " + d.whom(before, after) + "."
}
