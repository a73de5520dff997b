package rest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"net/http"
	"strconv"
	"time"

	"github.com/hashicorp/go-retryablehttp"
)

const (
	// unreachedRetries is how often an endpoint that never answered is retried.
	unreachedRetries = 3
	// longestRetryAfter is the longest wait that a system may ask for.
	longestRetryAfter = 5 * time.Minute
)

// errTooLarge is an answer beyond Config.MaxAnswer; the next would be as large.
var errTooLarge = errors.New("the answer is too large")

// call is one request and the state of its repetitions. go-retryablehttp keeps
// the loop; when and after how long to go on is decided here.
type call struct {
	*Client

	request     Request
	operation   string
	url         string
	contentType string
	body        []byte
	repeatable  bool
	readOnly    bool
	auth        Authenticator
	serial      int64

	// sent is the attempt under way, with its credentials.
	sent     *http.Request
	began    time.Time
	attempts int
	wait     time.Duration
	// inDoubt stays true once any attempt may have been carried out.
	inDoubt  bool
	response *Response
	failure  *Error
}

// run sends the request until it has a final answer, or none can be had.
func (k *call) run(ctx context.Context) (*Response, error) {
	var body any
	if k.body != nil {
		body = k.body
	}
	request, err := retryablehttp.NewRequestWithContext(ctx, k.request.Method, k.url, body)
	if err != nil {
		return nil, &Error{Kind: Invalid, Operation: k.operation, Err: unwrapURL(err)}
	}
	maps.Copy(request.Header, k.request.Header)
	request.Header.Set("Accept", "application/json")
	if k.userAgent != "" {
		request.Header.Set("User-Agent", k.userAgent)
	}
	if k.body != nil {
		request.Header.Set("Content-Type", k.contentType)
	}
	if err := k.prepare(request.Request); err != nil {
		return nil, k.unauthorized(ctx, err)
	}

	loop := retryablehttp.Client{
		HTTPClient:   k.client(),
		RetryMax:     k.maxRetries,
		CheckRetry:   k.judge,
		Backoff:      func(_, _ time.Duration, _ int, _ *http.Response) time.Duration { return k.wait },
		PrepareRetry: k.prepare,
		ErrorHandler: func(_ *http.Response, err error, _ int) (*http.Response, error) { return nil, err },
	}
	// The answer and the failure are in k, read and classified by judge.
	_, err = loop.Do(request)
	switch {
	case k.failure == nil && k.response != nil:
		answer := *k.response // may be another request's too
		answer.Repeated = k.inDoubt
		return &answer, nil
	case ctx.Err() != nil:
		return nil, k.interrupted(ctx)
	case k.failure != nil:
		k.failure.Attempts = k.attempts
		k.failure.Sent = k.inDoubt && !k.readOnly
		return nil, k.failure
	default:
		return nil, k.unauthorized(ctx, err)
	}
}

// client sends the attempts.
func (k *call) client() *http.Client {
	if k.request.Send == nil {
		return k.http
	}
	c := *k.http
	c.Transport = sender{k.request.Send, k.http.Transport}
	return &c
}

// sender makes a transport of Request.Send.
type sender struct {
	send func(*http.Request, http.RoundTripper) (*http.Response, error)
	next http.RoundTripper
}

func (s sender) RoundTrip(attempt *http.Request) (*http.Response, error) {
	return s.send(attempt, s.next)
}

// unauthorized is the end of a request that could not be given credentials.
func (k *call) unauthorized(ctx context.Context, err error) error {
	switch {
	case ctx.Err() != nil:
		return k.interrupted(ctx)
	case k.inDoubt && !k.readOnly:
		return &Error{Kind: NoAnswer, Operation: k.operation, Attempts: k.attempts, Sent: true, Err: err}
	}
	return err
}

// prepare gives an attempt its credentials, and a header of its own: the
// transport may still be reading the one before.
func (k *call) prepare(request *http.Request) error {
	request.Header = request.Header.Clone()
	if k.auth != nil {
		if err := k.auth.Authorize(request.Context(), request); err != nil {
			k.response, k.failure = nil, nil
			return err
		}
	}
	k.sent = request
	k.began = time.Now()
	return nil
}

// judge reads an attempt's answer and decides whether to try again.
func (k *call) judge(ctx context.Context, response *http.Response, err error) (bool, error) {
	k.attempts++
	k.wait = k.backoff(k.attempts)
	k.response, k.failure = nil, nil
	if locked, ok := errors.AsType[*lockedOutError](err); ok {
		k.attempts-- // nothing was sent
		k.response = locked.answer
		return false, nil
	}
	var again bool
	if err == nil {
		again = k.answered(ctx, response)
	} else {
		again = k.unanswered(ctx, err)
	}
	k.logAttempt(ctx)
	if again && ctx.Err() == nil && !k.inTime(ctx) {
		k.failure.Err = fmt.Errorf("%w; the time for the operation is over before it could be tried again: %w", k.failure.Err, context.DeadlineExceeded)
		again = false
	}
	return again && ctx.Err() == nil, nil
}

