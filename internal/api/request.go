package api

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
)

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
