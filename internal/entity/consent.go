package entity

import "strings"

// Weighing is which arguments of an action need approval, and why.
type Weighing struct {
	// When tells the docs, to follow "invoke it": "with `force = true`".
	When   string
	Reason string
	Is     func(arguments Values) bool
}

// Consent is something that the user is asked to approve: what is done, and what then
// happens.
type Consent struct{ Doing, Reason string }

// Consents are what is known to be dangerous of the kind's resource, as its facts say.
func (k *Kind) Consents() []Consent {
	var all []Consent
	if k.Deletion.Danger != "" {
		all = append(all, Consent{"delete or replace it", k.Deletion.Danger})
	}
	for _, f := range k.resourceFacts() {
		for _, d := range f.danger {
			all = append(all, Consent{strings.Replace(d.when, "it", "`"+f.name+"`", 1), d.reason})
		}
	}
	all = append(all, k.Planning.Weighs...)
	if k.Approvable {
		all = append(all, Consent{"make, change or delete it where the system deems that dangerous",
			onlySystemKnows})
	}
	return all
}

// Consents are what is known to be dangerous of the action.
func (a *Action) Consents() []Consent {
	var all []Consent
	if a.Danger != "" {
		all = append(all, Consent{"invoke it", a.Danger})
	}
	for _, w := range a.Weighs {
		all = append(all, Consent{"invoke it " + w.When, w.Reason})
	}
	if a.Approvable {
		all = append(all, Consent{"invoke it where the system deems that dangerous", onlySystemKnows})
	}
	return all
}

const onlySystemKnows = "Only the system knows when: without approval it refuses the operation at apply, and says why."

// approvedName is the attribute by which a user approves one resource's
// dangerous operations.
const approvedName = "approved"

// approved is the user's word on dangerous operations: the resource's own where
// it has one, also when it says false, else the provider's. One that is not known
// yet may say false.
func approved(s *Session, v Values) bool {
	if !v.Null(approvedName) {
		return v.Bool(approvedName)
	}
	return s.Approve
}
