// Package alibabacloud is the client of Alibaba Cloud Security Center, and its
// data source: a virus scan task.
//
// Alibaba Cloud's own generic client makes, signs and sends every request;
// internal/rest gives it the connection and decides when to try again.
package alibabacloud

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	openapi "github.com/alibabacloud-go/darabonba-openapi/v2/client"
	"github.com/alibabacloud-go/darabonba-openapi/v2/models"
	"github.com/alibabacloud-go/tea/dara"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/remote"
	"github.com/storage-as-code/terraform-provider-storage/internal/rest"
)

// version is the version of the API of Security Center.
const version = "2018-12-03"

// service names the system to the user.
var service = remote.System{Block: "alibabacloud", Noun: "service"}

// Config says how to reach the Security Center of an account.
type Config struct {
	// Connection is the connection, without its endpoint.
	Connection rest.Config
	// Region chooses the endpoint where Endpoint is empty.
	Region string
	// Endpoint is a host, "tds.aliyuncs.com", or begins with https:// or http://.
	Endpoint string
	// Key is the access key; the zero value looks for one where the official
	// tools do.
	Key Key
	// PollInterval is the first wait between two looks at a task.
	PollInterval time.Duration
}

// Client talks to Security Center. It is safe for concurrent use.
type Client struct {
	http         *rest.Client
	endpoint     *url.URL
	userAgent    string
	keys         keys
	pollInterval time.Duration
}

// New checks the configuration. It sends nothing.
func New(config Config) (*Client, error) {
	c := &Client{userAgent: config.Connection.UserAgent, pollInterval: config.PollInterval}
	if c.pollInterval == 0 {
		c.pollInterval = defaultPollInterval
	}
	c.keys.init(config.Key)
	if config.Endpoint == "" {
		config.Endpoint = endpointOf(config.Region)
	}
	if !strings.Contains(config.Endpoint, "://") {
		config.Endpoint = "https://" + config.Endpoint
	}
	config.Connection.Endpoint = config.Endpoint
	var err error
	if c.http, err = rest.New(config.Connection); err != nil {
		return nil, err
	}
	c.endpoint, err = url.Parse(config.Endpoint)
	return c, err
}

// endpointOf is where Security Center keeps what belongs to a region: it has one
// centre for China and one for everywhere else.
func endpointOf(region string) string {
	if strings.HasPrefix(region, "cn-") {
		return "tds.aliyuncs.com"
	}
	return "tds.ap-southeast-1.aliyuncs.com"
}

// call carries out an action that only reads.
func (c *Client) call(ctx context.Context, action string, parameters map[string]string) (api.Object, error) {
	key, err := c.keys.get(ctx)
	if err != nil {
		return nil, &api.Error{
			Reason: api.Unauthenticated, Operation: action, Err: err,
			Message: "there are no credentials to sign with: " + remote.Clean(err.Error()), Remedy: remedyNoKey(),
		}
	}
	var answer api.Object
	r := rest.Request{
		Method: http.MethodGet, Path: action, Query: url.Values{},
		Busy: throttled,
		Decode: func(response *rest.Response) (err error) {
			answer, err = decode(response.Body)
			return err
		},
		Send: func(attempt *http.Request, transport http.RoundTripper) (*http.Response, error) {
			return c.send(attempt.Context(), action, parameters, key, transport)
		},
	}
	for name, value := range parameters {
		r.Query.Set(name, value)
	}
	response, err := c.http.Do(ctx, r)
	var failure *api.Error
	switch {
	case err != nil:
		failure = service.Failure(err)
	case response.Status < 200 || response.Status > 299:
		failure = refusal(action, response)
	default:
		return answer, nil
	}
	failure.Operation = action
	failure.Message = rest.Mask(failure.Message, []string{key.Secret, key.Token})
	return nil, failure
}

// send lets the official client make and send one attempt. A new one for each:
// every attempt has a date and a nonce of its own.
func (c *Client) send(ctx context.Context, action string, parameters map[string]string, key Key, transport http.RoundTripper) (*http.Response, error) {
	courier := &courier{transport: transport}
	official, err := openapi.NewClient(&models.Config{
		AccessKeyId:     new(key.ID),
		AccessKeySecret: new(key.Secret),
		SecurityToken:   new(key.Token),
		Endpoint:        new(c.endpoint.Host),
		Protocol:        new(c.endpoint.Scheme),
		UserAgent:       new(c.userAgent),
		HttpClient:      courier,
	})
	if err != nil {
		return nil, fmt.Errorf("%w: %w", rest.ErrUnsent, err)
	}
	query := map[string]*string{}
	for name, value := range parameters {
		query[name] = new(value)
	}
	_, err = official.CallApiWithCtx(ctx, &models.Params{
		Action: new(action), Version: new(version), Style: new("RPC"), AuthType: new("AK"),
		Protocol: new(c.endpoint.Scheme), Method: new(http.MethodGet), Pathname: new("/"),
		ReqBodyType: new("json"), BodyType: new("json"),
	}, &models.OpenApiRequest{Query: query}, &dara.RuntimeOptions{})
	if !courier.called {
		if err == nil {
			err = errors.New("the official client sent nothing")
		}
		return nil, fmt.Errorf("%w: %w", rest.ErrUnsent, err)
	}
	return courier.response, courier.err
}

// courier is the official client's way to the network. It keeps the answer for
// our own reading and hands an empty one back.
type courier struct {
	transport http.RoundTripper
	called    bool
	response  *http.Response
	err       error
}

// Call implements dara.HttpClient.
func (c *courier) Call(request *http.Request, _ *http.Transport) (*http.Response, error) {
	// The official client would send a proxy's password on to the service; our
	// transport gives it to the proxy.
	request.Header.Del("Proxy-Authorization")
	c.called = true
	c.response, c.err = c.transport.RoundTrip(request)
	if c.err != nil {
		return nil, c.err
	}
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(strings.NewReader("{}"))}, nil
}

// decode reads an answer, which is always an object.
func decode(body []byte) (api.Object, error) {
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	var answer api.Object
	if err := d.Decode(&answer); err != nil || answer == nil {
		return nil, errors.New("it is not an answer of Alibaba Cloud")
	}
	return answer, nil
}
