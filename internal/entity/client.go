package entity

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"net/url"
	"strings"
	"time"
)

// Object is one thing a system manages, as its API spells it: numbers are
// json.Number, so that no 64-bit size or id passes through a float.
type Object = map[string]any

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

// Request is one operation of a system's API.
type Request struct {
	Method string
	// Path is relative to the API's root, e.g. "volumes/1001/move"; Path builds
	// it from segments that come from outside.
	Path  string
	Query url.Values
	// Body is sent as JSON, but for an Upload; nil sends none.
	Body any
	// Approved tells the system that the user approved a dangerous operation.
	Approved bool
}

// Path joins the segments of a request's path and escapes each, so that an
// address or a key from outside cannot leave its place. A number is an object's, and
// no object has the number 0: that, like nil, is what Values say of an id that is not
// there, and leaves its segment empty. No client sends a path with an empty segment.
func Path(segments ...any) string {
	parts := make([]string, len(segments))
	for i, s := range segments {
		switch n := s.(type) {
		case nil:
			continue
		case int64:
			if n == 0 {
				continue
			}
		case json.Number:
			if n == "0" {
				continue
			}
		}
		parts[i] = url.PathEscape(fmt.Sprint(s))
	}
	return strings.Join(parts, "/")
}

// Query selects objects of a collection.
type Query struct {
	Filters []Filter
	// Sort holds field names, each with a leading "-" for descending order.
	Sort []string
	// Fields limits what is returned of each object; none means all.
	Fields []string
	// Limit stops after that many objects; 0 means no limit.
	Limit int
	// Params are parameters of the operation's own.
	Params url.Values
}

// Filter is one condition on a field; a query's conditions are joined by AND.
type Filter struct {
	Field    string
	Operator Operator
	// Values holds one value, two for Between, any number for In and NotIn,
	// none for the null tests.
	Values []string
	// Unsent says that the system cannot be asked for it: what it answers is held to it.
	Unsent bool
}

// Operator is a comparison of the systems' query language.
type Operator string

// The operators of the InfiniBox query language, which the engine takes as its
// own vocabulary (reference: overview, "Filtering").
const (
	Equal          Operator = "eq"
	NotEqual       Operator = "neq"
	IsNull         Operator = "is"
	IsNotNull      Operator = "isnot"
	Less           Operator = "lt"
	LessOrEqual    Operator = "leq"
	Greater        Operator = "gt"
	GreaterOrEqual Operator = "geq"
	In             Operator = "in"
	NotIn          Operator = "notin"
	Between        Operator = "between"
	Like           Operator = "like"
)

// Reason classifies an Error by what the engine or the user can do about it.
type Reason int

// The reasons, from "no idea" to the ones with a remedy of their own.
const (
	Other            Reason = iota
	NotFound                // the object is not there (any more)
	NameTaken               // another object has the name
	ApprovalRequired        // dangerous, and not approved
	Unauthenticated         // wrong or expired credentials
	Forbidden               // the user's role does not allow it
	Untrusted               // the system's certificate is not trusted
	Unreachable             // no connection: nothing was carried out
	Ambiguous               // no answer: it may or may not have been carried out
	PartlyDone              // carried out, but for a part that the message names
	AlreadyThere            // what was to be created is there, known by its key
	Conflict                // something else is in the way for now, and may give way
)

// Error is a system's refusal, or the failure to get its answer. Its text never
// holds a secret.
type Error struct {
	Reason Reason
	// Operation is the method and path, without query: "POST volumes".
	Operation string
	// Status is the HTTP status, 0 where there was no answer.
	Status int
	// Code and Message are the system's own words, e.g. POOL_NOT_EMPTY.
	Code    string
	Message string
	// Field is the API's name of what the error is about, where the system says it.
	Field string
	// Repeated says that an earlier attempt of the same request may have been carried
	// out, of which the refusal may speak.
	Repeated bool
	// Remedy says what the user can do next, where the client knows.
	Remedy string
	// Err is the cause where the error did not come from the system.
	Err error
}

func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Operation)
	b.WriteString(": ")
	switch {
	case e.Code != "" && e.Message != "":
		fmt.Fprintf(&b, "%s (%s)", e.Message, e.Code)
	case e.Code != "":
		b.WriteString(e.Code)
	case e.Message != "":
		b.WriteString(e.Message)
	case e.Err != nil:
		b.WriteString(e.Err.Error())
	default:
		fmt.Fprintf(&b, "HTTP status %d", e.Status)
	}
	return b.String()
}

func (e *Error) Unwrap() error { return e.Err }

// ReasonOf classifies any error; Other for one that is not an *Error.
func ReasonOf(err error) Reason {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Reason
	}
	return Other
}

// CodeOf is the system's own code of an error, or "".
func CodeOf(err error) string {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Code
	}
	return ""
}
