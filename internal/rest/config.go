package rest

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync/atomic"
	"time"

	"github.com/hashicorp/go-cleanhttp"
	"golang.org/x/sync/semaphore"
)

// Defaults of Config.
const (
	DefaultTimeout        = time.Minute
	DefaultMaxConcurrency = 8
	DefaultMaxRetries     = 10
	DefaultMinWait        = 250 * time.Millisecond
	DefaultMaxWait        = 10 * time.Second
	DefaultMaxAnswer      = 64 << 20
)

// Config says how to reach one system. The zero value of every field but
// Endpoint is a good default.
type Config struct {
	// Endpoint is the scheme, host and port, e.g. "https://array.example.com".
	Endpoint string
	// BasePath comes before every request's path, e.g. "/api/rest".
	BasePath string
	// Auth adds credentials to requests; nil sends none.
	Auth Authenticator
	// CACertificate is what signs the system's certificate, as PEM text or as
	// the path of a PEM file. Nothing else is trusted then; without it, what the
	// machine trusts.
	CACertificate string
	// Insecure accepts any certificate of this system.
	Insecure bool
	// Timeout limits one attempt, from its turn to the last byte of its answer.
	Timeout time.Duration
	// MaxConcurrency is how many attempts are under way at a time.
	MaxConcurrency int
	// MaxRetries is how often an attempt is repeated; negative for never.
	MaxRetries int
	// MinWait and MaxWait bound the wait before a repetition.
	MinWait, MaxWait time.Duration
	// MaxAnswer is the size in bytes beyond which an answer is refused.
	MaxAnswer int64
	UserAgent string
}

// Client talks to one system. It is safe for concurrent use, and sends nothing
// before the first Do.
type Client struct {
	base       url.URL
	auth       Authenticator
	http       *http.Client
	transport  *transport
	maxRetries int
	minWait    time.Duration
	maxWait    time.Duration
	maxAnswer  int64
	userAgent  string
	cleartext  bool
	log        logLevel
	clock      clock
	// reached turns true with the first answer: from then on the endpoint is
	// known to be right, and an outage is worth waiting for.
	reached atomic.Bool
	// serial numbers the requests in the log.
	serial atomic.Int64
}

// New checks the configuration and prepares a client.
func New(config Config) (*Client, error) {
	base, err := endpoint(config.Endpoint)
	if err != nil {
		return nil, err
	}
	base.Path = strings.TrimRight(config.BasePath, "/")

	trust, err := trust(config)
	if err != nil {
		return nil, err
	}

	slots := orDefault(config.MaxConcurrency, DefaultMaxConcurrency)
	if slots < 0 {
		return nil, fmt.Errorf("the number of concurrent requests must be positive, not %d", slots)
	}

	pooled := cleanhttp.DefaultPooledTransport()
	pooled.TLSClientConfig = trust
	pooled.DialContext = (&net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}).DialContext
	// With HTTP/2, one cut connection would fail all requests under way.
	pooled.ForceAttemptHTTP2 = false
	pooled.MaxIdleConns = slots
	pooled.MaxIdleConnsPerHost = slots
	// Shorter than servers keep idle connections: a request written to one that
	// the server is closing may or may not have been carried out.
	pooled.IdleConnTimeout = 30 * time.Second
	transport := newTransport(pooled)

	return &Client{
		base: *base,
		auth: config.Auth,
		http: &http.Client{
			Transport: &door{next: &gate{
				next:    transport,
				slots:   semaphore.NewWeighted(int64(slots)),
				timeout: orDefault(config.Timeout, DefaultTimeout),
			}},
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
		transport:  transport,
		maxRetries: max(0, orDefault(config.MaxRetries, DefaultMaxRetries)),
		minWait:    orDefault(config.MinWait, DefaultMinWait),
		maxWait:    orDefault(config.MaxWait, DefaultMaxWait),
		maxAnswer:  orDefault(config.MaxAnswer, DefaultMaxAnswer),
		userAgent:  config.UserAgent,
		cleartext:  base.Scheme == "http" && !loopback(base.Hostname()),
		log:        levelFromEnvironment(os.Getenv),
		clock:      clock{start: time.Now()},
	}, nil
}

// Cleartext is true where requests, credentials included, travel unencrypted
// beyond this machine, which a user should be warned of.
func (c *Client) Cleartext() bool { return c.cleartext }

// Close closes the idle connections.
func (c *Client) Close() { c.transport.closeIdle() }

// ServerTime is the system's clock now, as far as its answers told; false
// before the first. It is never ahead of that clock, and behind it by at most
// a second and the duration of the quickest answer.
func (c *Client) ServerTime() (time.Time, bool) { return c.clock.now() }

// MadeSince reports whether what the system dates made was made after began, a moment
// of this machine's clock. Where the answers so far leave that open it waits, for a
// few seconds at most, and calls ask, which has the system answer anything. It is
// false where nothing tells.
func (c *Client) MadeSince(ctx context.Context, made, began time.Time, ask func(context.Context) error) bool {
	return c.clock.madeSince(ctx, made, began, ask)
}

func orDefault[T comparable](v, def T) T {
	var zero T
	if v == zero {
		return def
	}
	return v
}

// endpoint refuses what would silently go elsewhere than the user thinks. Its
// errors leave out the text itself, which may hold a password.
func endpoint(text string) (*url.URL, error) {
	const want = `the endpoint must look like "https://array.example.com" or "https://10.0.0.1:8443"`
	u, err := url.Parse(strings.TrimSpace(text))
	switch {
	case text == "":
		return nil, errors.New("the endpoint is empty: " + want)
	case err != nil:
		return nil, errors.New(want)
	case u.User != nil:
		return nil, errors.New("the endpoint must not hold a username or password: they have settings of their own")
	case u.Scheme != "https" && u.Scheme != "http":
		return nil, errors.New("the endpoint must begin with https:// (or http://): " + want)
	case u.Hostname() == "" || u.Opaque != "":
		return nil, errors.New("the endpoint names no host: " + want)
	case u.Path != "" && u.Path != "/", u.RawQuery != "" || u.ForceQuery, u.Fragment != "":
		return nil, errors.New("the endpoint must end after the host and port: " + want)
	}
	return &url.URL{Scheme: u.Scheme, Host: u.Host}, nil
}

func loopback(host string) bool {
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}

func trust(config Config) (*tls.Config, error) {
	t := &tls.Config{MinVersion: tls.VersionTLS12}
	if config.Insecure {
		t.InsecureSkipVerify = true
		return t, nil
	}
	if config.CACertificate == "" {
		return t, nil
	}
	pem := []byte(config.CACertificate)
	if !strings.Contains(config.CACertificate, "-----BEGIN") {
		var err error
		if pem, err = os.ReadFile(config.CACertificate); err != nil {
			return nil, fmt.Errorf("the CA certificate is neither PEM text nor a readable file: %w", err)
		}
	}
	t.RootCAs = x509.NewCertPool()
	if !t.RootCAs.AppendCertsFromPEM(pem) {
		return nil, errors.New("the CA certificate holds no certificate in PEM form")
	}
	return t, nil
}
