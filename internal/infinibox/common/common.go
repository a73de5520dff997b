// Package common holds what the entities of an InfiniBox share, whatever area they
// are of: what every object has, what volumes, filesystems and their snapshots have,
// and the operations on them.
package common

import (
	"errors"
	"fmt"
	"net/mail"
	"regexp"
	"strings"

	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
)

const (
	// System is the array's name in the names of types.
	System = "infinibox"

	// BlockSize is what the array counts capacities in.
	BlockSize = 512
)

// Name is the name of any object of the array. The reference shows some characters
// refused and never says which are allowed: these are certain.
func Name() entity.Fact {
	return Named(entity.Name(65)).Checked("not dots and spaces alone", func(name string) error {
		if name != "" && strings.Trim(name, ". ") == "" {
			return fmt.Errorf("%q is no name: it needs a character that is neither a dot nor a space", name)
		}
		return nil
	}).Doc("The name: 1 to 65 ASCII letters, digits, spaces, `-`, `_` and `.`, but not dots and spaces alone.")
}

// Named is a text that may hold what a name may.
func Named(f entity.Fact) entity.Fact {
	return f.Matching(regexp.MustCompile(`^[A-Za-z0-9 ._-]*$`), `ASCII letters, digits, spaces, "-", "_" and "."`)
}

// CheckEmail refuses what is no e-mail address, or one with the name of a person.
func CheckEmail(s string) error {
	address, err := mail.ParseAddress(s)
	if err != nil || address.Address != s || strings.HasSuffix(s, ".") {
		return errors.New("that is no e-mail address: write name@example.com")
	}
	return nil
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

// TenantOf is the tenant of an object that can be made for another one.
func TenantOf(what string) entity.Fact {
	return entity.Integer("tenant_id").Defaulted().Positive().Doc("The id of the tenant that the " + what + " belongs to; that of the user where it is not set.")
}
