// Package ontap is the thin client of an ONTAP cluster: its records, errors,
// query parameters and pages. It knows no entity; those are the packages below
// it.
package ontap

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"time"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/rest"
)

const root = "/api"

// Config says how to reach one cluster: Username and Password, and of a
// connection's settings at least the Endpoint.
type Config struct {
	rest.Config

	Username, Password string
}

// Client talks to one cluster. It is safe for concurrent use.
type Client struct {
	http     *rest.Client
	password string // which no error may repeat
}

var _ api.Client = (*Client)(nil)

// New checks the configuration. It sends nothing: whether the cluster is there
// and knows the user shows with the first operation.
func New(config Config) (*Client, error) {
	config.BasePath = root
	config.Auth = rest.Basic{Username: config.Username, Password: config.Password}
	http, err := rest.New(config.Config)
	if err != nil {
		return nil, err
	}
	return &Client{http: http, password: config.Password}, nil
}

// Cleartext is true where the password travels unencrypted beyond this machine.
func (c *Client) Cleartext() bool { return c.http.Cleartext() }

// ServerTime implements api.Client.
func (c *Client) ServerTime() (time.Time, bool) { return c.http.ServerTime() }

// MadeSince implements api.Client.
func (c *Client) MadeSince(ctx context.Context, made, began time.Time, ask func(context.Context) error) bool {
	return c.http.MadeSince(ctx, made, began, ask)
}

// Close closes the idle connections.
func (c *Client) Close() { c.http.Close() }

// Do implements api.Client. Its errors are *api.Error. The one record that
// a POST answers with is the object it made.
func (c *Client) Do(ctx context.Context, r api.Request) (any, error) {
	answer, err := c.exchange(ctx, rest.Request{Method: r.Method, Path: r.Path, Query: r.Query, Body: r.Body})
	if err != nil {
		return nil, err
	}
	records, listed := recordsOf(answer)
	switch {
	case !listed:
		return answer, nil
	case r.Method == http.MethodPost && len(records) == 1:
		return records[0], nil
	}
	return records, nil
}

// Read implements api.Client. It asks for all fields: of what a Vscan object
// has, none is expensive.
func (c *Client) Read(ctx context.Context, collection, id string, _ []string) (api.Object, error) {
	return c.exchange(ctx, rest.Request{
		Method: http.MethodGet, Path: collection + "/" + url.PathEscape(id), Query: url.Values{"fields": {"*"}},
	})
}

// ReadFrom implements api.Client.
func (c *Client) ReadFrom(ctx context.Context, source *api.Source, id string) (api.Object, error) {
	return source.Get(ctx, c, id)
}

// exchange is the meeting of HTTP and ONTAP: every request passes here.
func (c *Client) exchange(ctx context.Context, r rest.Request) (api.Object, error) {
	var answer api.Object
	r.Decode = func(response *rest.Response) (err error) {
		answer, err = decode(response)
		return err
	}
	// A PATCH says what the fields are to be: twice is the same as once.
	r.Repeatable = r.Method == http.MethodPatch
	response, err := c.http.Do(ctx, r)
	if err == nil && r.Method == http.MethodGet && response.Status == http.StatusNotFound && refusalIn(response) == nil {
		response, err = c.http.Do(ctx, r) // something between has answered for the cluster, once or always
	}
	if err != nil {
		return nil, c.masked(fromHTTP(err))
	}
	if response.Status < 200 || response.Status > 299 {
		return nil, c.masked(fromCluster(r, response))
	}
	return answer, nil
}

// masked takes the password out of an error's text.
func (c *Client) masked(e *api.Error) *api.Error {
	e.Message = rest.Mask(e.Message, []string{c.password})
	return e
}

// decode reads an answer's body: one JSON object, or nothing, with which ONTAP
// may confirm an update.
func decode(response *rest.Response) (api.Object, error) {
	if len(bytes.TrimSpace(response.Body)) == 0 {
		return nil, nil
	}
	var answer api.Object
	d := json.NewDecoder(bytes.NewReader(response.Body))
	d.UseNumber()
	if err := d.Decode(&answer); err != nil {
		// The cause would repeat what was received, whatever that is.
		return nil, errors.New("it is not an answer of the ONTAP API")
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, errors.New("there is more than one JSON value")
	}
	return answer, nil
}

// recordsOf are the records of an answer; ok is false for one without. Where
// there is one record, the reference shows it without the list around it.
func recordsOf(answer api.Object) (records []any, ok bool) {
	switch found := answer["records"].(type) {
	case []any:
		return found, true
	case api.Object:
		return []any{found}, true
	}
	_, counted := answer["num_records"]
	return nil, counted
}
