package alibabacloud

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

const (
	action  = "DescribeScanTaskProgress"
	version = "2018-12-03"
)

// service is the state behind the API.
type service struct {
	gateway
	noPermission bool

	mu    sync.Mutex
	ahead time.Duration
	tasks map[int64]*Task
}

// The errors that the reference has for the operation.
var (
	errNoPermission = &refusal{http.StatusForbidden, "NoPermission", "caller has no permission"}
	errServer       = &refusal{http.StatusInternalServerError, "ServerError", "ServerError"}
)

// ServeHTTP implements server.System.
func (s *service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	answer, refused := s.serve(r)
	if refused != nil {
		send(w, refused.status, failure(refused, r.Host))
		return
	}
	send(w, http.StatusOK, answer)
}

func (s *service) serve(r *http.Request) (any, *refusal) {
	if refused := s.admit(r, time.Now().Add(s.ahead)); refused != nil {
		return nil, refused
	}
	switch {
	case r.URL.Path != "/" || r.Header.Get("x-acs-action") != action:
		return nil, &refusal{http.StatusNotFound, "InvalidAction.NotFound", "Specified api is not found, please check your url and method."}
	case r.Header.Get("x-acs-version") != version:
		return nil, &refusal{http.StatusBadRequest, "InvalidVersion", "Specified parameter Version is not valid."}
	case s.noPermission:
		return nil, errNoPermission
	}
	return s.progress(r.URL.Query().Get("TaskId"))
}

// progress tells how far a task is; each time that it is asked, the task gets on.
func (s *service) progress(id string) (any, *refusal) {
	if id == "" {
		return nil, &refusal{http.StatusBadRequest, "MissingTaskId", "TaskId is mandatory for this action."}
	}
	n, err := strconv.ParseInt(id, 10, 64)
	if err != nil {
		return nil, &refusal{http.StatusBadRequest, "InvalidTaskId", "Specified parameter TaskId is not valid."}
	}
	task := s.tasks[n]
	if task == nil {
		return nil, errServer // the reference has no other word for it
	}
	now := task.Progress[0]
	if len(task.Progress) > 1 {
		task.Progress = task.Progress[1:]
	}
	targets := task.Targets
	if targets == nil {
		targets = []Target{}
	}
	info, err := json.Marshal(targets)
	if err != nil {
		return nil, errServer
	}
	return map[string]any{"TargetInfo": string(info), "RequestId": requestID(), "ScanTaskProgress": now}, nil
}

// Route implements server.System. What is asked for is in a header, not in the path.
func (s *service) Route(_, path string) string {
	if path == "/" || path == "" {
		return "/"
	}
	return "/?"
}

// Fault implements server.System.
func (s *service) Fault(status int) (string, []byte) {
	refused := &refusal{status, "ServiceUnavailable", "The request has failed due to a temporary failure of the server."}
	switch status {
	case http.StatusForbidden:
		refused = errNoPermission
	case http.StatusInternalServerError:
		refused = errServer
	case http.StatusBadRequest:
		refused = &refusal{status, "Throttling.User", "Request was denied due to user flow control."}
	case http.StatusTooManyRequests:
		refused = &refusal{status, "Throttling", "Request was denied due to request throttling."}
	}
	body, _ := json.Marshal(failure(refused, "simulator"))
	return "application/json", body
}

func failure(r *refusal, host string) any {
	return map[string]any{"Code": r.code, "Message": r.message, "RequestId": requestID(), "HostId": host}
}

// requestID looks like the reference's: EA15BA8A-D631-4375-8D40-CB7C769B0279.
func requestID() string {
	var b [16]byte
	_, _ = rand.Read(b[:])
	return strings.ToUpper(fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:]))
}

func send(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json;charset=utf-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}
