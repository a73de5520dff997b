package infinibox

import (
	"fmt"
	"net/http"
)

// apiError is a refusal by the array: one of the documented codes with its HTTP status.
type apiError struct {
	code    string
	status  int
	message string
}

func (e *apiError) Error() string { return e.code + ": " + e.message }

func badRequest(code, format string, args ...any) error {
	return &apiError{code, http.StatusBadRequest, fmt.Sprintf(format, args...)}
}

func forbidden(code, format string, args ...any) error {
	return &apiError{code, http.StatusForbidden, fmt.Sprintf(format, args...)}
}

func notFound(code, format string, args ...any) error {
	return &apiError{code, http.StatusNotFound, fmt.Sprintf(format, args...)}
}

func conflict(code, format string, args ...any) error {
	return &apiError{code, http.StatusConflict, fmt.Sprintf(format, args...)}
}

var (
	errUnauthenticated = &apiError{"AUTHENTICATION_REQUIRED", http.StatusUnauthorized, "The operation requires authentication"}
	errMalformedID     = errIDType("id")
	errUnknownPath     = &apiError{"UNKNOWN_PATH", http.StatusNotFound, "Requested service does not exist"}
	errMalformed       = &apiError{"MALFORMED_CONTENT", http.StatusBadRequest, "The request content is malformed"}
	errEmpty           = &apiError{"MISSING_CONTENT", http.StatusBadRequest, "The request is empty"}
	errMultiple        = &apiError{"NOT_SUPPORTED_MULTIPLE_UPDATE", http.StatusBadRequest, "This resource does not support updating multiple fields in one request"}
)

func errIDType(name string) error {
	return notFound("MALFORMED_ID_TYPE", "Object Not Found. Invalid %s type (expect to get Number)", name)
}

func errField(name string) error {
	return badRequest("MALFORMED_PARAMETER", "A parameter ('%s') could not be translated to an expected type", name)
}

func errUnsupported(name string) error {
	return badRequest("UNSUPPORTED_FIELD", "The request contains an unsupported field ('%s')", name)
}

func errParameter(name string) error {
	return badRequest("UNKNOWN_PARAMETER", "An unknown parameter was passed: '%s'", name)
}

func errOperator(op string) error {
	return badRequest("UNSUPPORTED_FILTER_RELATION", "The filtering operator '%s' is not supported by this resource", op)
}

func errUnsortable(name string) error {
	return badRequest("NOT_SORTABLE_FIELD", "The request contains a field that cannot be sortable: ('%s')", name)
}

func errMissing(name string) error {
	return badRequest("MISSING_FIELD", "A field ('%s') is missing in an object passed", name)
}

// errWrong is for a value that is of the right type but breaks a condition; a nil value reads (null).
func errWrong(name string, value any, condition string) error {
	if value == nil {
		value = "null"
	}
	return badRequest("WRONG_PARAMETER", "The value (%v) of parameter '%s' does not meet a condition: '%s'", value, name, condition)
}

func errUnauthorized(format string, args ...any) error {
	return forbidden("UNAUTHORIZED", "You are not authorized for this operation, reason: "+format, args...)
}
