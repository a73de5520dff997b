// Package monitoring holds what an InfiniBox tells, and whom: events, and the targets and
// rules by which it sends them. Each file is one entity: its table of facts, and the few
// operations that are its own.
package monitoring

import "github.com/storage-as-code/terraform-provider-storage/internal/entity"

// Area is what the provider serves of monitoring.
func Area() entity.Area {
	return entity.Area{Title: "InfiniBox: Monitoring", Kinds: Kinds(), Actions: Actions(), Lookups: Lookups()}
}

// Kinds are the entities of this package.
func Kinds() []*entity.Kind { return []*entity.Kind{&NotificationTarget, &NotificationRule, &Event} }

// Actions are the operations that are events, and leave no state of their own.
func Actions() []*entity.Action {
	return []*entity.Action{&testTarget, &createCustomEvent, &createEvent, &deleteEvents}
}

// Lookups are the questions that no entity answers.
func Lookups() []*entity.Lookup { return []*entity.Lookup{&protocols, &eventsFound, &eventTypes} }
