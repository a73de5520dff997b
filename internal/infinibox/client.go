// Package infinibox is the thin client of an InfiniBox array: its envelope,
// errors, approval, query language, asynchronous answers and batched reads. It
// knows no entity; those are the packages below it.
package infinibox

import (
	"context"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/rest"
)

const (
	root = "/api/rest/"

	// approvalParameter and approvalWord approve a dangerous operation, as the
	// reference writes it.
	approvalParameter = "approved"
	approvalWord      = "yes"
)

// Config says how to reach one array. Endpoint, Username and Password are
// required; the zero value of the rest is a good default.
type Config struct {
	// Endpoint is the scheme, host and port: "https://ibox1.example.com".
	Endpoint string
	Username string
	Password string
	// SessionLogin logs in once and sends a cookie from then on, in place of the
	// password with every request.
	SessionLogin bool
	// RemoteUsername and RemotePassword are a user's of the array at the other end of a
	// link. They are sent where this array asks for them.
	RemoteUsername, RemotePassword string
	// CACertificate is PEM text, or the path of a PEM file.
	CACertificate string
	// Insecure accepts any certificate of this array.
	Insecure bool
	// Timeout limits one HTTP request; an operation is limited by its context.
	Timeout time.Duration
	// MaxConcurrency is how many requests are under way at a time.
	MaxConcurrency int
	// MaxRetries is how often a request is repeated; negative for never.
	MaxRetries int
	// MinWait and MaxWait bound the waits between repetitions of a request.
	MinWait, MaxWait time.Duration
	UserAgent        string
}

// Client talks to one array. It is safe for concurrent use.
type Client struct {
	http     *rest.Client
	session  *rest.Session // nil for basic authentication
	basic    rest.Basic
	remote   *remoteLogin
	reads    reads
	password []string // what no error may repeat
}

var (
	_ api.Client     = (*Client)(nil)
	_ api.NameReader = (*Client)(nil)
)

// New checks the configuration. It sends nothing: whether the array is there
// and knows the user shows with the first operation.
func New(config Config) (*Client, error) {
	c := &Client{
		basic:    rest.Basic{Username: config.Username, Password: config.Password},
		remote:   newRemoteLogin(config.RemoteUsername, config.RemotePassword),
		password: []string{config.Password, config.RemotePassword},
	}
	c.reads.init(c)
	var auth rest.Authenticator = c.basic
	if config.SessionLogin {
		c.session = rest.NewSession(c.login)
		auth = c.session
	}
	var err error
	c.http, err = rest.New(rest.Config{
		Endpoint:       config.Endpoint,
		BasePath:       root,
		Auth:           auth,
		CACertificate:  config.CACertificate,
		Insecure:       config.Insecure,
		Timeout:        config.Timeout,
		MaxConcurrency: config.MaxConcurrency,
		MaxRetries:     config.MaxRetries,
		MinWait:        config.MinWait,
		MaxWait:        config.MaxWait,
		UserAgent:      config.UserAgent,
	})
	if err != nil {
		return nil, err
	}
	return c, nil
}

// Cleartext is true where the password travels unencrypted beyond this machine.
func (c *Client) Cleartext() bool { return c.http.Cleartext() }

// ServerTime is the array's clock now, by what its answers told; false before
// the first. It is never ahead of that clock, and behind it by at most a
// second and the duration of the quickest answer.
func (c *Client) ServerTime() (time.Time, bool) { return c.http.ServerTime() }

// MadeSince implements api.Client.
func (c *Client) MadeSince(ctx context.Context, made, began time.Time, ask func(context.Context) error) bool {
	return c.http.MadeSince(ctx, made, began, ask)
}

// Close ends the session, if there is one, and closes the connections.
func (c *Client) Close(ctx context.Context) error {
	defer c.http.Close()
	if c.session == nil || len(c.session.Current(ctx)["Cookie"]) == 0 {
		return nil
	}
	_, err := c.Do(ctx, api.Request{Method: http.MethodPost, Path: "users/logout", Body: api.Object{}})
	return err
}

// Do implements api.Client. Its errors are *api.Error. A repeated DELETE
// that finds nothing more to delete is a success without a result.
func (c *Client) Do(ctx context.Context, r api.Request) (any, error) {
	if r.Method != http.MethodGet {
		c.reads.writing()
		defer c.reads.writing()
	}
	answer, err := c.operate(ctx, r)
	if err != nil {
		return nil, err
	}
	c.trust(r, answer)
	return answer.Result, nil
}

