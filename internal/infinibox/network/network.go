// Package network holds what data travels over on an InfiniBox: network interfaces, the
// network spaces on them with their addresses and routes, and the ping that tries them.
// Each file is one entity: its table of facts, and the few operations that are its own.
package network

import (
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
)

// Area is what the provider serves of the network.
func Area() entity.Area {
	return entity.Area{Title: "InfiniBox: Network", Kinds: Kinds(), Actions: Actions()}
}

// Kinds are the entities of this package.
func Kinds() []*entity.Kind {
	return []*entity.Kind{&Interface, &Space, &SpaceIP, &SpaceRoute}
}

// Actions are the operations that leave no state of their own.
func Actions() []*entity.Action { return []*entity.Action{&Ping} }
