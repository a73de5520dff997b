package rest

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"slices"

	"golang.org/x/sync/semaphore"
)

// Authenticator adds credentials to requests.
type Authenticator interface {
	// Authorize adds them to an attempt; it may have to log in first.
	Authorize(ctx context.Context, request *http.Request) error
	// Renew is called once when a request was refused with 401, and reports
	// whether there are other credentials now than the refused request had.
	Renew(ctx context.Context, refused *http.Request) (bool, error)
}

// Basic is HTTP basic authentication.
type Basic struct{ Username, Password string }

// Authorize implements Authenticator.
func (b Basic) Authorize(_ context.Context, request *http.Request) error {
	request.SetBasicAuth(b.Username, b.Password)
	return nil
}

// Renew implements Authenticator: the same password would be refused again.
func (Basic) Renew(context.Context, *http.Request) (bool, error) { return false, nil }

// ErrRefused marks a login that the system refused. A Session remembers it:
// repeating it for every request would only lock the account.
var ErrRefused = errors.New("the login was refused")

// Session holds credentials that a login gives and that expire. However many
// requests find them expired, one logs in.
type Session struct {
	login func(context.Context) (http.Header, error)
	// turn is held while logging in and guards what follows; unlike a mutex, it
	// is waited for no longer than a context lasts.
	turn    *semaphore.Weighted
	header  http.Header
	refused error
}

// NewSession makes a session of a login that returns the headers which identify
// the session, and an error that wraps ErrRefused for wrong credentials.
func NewSession(login func(context.Context) (http.Header, error)) *Session {
	return &Session{login: login, turn: semaphore.NewWeighted(1)}
}

// Authorize implements Authenticator; the first call logs in.
func (s *Session) Authorize(ctx context.Context, request *http.Request) error {
	if err := s.turn.Acquire(ctx, 1); err != nil {
		return err
	}
	defer s.turn.Release(1)
	if s.header == nil {
		if err := s.logIn(ctx); err != nil {
			return err
		}
	}
	maps.Copy(request.Header, s.header)
	return nil
}

// Renew implements Authenticator.
func (s *Session) Renew(ctx context.Context, refused *http.Request) (bool, error) {
	if err := s.turn.Acquire(ctx, 1); err != nil {
		return false, err
	}
	defer s.turn.Release(1)
	for name, values := range s.header {
		if !slices.Equal(refused.Header[name], values) {
			return true, nil // another request has renewed the session already
		}
	}
	s.header = nil
	return true, s.logIn(ctx)
}

// Current returns the session's headers, or nil where there is no session.
func (s *Session) Current(ctx context.Context) http.Header {
	if s.turn.Acquire(ctx, 1) != nil {
		return nil
	}
	defer s.turn.Release(1)
	return s.header
}

func (s *Session) logIn(ctx context.Context) error {
	if s.refused != nil {
		return s.refused
	}
	header, err := s.login(ctx)
	if errors.Is(err, ErrRefused) {
		s.refused = err
	}
	if err != nil {
		return err
	}
	s.header = header
	return nil
}