// operate carries out one operation to its end.
func (c *Client) operate(ctx context.Context, r api.Request) (*envelope, error) {
	return c.remote.lend(ctx, r, func(header http.Header) (*envelope, error) {
		answer, err := c.send(ctx, r, header)
		if err == nil && !answer.Metadata.done() {
			return c.await(ctx, r, answer)
		}
		return answer, err
	})
}

// loginPath is where a user logs in, with the password in the body: what is refused there
// says nothing of the password that the provider works with, which is not sent along.
const loginPath = "users/login"

// send carries out one request, with more headers than usual, and returns its answer,
// ready or not.
func (c *Client) send(ctx context.Context, r api.Request, header http.Header) (*envelope, error) {
	query := r.Query
	if r.Approved {
		query = url.Values{approvalParameter: {approvalWord}}
		maps.Copy(query, r.Query)
	}
	return c.exchange(ctx, rest.Request{Method: r.Method, Path: r.Path, Query: query, Body: encoded(r.Body), Header: header, Anonymous: r.Path == loginPath})
}

// encoded is a request's body as HTTP takes it.
func encoded(body any) any {
	upload, ok := body.(api.Upload)
	if !ok {
		return body
	}
	form := make(rest.Form, len(upload))
	for i, part := range upload {
		form[i] = rest.Part(part)
	}
	return form
}

// exchange is the meeting of HTTP and envelope: every request passes here.
func (c *Client) exchange(ctx context.Context, r rest.Request) (*envelope, error) {
	var answer *envelope
	r.Decode = func(response *rest.Response) (err error) {
		if r.Path == pingPath {
			answer, err = decodeBare(response)
			return err
		}
		answer, err = decode(response)
		return err
	}
	response, err := c.http.Do(ctx, r)
	if err != nil {
		return nil, c.withoutSecrets(r.Body, fromHTTP(err))
	}
	if response.Status < 200 || response.Status > 299 {
		// A body that is no envelope leaves the status to tell.
		answer, err = decode(response)
		if err != nil {
			answer = &envelope{}
		}
		if response.Status == http.StatusNotFound && r.Method == http.MethodDelete && response.Repeated && answer.Error.missing() {
			return &envelope{}, nil
		}
	} else if answer.Error == nil {
		return answer, nil
	}
	refusal := fromArray(r, response, answer.Error)
	refusal.Repeated = response.Repeated
	return nil, c.withoutSecrets(r.Body, refusal)
}

// withoutSecrets removes from an error what the array repeats of a request's
// secrets, as in "The value (…) of parameter 'password'".
func (c *Client) withoutSecrets(body any, e *api.Error) *api.Error {
	e.Message = rest.Mask(e.Message, append(rest.SecretsOf(body), c.password...))
	return e
}

// login implements rest.Session: the cookie identifies the session. An array
// that gives none has no sessions, and gets the password with every request.
func (c *Client) login(ctx context.Context) (http.Header, error) {
	var cookies []string
	r := rest.Request{
		Method:     http.MethodPost,
		Path:       loginPath,
		Body:       api.Object{"username": c.basic.Username, "password": c.basic.Password},
		Repeatable: true,
		Anonymous:  true,
	}
	r.Decode = func(response *rest.Response) error {
		for _, cookie := range (&http.Response{Header: response.Header}).Cookies() {
			cookies = append(cookies, cookie.Name+"="+cookie.Value)
		}
		return nil
	}
	response, err := c.http.Do(ctx, r)
	if err != nil {
		return nil, fromHTTP(err)
	}
	if response.Status < 200 || response.Status > 299 {
		answer, err := decode(response)
		if err != nil {
			answer = &envelope{}
		}
		refusal := c.withoutSecrets(r.Body, fromArray(r, response, answer.Error))
		if refusal.Reason == api.Unauthenticated || response.Status == http.StatusForbidden {
			refusal.Reason, refusal.Remedy = api.Unauthenticated, remedyCredentials
			refusal.Err = rest.ErrRefused
		}
		return nil, refusal
	}
	header := http.Header{}
	if len(cookies) > 0 {
		header.Set("Cookie", strings.Join(cookies, "; "))
		return header, nil
	}
	basic := &http.Request{Header: header}
	basic.SetBasicAuth(c.basic.Username, c.basic.Password)
	return header, nil
}
