// Package unitrends is the client of a Unitrends backup appliance, and its data
// source: the virtual clients of instant recovery.
package unitrends

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/remote"
	"github.com/storage-as-code/terraform-provider-storage/internal/rest"
)

const (
	basePath = "/api"

	// tokenHeader carries what a login has returned, spelt as in the reference.
	tokenHeader = "AuthToken"
)

// appliance names the system to the user.
var appliance = remote.System{Block: "unitrends", Noun: "appliance"}

// Client talks to one appliance. It is safe for concurrent use.
type Client struct {
	http               *rest.Client
	username, password string
}

// New makes a client of a connection and the credentials to log in with. It
// sends nothing: the first request logs in.
func New(config rest.Config, username, password string) (*Client, error) {
	c := &Client{username: username, password: password}
	config.BasePath = basePath
	config.Auth = rest.NewSession(c.login)
	var err error
	c.http, err = rest.New(config)
	return c, err
}

// get asks for a resource of the API.
func (c *Client) get(ctx context.Context, path string, query url.Values) (api.Object, error) {
	var answer api.Object
	r := rest.Request{Method: http.MethodGet, Path: path, Query: query}
	r.Decode = func(response *rest.Response) (err error) {
		answer, err = decode(response.Body)
		return err
	}
	response, err := c.http.Do(ctx, r)
	if err != nil {
		return nil, appliance.Failure(err)
	}
	if _, ok := answer["data"]; !ok {
		return nil, c.refusal(r, response)
	}
	return answer, nil
}

// login implements rest.Session: a token identifies the session.
func (c *Client) login(ctx context.Context) (http.Header, error) {
	var answer api.Object
	r := rest.Request{
		Method:     http.MethodPost,
		Path:       "login",
		Body:       api.Object{"username": c.username, "password": c.password},
		Repeatable: true,
		Anonymous:  true,
	}
	r.Decode = func(response *rest.Response) (err error) {
		answer, err = decode(response.Body)
		return err
	}
	response, err := c.http.Do(ctx, r)
	if err != nil {
		if failed, ok := errors.AsType[*rest.Error](err); ok {
			failed.Sent = false // a login that came through leaves nothing in doubt
		}
		return nil, appliance.Failure(err)
	}
	token, _ := answer["auth_token"].(string)
	if token != "" {
		return http.Header{tokenHeader: {token}}, nil
	}
	refused := c.refusal(r, response)
	if refused.Reason == api.Unauthenticated || refused.Reason == api.Forbidden || refused.Status < 300 {
		refused.Reason, refused.Remedy, refused.Err = api.Unauthenticated, remedyCredentials(), rest.ErrRefused
	}
	return nil, refused
}

// refusal is what an answer without data means, in the appliance's words where it
// has any.
func (c *Client) refusal(r rest.Request, response *rest.Response) *api.Error {
	e := &api.Error{
		Operation: r.Method + " " + r.Path,
		Status:    response.Status,
		// The appliance may repeat what it was sent.
		Message: rest.Mask(messageOf(response.Body), []string{c.password}),
	}
	if e.Message == "" {
		e.Message = fmt.Sprintf("the answer tells nothing but HTTP status %d, %s", response.Status, http.StatusText(response.Status))
	}
	switch {
	case response.Status == http.StatusUnauthorized:
		e.Reason, e.Remedy = api.Unauthenticated, remedyCredentials()
	case response.Status == http.StatusForbidden:
		e.Reason, e.Remedy = api.Forbidden, "The appliance does not allow this to the user: use another one, or have an administrator change the user's role."
	case response.Status == http.StatusNotFound, response.Status < 300:
		e.Remedy = appliance.WhenAnother()
	}
	return e
}

func remedyCredentials() string {
	return fmt.Sprintf("Check username and password of the provider's unitrends block, or the environment variables %s and %s.",
		appliance.Variable("username"), appliance.Variable("password"))
}

// messageOf finds the words in an answer that refuses: {"result": [{"message": …}]}.
func messageOf(body []byte) string {
	answer, err := decode(body)
	if err != nil {
		return ""
	}
	for _, member := range objectsIn(answer["result"]) {
		result, _ := member.(api.Object)
		if message, _ := result["message"].(string); message != "" {
			return remote.Clean(message)
		}
	}
	return ""
}

// decode reads an answer, which is always an object.
func decode(body []byte) (api.Object, error) {
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	var answer api.Object
	if err := d.Decode(&answer); err != nil || answer == nil {
		return nil, errors.New("it is not an answer of the Unitrends API")
	}
	return answer, nil
}

// objectsIn is the list of objects that a field holds. Appliances are known to
// wrap a list into an object's data, and to give the only member in its place.
func objectsIn(value any) []any {
	switch v := value.(type) {
	case []any:
		return v
	case api.Object:
		if inner, wrapped := v["data"]; wrapped {
			return objectsIn(inner)
		}
		return []any{v}
	}
	return nil
}
