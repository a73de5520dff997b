// Package api is how the provider speaks with a system, whatever its language: what
// is asked (Request, Query), what is answered (Object) and what is refused (Error),
// and the Client that carries it. It knows no Terraform.
package api

import (
	"context"
	"iter"
	"time"
)

// Client is what the engine asks of a system. Implementations are safe for
// concurrent use, retry what is safe to retry, and return errors that are
// (or wrap) *Error.
type Client interface {
	// Do carries out one operation and returns its decoded result: an Object,
	// a []any, or a scalar. It follows asynchronous answers to their end.
	Do(ctx context.Context, r Request) (any, error)

	// Read returns one object of a collection by its id, with at least the fields
	// named (all where none is). It may answer from a batch of reads, never from
	// before a write that this client has made; an object that is not there is
	// an error whose Reason is NotFound.
	Read(ctx context.Context, collection, id string, fields []string) (Object, error)

	// ReadFrom is Read for objects that are no collection of the API.
	ReadFrom(ctx context.Context, source *Source, id string) (Object, error)

	// ServerTime is the system's clock now; ok is false before its first answer.
	ServerTime() (now time.Time, ok bool)

	// MadeSince reports whether what the system dates made was made after began, a
	// moment of this machine's clock. Where the answers so far do not tell, it calls
	// ask, which has the system answer anything. It is false where nothing tells.
	MadeSince(ctx context.Context, made, began time.Time, ask func(context.Context) error) bool

	// List yields every object of a collection that the query selects, page by
	// page. After an error it yields no more.
	List(ctx context.Context, path string, q Query) iter.Seq2[Object, error]
}

// NameReader is a Client that batches look-ups by name with its reads.
type NameReader interface {
	// ReadNamed is Read by name, where objects have one. It returns nil without an
	// error where the object must be asked for by itself.
	ReadNamed(ctx context.Context, collection, name string, fields []string) (Object, error)
}

type freshKey struct{}

// Fresh asks that what is read is read now and by itself: not from a listing that
// answers for many objects, and may have been made before others changed them.
func Fresh(ctx context.Context) context.Context { return context.WithValue(ctx, freshKey{}, true) }

// IsFresh reports whether that is asked for.
func IsFresh(ctx context.Context) bool { return ctx.Value(freshKey{}) != nil }

// Source says how to read objects that the API holds within others, such as the
// mappings of all hosts, so that reads of them can be batched too.
type Source struct {
	// Name tells sources apart.
	Name string
	// Get reads one object, or is an error whose Reason is NotFound.
	Get func(ctx context.Context, c Client, id string) (Object, error)
	// List yields all objects.
	List func(ctx context.Context, c Client) iter.Seq2[Object, error]
	// ID is by what Get would find the object.
	ID func(o Object) string
	// Absent is the object that is there where List has none; nil where Get must
	// tell.
	Absent func(id string) Object
}

type progressKey struct{}

// WithProgress lets whoever carries out a long operation tell how far it is.
func WithProgress(ctx context.Context, tell func(string)) context.Context {
	return context.WithValue(ctx, progressKey{}, tell)
}

// Progress tells how far a long operation is, if anybody wants to know.
func Progress(ctx context.Context, message string) {
	if tell, ok := ctx.Value(progressKey{}).(func(string)); ok {
		tell(message)
	}
}
