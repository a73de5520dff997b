package rest

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// A system's own client makes every attempt anew; what is repeated, and how
// failures are classified, stays the same.
func TestSend(t *testing.T) {
	a := serve(t, cut, status(503), text(`{}`))
	c := client(t, a.URL)
	attempts := 0
	response, err := c.Do(t.Context(), Request{
		Method: http.MethodGet, Path: "Describe",
		Send: func(attempt *http.Request, transport http.RoundTripper) (*http.Response, error) {
			attempts++
			own, err := http.NewRequestWithContext(attempt.Context(), http.MethodGet, fmt.Sprintf("%s/?nonce=%d", a.URL, attempts), nil)
			if err != nil {
				return nil, err
			}
			return transport.RoundTrip(own)
		},
	})
	if err != nil || response.Status != http.StatusOK {
		t.Fatal(response, err)
	}
	if got := strings.Join(a.requests, ", "); got != "GET /?nonce=1, GET /?nonce=2, GET /?nonce=3" {
		t.Error(got)
	}
}

func TestSendThatCannot(t *testing.T) {
	a := serve(t, text(`{}`))
	attempts := 0
	_, err := client(t, a.URL).Do(t.Context(), Request{
		Method: http.MethodGet, Path: "Describe",
		Send: func(*http.Request, http.RoundTripper) (*http.Response, error) {
			attempts++
			return nil, fmt.Errorf("%w: no key", ErrUnsent)
		},
	})
	var failed *Error
	if !errors.As(err, &failed) || failed.Kind != Invalid || attempts != 1 || a.count() != 0 {
		t.Error(attempts, a.count(), err)
	}
}

func TestBusyByItsWords(t *testing.T) {
	throttled := func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusBadRequest)
		fmt.Fprint(w, `{"Code":"Throttling.User"}`)
	}
	request := Request{
		Method: http.MethodPost, Path: "things",
		Busy: func(r *Response) bool { return strings.Contains(string(r.Body), "Throttling") },
	}
	a := serve(t, throttled, throttled, text(`{}`))
	response, err := client(t, a.URL).Do(t.Context(), request)
	if err != nil || response.Repeated || a.count() != 3 {
		t.Error(response, err, a.count())
	}

	_, err = client(t, serve(t, throttled).URL).Do(t.Context(), request)
	var failed *Error
	if !errors.As(err, &failed) || failed.Kind != Busy || failed.Sent || failed.Response.Status != http.StatusBadRequest {
		t.Error(err)
	}
}
