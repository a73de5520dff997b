// Package system holds the array as a whole: what it is, how it is, what it does, and how
// the provider works with it. Each file is one entity, or one question: its table of
// facts, and the few operations that are its own.
package system

import (
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
)

// Area is what the provider serves of the array as a whole.
func Area() entity.Area {
	return entity.Area{Title: "InfiniBox: System", Kinds: Kinds(), Actions: Actions(), Lookups: Lookups()}
}

// Kinds are the entities of this package.
func Kinds() []*entity.Kind { return []*entity.Kind{&System} }

// Actions are the operations that are events, and leave no state of their own.
func Actions() []*entity.Action { return []*entity.Action{&activate, &shutdown, &upgrade} }

// Lookups are the questions that no entity answers.
func Lookups() []*entity.Lookup {
	return []*entity.Lookup{&attribute, &health, &ntpStatus, &ping, &clientConfig, &metrics, &metricsFields}
}
