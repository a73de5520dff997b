package infinibox

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"

	"golang.org/x/sync/semaphore"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
	"github.com/storage-as-code/terraform-provider-storage/internal/rest"
)

const (
	// remoteHeader carries the credentials of a user of the array at the other end of
	// a link, and remotePermission is how the array asks for them.
	remoteHeader     = "X-Remote-Authorization"
	remotePermission = "REMOTE_PERMISSION_REQUIRED"

	remoteUsername = "remote_username"
	remotePassword = "remote_password"
)

// remoteLogin lends the credentials of a remote array's user to the operations that
// want them, which shows when the array refuses one without: nothing has happened
// then, and it is sent again with them. So are, from then on, all of its route.
//
// What the remote array refuses is not sent again, and until it has accepted the
// credentials they are sent one at a time: anything else would lock the account.
type remoteLogin struct {
	rest.Basic
	// turn is held by the one that tries the credentials.
	turn *semaphore.Weighted

	mu                sync.Mutex
	wanted            map[string]bool // by route
	accepted, refused bool
}

func newRemoteLogin(username, password string) *remoteLogin {
	return &remoteLogin{
		Basic:  rest.Basic{Username: username, Password: password},
		turn:   semaphore.NewWeighted(1),
		wanted: map[string]bool{},
	}
}

// attempt carries out one operation with more headers than usual.
type attempt func(header http.Header) (*envelope, error)

// lend carries out an operation, with the credentials where it wants them.
func (l *remoteLogin) lend(ctx context.Context, r api.Request, do attempt) (*envelope, error) {
	collection, _, _ := strings.Cut(r.Path, "/")
	route := r.Method + " " + collection
	if !l.isWanted(route) {
		answer, err := do(nil)
		if api.CodeOf(err) != remotePermission || !l.want(route) {
			return answer, l.explained(err)
		}
	}
	release, err := l.await(ctx, r)
	if err != nil {
		return nil, err
	}
	defer release()
	header, err := l.header(ctx)
	if err != nil {
		return nil, err
	}
	answer, err := do(header)
	if header != nil {
		l.heard(err)
	}
	return answer, l.explained(err)
}

func (l *remoteLogin) given() bool { return l.Username != "" && l.Password != "" }

// isWanted reports whether a route is known to want the credentials, and there are any.
func (l *remoteLogin) isWanted(route string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.wanted[route] && !l.refused
}

// want notes that a route wants the credentials, and reports whether there are any.
func (l *remoteLogin) want(route string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.wanted[route] = l.given()
	return l.given() && !l.refused
}

// await waits until the credentials may be sent.
func (l *remoteLogin) await(ctx context.Context, r api.Request) (release func(), err error) {
	l.mu.Lock()
	accepted := l.accepted
	l.mu.Unlock()
	if accepted {
		return func() {}, nil
	}
	if err := l.turn.Acquire(ctx, 1); err != nil {
		return nil, &api.Error{Operation: r.Method + " " + r.Path, Message: "the time was over, or the run was stopped, before the credentials of the remote array were known to be right", Err: context.Cause(ctx)}
	}
	return func() { l.turn.Release(1) }, nil
}

// header has the credentials, unless they were refused meanwhile.
func (l *remoteLogin) header(ctx context.Context) (http.Header, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.refused {
		return nil, nil
	}
	basic := &http.Request{Header: http.Header{}}
	if err := l.Authorize(ctx, basic); err != nil {
		return nil, err
	}
	return http.Header{remoteHeader: basic.Header["Authorization"]}, nil
}

// heard notes what the end of an operation says of the credentials that it had.
func (l *remoteLogin) heard(err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case err == nil:
		l.accepted = true
	case api.CodeOf(err) == remotePermission && !l.accepted:
		l.refused = true
	}
}

// explained adds to a refusal what is missing or wrong.
func (l *remoteLogin) explained(err error) error {
	e, ok := errors.AsType[*api.Error](err)
	if !ok || e.Code != remotePermission {
		return err
	}
	var missing []string
	if l.Username == "" {
		missing = append(missing, remoteUsername)
	}
	if l.Password == "" {
		missing = append(missing, remotePassword)
	}
	if len(missing) > 0 {
		e.Remedy = "The operation needs a user of the remote array as well. " + entity.HowToSet(array.Block, missing...)
	} else {
		e.Remedy = remedyRemote
	}
	return e
}