// unanswered classifies an attempt without an answer.
func (k *call) unanswered(ctx context.Context, err error) (again bool) {
	sent := written(err)
	err = unwrapURL(err)
	switch {
	case errors.Is(err, ErrUnsent):
		return k.fail(Invalid, err)
	case !sent && untrusted(err):
		return k.fail(Untrusted, err)
	case !sent:
		k.fail(Unreachable, err)
		return !hopeless(err) && (k.reached.Load() || k.attempts <= unreachedRetries)
	default:
		k.inDoubt = true
		k.fail(NoAnswer, silence(ctx, err))
		return k.repeatable
	}
}

// silence says in words what a broken connection reads like.
func silence(ctx context.Context, err error) error {
	if ctx.Err() == nil && (errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)) {
		return errors.New("the connection was closed before the answer was complete")
	}
	return err
}

// answered reads the answer and classifies it by its status.
func (k *call) answered(ctx context.Context, response *http.Response) (again bool) {
	k.clock.observe(response.Header.Get("Date"), k.began)
	body, err := k.read(response)
	if err != nil {
		k.inDoubt = true
		k.fail(NoAnswer, silence(ctx, err))
		return k.repeatable && !errors.Is(err, errTooLarge)
	}
	k.reached.Store(true)
	answer := &Response{Status: response.StatusCode, Header: response.Header, Body: body}
	switch status := response.StatusCode; {
	case status == http.StatusTemporaryRedirect, status == http.StatusTooManyRequests, status == http.StatusServiceUnavailable:
		k.fail(Busy, fmt.Errorf("the system asked to come back later (HTTP status %d)", status))
		k.failure.Response = answer
		if asked, ok := retryAfter(response.Header.Get("Retry-After")); ok {
			k.wait = asked
			return asked <= longestRetryAfter
		}
		return true
	case k.request.Busy != nil && k.request.Busy(answer):
		k.fail(Busy, errors.New("the system asked to come back later"))
		k.failure.Response = answer
		return true
	case status == http.StatusBadGateway, status == http.StatusGatewayTimeout:
		k.inDoubt = true
		k.fail(NoAnswer, fmt.Errorf("a proxy had no answer from the system (HTTP status %d)", status))
		k.failure.Response = answer
		return k.repeatable
	case status >= 200 && status <= 299 && k.request.Decode != nil:
		if err := k.request.Decode(answer); err != nil {
			k.inDoubt = true
			k.fail(BadAnswer, describe(answer, err))
			return k.repeatable
		}
	}
	k.response = answer
	return false
}

// describe adds what the answer was instead of what was expected.
func describe(answer *Response, err error) error {
	kind := answer.Header.Get("Content-Type")
	if kind == "" {
		kind = "unknown content"
	}
	return fmt.Errorf("the answer of %d bytes (HTTP status %d, %.40q) could not be read: %w", len(answer.Body), answer.Status, kind, err)
}

// fail notes why the attempt is not final. It returns false for "not again".
func (k *call) fail(kind Kind, err error) bool {
	k.failure = &Error{Kind: kind, Operation: k.operation, Err: err}
	return false
}

// interrupted is the end of the context, with the last failure before it.
func (k *call) interrupted(ctx context.Context) error {
	cause := context.Cause(ctx)
	if errors.Is(cause, context.DeadlineExceeded) {
		cause = fmt.Errorf("the time for the operation is over: %w", cause)
	}
	e := &Error{Kind: Interrupted, Operation: k.operation, Attempts: k.attempts, Sent: k.inDoubt && !k.readOnly, Err: cause}
	if k.failure != nil {
		e.Response = k.failure.Response
		if last := k.failure.Err; last != nil && !errors.Is(last, ctx.Err()) {
			e.Err = fmt.Errorf("%w; before that: %w", cause, last)
		}
	}
	return e
}

// read takes the whole body, so that a cut one shows now and can be repeated.
func (k *call) read(response *http.Response) ([]byte, error) {
	defer response.Body.Close()
	var b bytes.Buffer
	if n := response.ContentLength; n > 0 && n <= k.maxAnswer {
		b.Grow(int(n) + bytes.MinRead)
	}
	_, err := b.ReadFrom(io.LimitReader(response.Body, k.maxAnswer+1))
	if err == nil && int64(b.Len()) > k.maxAnswer {
		err = fmt.Errorf("%w: more than %d bytes", errTooLarge, k.maxAnswer)
	}
	response.Body = http.NoBody
	return b.Bytes(), err
}

// inTime reports whether the context outlasts the wait.
func (k *call) inTime(ctx context.Context) bool {
	deadline, ok := ctx.Deadline()
	return !ok || time.Until(deadline) > k.wait
}

// backoff doubles the wait with every attempt and takes a random part of its
// upper half, so that requests that failed together do not return together.
func (k *call) backoff(attempt int) time.Duration {
	wait := k.maxWait
	if shift := attempt - 1; shift < 30 && k.minWait<<shift < k.maxWait {
		wait = k.minWait << shift
	}
	return wait/2 + rand.N(wait/2+1)
}

// retryAfter reads the header of that name: seconds, or a date.
func retryAfter(header string) (time.Duration, bool) {
	if header == "" {
		return 0, false
	}
	if seconds, err := strconv.ParseUint(header, 10, 31); err == nil {
		return time.Duration(seconds) * time.Second, true
	}
	date, err := http.ParseTime(header)
	if err != nil {
		return 0, false
	}
	return max(0, time.Until(date)), true
}
