// Package common holds what the entities of an InfiniBox share, whatever area they
// are of: what every object has, what volumes, filesystems and their snapshots have,
// and the operations on them.
package common

import (
	"regexp"

	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
)

const (
	// System is the array's name in the names of types.
	System = "infinibox"

	// BlockSize is what the array counts capacities in.
	BlockSize = 512
)

// Name is the name of any object of the array: 1 to 65 characters. The reference
// shows some characters refused and lists none; those are refused here.
func Name() entity.Fact { return Named(entity.Name(65)) }

// Named is a text that may hold what a name may.
func Named(f entity.Fact) entity.Fact {
	return f.Matching(
		regexp.MustCompile(`^[^\x00-\x1f\x7f-\x{10ffff}*<>:;]*$`),
		"ASCII letters, digits, spaces, \"-\", \"_\" and \".\"")
}

// CreatedAt is on nearly every object of the array.
func CreatedAt() entity.Fact {
	return entity.Moment("created_at").Lasting().Queryable().Doc("When the object was created.")
}

// UpdatedAt is on nearly every object of the array.
func UpdatedAt() entity.Fact {
	return entity.Moment("updated_at").Queryable().Doc("When the object was last changed.")
}

// Tenant is on nearly every object of the array.
func Tenant() entity.Fact {
	return entity.Integer("tenant_id").Doc("The tenant that the object belongs to.")
}
