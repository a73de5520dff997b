package entity

// Area is a part of a system: its entities, actions and look-ups, and the title under
// which the docs list their pages.
type Area struct {
	Title   string
	Kinds   []*Kind
	Actions []*Action
	Lookups []*Lookup
}

// With adds areas to a system.
func (s *System) With(areas ...Area) *System {
	for _, a := range areas {
		s.Areas = append(s.Areas, a)
		s.Kinds = append(s.Kinds, a.Kinds...)
		s.Actions = append(s.Actions, a.Actions...)
		s.Lookups = append(s.Lookups, a.Lookups...)
	}
	return s
}

// TypeNames are the names of the area's types, which its pages are about.
func (a Area) TypeNames() []string {
	var names []string
	for _, k := range a.Kinds {
		if k.IsFound() || k.IsManaged() {
			names = append(names, k.typeName())
		}
		if k.IsListed() {
			names = append(names, k.pluralTypeName())
		}
	}
	for _, action := range a.Actions {
		names = append(names, action.typeName())
	}
	for _, l := range a.Lookups {
		names = append(names, l.typeName())
	}
	return names
}

// Approval is something that wants approval, with the type whose page tells of it.
type Approval struct {
	Consent
	Type     string
	IsAction bool
}

// Approvals are all that wants approval in the area.
func (a Area) Approvals() []Approval {
	var all []Approval
	for _, k := range a.Kinds {
		if !k.IsManaged() {
			continue
		}
		for _, c := range k.Consents() {
			all = append(all, Approval{Consent: c, Type: k.typeName()})
		}
	}
	for _, action := range a.Actions {
		for _, c := range action.Consents() {
			all = append(all, Approval{Consent: c, Type: action.typeName(), IsAction: true})
		}
	}
	return all
}
