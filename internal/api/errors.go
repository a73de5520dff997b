package api

import (
	"errors"
	"fmt"
	"strings"
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

// VerdictError is the error of an answer that was had and is bad news in itself.
type VerdictError struct{ Summary, Detail string }

func (v *VerdictError) Error() string { return v.Summary + ": " + v.Detail }
