package ontap

import (
	"encoding/json"
	"fmt"
	"net/http"
)

// apiError is a refusal by the cluster.
type apiError struct {
	status                int
	code, target, message string
}

func (e *apiError) Error() string { return e.code + ": " + e.message }

// MarshalJSON writes the body of a refusal.
func (e *apiError) MarshalJSON() ([]byte, error) {
	said := map[string]any{"code": e.code, "message": e.message, "arguments": []any{}}
	if e.target != "" {
		said["target"] = e.target
	}
	return json.Marshal(map[string]any{"error": said})
}

// refusal is an error of Vscan, of which the reference lists the codes and no statuses.
func refusal(code, target, format string, args ...any) error {
	return &apiError{http.StatusBadRequest, code, target, fmt.Sprintf(format, args...)}
}

// The errors that every API of a cluster has.
var (
	errUnauthorized = &apiError{http.StatusUnauthorized, "6691623", "", "User is not authorized."}
	errNoAPI        = &apiError{http.StatusNotFound, "3", "", "API not found"}
	errNoMethod     = &apiError{http.StatusMethodNotAllowed, "3", "", "The method is not supported by this API"}
	errMalformed    = &apiError{http.StatusBadRequest, "262198", "", "The body is not a JSON object"}
)

func errNoEntry(target string) error {
	return &apiError{http.StatusNotFound, "4", target, "entry doesn't exist"}
}

func errDuplicate(target string) error {
	return &apiError{http.StatusConflict, "1", target, "duplicate entry"}
}

func errUnexpected(argument string) error {
	return refusal("262179", argument, "Unexpected argument %q.", argument)
}

func errValue(field string, value any) error {
	return refusal("262197", field, "The value %q is invalid for field %q", fmt.Sprint(value), field)
}

func errMissing(field string) error {
	return refusal("262190", field, "Field %q is required", field)
}

// Fault is the body that the cluster sends with an injected status.
func (c *cluster) Fault(status int) (string, []byte) {
	e := &apiError{status, "8585320", "", http.StatusText(status)}
	if status == http.StatusUnauthorized {
		e = errUnauthorized
	}
	body, _ := json.Marshal(e)
	return contentType, append(body, '\n')
}
