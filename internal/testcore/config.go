package testcore

import (
	"maps"
	"slices"
	"strings"
)

// Config is a configuration: resources by address, such as
// "storage_infinibox_volume.data[0]".
type Config struct {
	Resources map[string]Resource
	// Moved are the addresses that objects had, and have.
	Moved []Move
	// Imports are objects that are to be brought into the state, by their address there.
	Imports map[string]Import
	// Removed are resources ("TYPE.NAME") whose objects leave the state alone.
	Removed []string
}

// Resource is an instance of a resource.
type Resource struct {
	// Arguments are JSON values, in which a Ref and an Unknown may stand anywhere.
	Arguments map[string]any
	// What follows are the arguments of its lifecycle block. Instances of one resource
	// have the same.
	CreateBeforeDestroy bool
	// ReplaceTriggeredBy are addresses of resources or of instances.
	ReplaceTriggeredBy []string
	// DependsOn are addresses of resources.
	DependsOn []string
}

// Ref refers to an attribute of another instance.
type Ref struct {
	Address, Attribute string
}

// Unknown is a value that nobody knows before the apply.
type Unknown struct{}

// Move is an object that has another address than before.
type Move struct{ From, To string }

// Import names an object by its id, or by its identity.
type Import struct {
	ID       string
	Identity map[string]any
}

// ResourceOf is the address of an instance's resource: "TYPE.NAME".
func ResourceOf(address string) string {
	resource, _, _ := strings.Cut(address, "[")
	return resource
}

// TypeOf is the type of a resource.
func TypeOf(address string) string {
	name, _, _ := strings.Cut(address, ".")
	return name
}

// Clone is a copy whose resources can be changed, but not their arguments' values.
func (c Config) Clone() Config {
	clone := c
	clone.Resources = map[string]Resource{}
	for address, r := range c.Resources {
		r.Arguments = maps.Clone(r.Arguments)
		clone.Resources[address] = r
	}
	clone.Moved, clone.Removed, clone.Imports = slices.Clone(c.Moved), slices.Clone(c.Removed), maps.Clone(c.Imports)
	return clone
}

// Addresses are those of the instances, sorted.
func (c Config) Addresses() []string { return slices.Sorted(maps.Keys(c.Resources)) }

// References are the Refs within a value.
func References(value any) []Ref {
	var all []Ref
	walkValue(value, func(v any) {
		if ref, ok := v.(Ref); ok {
			all = append(all, ref)
		}
	})
	return all
}

// resources are those that an instance of the configuration has.
func (c Config) resources() map[string]bool {
	all := map[string]bool{}
	for address := range c.Resources {
		all[ResourceOf(address)] = true
	}
	return all
}

// targets are the addresses that any instance of a resource refers to: as in
// Terraform, instances of one resource wait alike.
func (c Config) targets(resource string) map[string]bool {
	all := map[string]bool{}
	for address, r := range c.Resources {
		if ResourceOf(address) != resource {
			continue
		}
		for _, ref := range References(r.Arguments) {
			all[ref.Address] = true
		}
		for _, other := range slices.Concat(r.DependsOn, r.ReplaceTriggeredBy) {
			all[other] = true
		}
	}
	return all
}

// references are the resources of targets.
func (c Config) references(resource string) map[string]bool {
	all := map[string]bool{}
	for target := range c.targets(resource) {
		all[ResourceOf(target)] = true
	}
	delete(all, resource)
	return all
}

// dependencies are all resources on which one depends, in the end.
func (c Config) dependencies(resource string) map[string]bool {
	all := map[string]bool{}
	var visit func(string)
	visit = func(one string) {
		for other := range c.references(one) {
			if !all[other] {
				all[other] = true
				visit(other)
			}
		}
	}
	visit(resource)
	delete(all, resource)
	return all
}

// createsFirst are the resources whose new objects are created before the old ones
// go: those that say so, and all on which these depend.
func (c Config) createsFirst() map[string]bool {
	all := map[string]bool{}
	for address, r := range c.Resources {
		if r.CreateBeforeDestroy {
			resource := ResourceOf(address)
			all[resource] = true
			maps.Copy(all, c.dependencies(resource))
		}
	}
	return all
}

// says reports whether the resource itself has create_before_destroy.
func (c Config) says(resource string) bool {
	for address, r := range c.Resources {
		if ResourceOf(address) == resource && r.CreateBeforeDestroy {
			return true
		}
	}
	return false
}
