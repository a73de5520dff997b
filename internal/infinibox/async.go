package infinibox

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/rest"
)

// The waits between two looks at an asynchronous result.
const (
	firstLook  = 50 * time.Millisecond
	slowestRun = 2 * time.Second
)

// await polls for the result of an operation that the array has accepted, for
// as long as the context lasts. Where the result cannot be had, an operation
// other than a GET is Ambiguous: it may still be carried out.
func (c *Client) await(ctx context.Context, r api.Request, answer *envelope) (*envelope, error) {
	operation := r.Method + " " + r.Path
	ambiguous := api.Ambiguous
	if r.Method == http.MethodGet {
		ambiguous = api.Other
	}
	timer := time.NewTimer(0)
	defer timer.Stop()
	for wait := firstLook; !answer.Metadata.done(); wait = min(2*wait, slowestRun) {
		path, query, err := resultPath(answer.Metadata.ResultURL)
		if err != nil {
			return nil, &api.Error{Reason: ambiguous, Operation: operation, Message: err.Error(), Remedy: array.WhenSlow()}
		}
		api.Progress(ctx, "The array is still at work on it")
		timer.Reset(wait)
		select {
		case <-ctx.Done():
			return nil, &api.Error{
				Reason:    ambiguous,
				Operation: operation,
				Message:   "the array was still at work on it when the time was over or the run was stopped",
				Remedy:    array.WhenSlow(),
				Err:       context.Cause(ctx),
			}
		case <-timer.C:
		}
		answer, err = c.exchange(ctx, rest.Request{Method: http.MethodGet, Path: path, Query: query})
		if err != nil {
			if e, ok := errors.AsType[*api.Error](err); ok {
				e.Operation = operation
				// A code of the operation's own is its outcome.
				if e.Code == "" || e.Status >= 500 || e.Code == "NOT_FOUND" || e.Code == "UNKNOWN_PATH" || e.Reason == api.Unauthenticated {
					e.Reason = ambiguous
				}
			}
			return nil, err
		}
	}
	return answer, nil
}

// resultPath takes path and query of a result's URL. Whatever host it names is
// ignored, so that the credentials stay with the endpoint.
func resultPath(text string) (string, url.Values, error) {
	u, err := url.Parse(text)
	if err != nil || text == "" || u.Opaque != "" {
		return "", nil, errors.New("the array gave no usable address of the operation's result")
	}
	path, below := strings.CutPrefix(u.EscapedPath(), root)
	if !below || path == "" || strings.Contains(u.Path, "..") {
		return "", nil, errors.New("the array gave an address of the operation's result that is outside its API")
	}
	return path, u.Query(), nil
}
