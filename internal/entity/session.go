package entity

import (
	"context"
	"sync"
	"sync/atomic"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
)

// Session is a system that the provider's configuration has named: what an
// entity's Terraform objects work with. It is shared by all of them, and lives
// as long as the provider's process: one plan, or one apply.
type Session struct {
	// Client serves the system's kinds; nil where it has none.
	Client api.Client
	// Own is the system's client as its own lookups know it.
	Own any
	// Metadata keeps the key-value pairs of objects; nil where the system has none.
	Metadata MetadataStore
	// End ends what was begun with the system, such as a log-in, when the run is over; nil
	// where there is nothing.
	End func(ctx context.Context) error
	// Approve is the provider-wide word on dangerous operations.
	Approve bool
	// DefaultMetadata is put on every object that carries metadata. In a plan it may
	// not be known yet, or not all of it.
	DefaultMetadata types.Map
	// Kept says that Terraform goes through several plans and applies with this session,
	// as terraform test does with a provider that the test's own file configures. Nothing
	// tells where one ends, so that none knows what another has noted.
	Kept bool

	// shut turns true when an error has told that the system refuses the log-in: this
	// run has failed, and all that follows would only repeat it.
	shut atomic.Bool
	// advised names the first object whose error has told how to approve it: those of
	// others need not repeat it.
	advised atomic.Pointer[string]
	// gone turns true when a refresh finds that others have deleted an object.
	gone    atomic.Bool
	notes   sync.Map
	traffic traffic
	kinds   []*Kind
	system  string
	given   Given
}

// hasFailed reports whether there will be nothing to apply, because the log-in is
// refused. In an apply each plan has to be what was promised.
func (s *Session) hasFailed() bool {
	return s.shut.Load() && !(&Plan{Session: s}).Applying()
}

// Sessions is what the provider hands to its Terraform objects.
type Sessions interface {
	// Session is the named system, or what is missing in the configuration.
	Session(system string) (*Session, diag.Diagnostics)
}

// MetadataStore keeps key-value pairs on the objects of a system.
type MetadataStore interface {
	// Get returns an object's pairs.
	Get(ctx context.Context, id string) (map[string]string, error)
	// All returns the pairs of every object that has any, by object id.
	All(ctx context.Context) (map[string]map[string]string, error)
	// Put adds pairs to an object, or changes them.
	Put(ctx context.Context, id string, pairs map[string]string) error
	// Delete removes one pair; it is no error if the object does not have it.
	Delete(ctx context.Context, id, key string) error
}

// Note is what the checks of one plan share: the first call for a key makes it,
// later ones return the same, but in a session that is Kept. Its users lock it themselves.
func Note[T any](s *Session, key any) *T {
	if s.Kept {
		return new(T)
	}
	note, _ := s.notes.LoadOrStore(key, new(T))
	return note.(*T)
}
