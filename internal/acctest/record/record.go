// Package record keeps which operations of a system's API the tests of the
// provider have used, where the environment asks for it.
package record

import (
	"bytes"
	"encoding/json"
	"net/http"
	"os"
	"sync"
)

// Variable names the environment variable with the directory that records are
// written to. Without it nothing is recorded.
const Variable = "API_COVERAGE"

// Request is a request that a system has answered well.
type Request struct {
	Method string `json:"method"`
	// Route is the template of the path.
	Route string `json:"route"`
	// Object is the Terraform object at work; "" where several may have been.
	Object string `json:"object"`
	Test   string `json:"test"`
}

// Recorder notes the requests of one test to one system. Nil notes nothing.
type Recorder struct {
	test string
	mu   sync.Mutex
	// object is the Terraform object at work.
	object string
	seen   map[Request]bool
}

// New is a recorder where the environment asks for one, else nil.
func New(test string) *Recorder {
	if os.Getenv(Variable) == "" {
		return nil
	}
	return &Recorder{test: test, seen: map[Request]bool{}}
}

// Work says which Terraform object is at work until the returned function is called.
func (r *Recorder) Work(object string) (done func()) {
	if r == nil {
		return func() {}
	}
	set := func(object string) {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.object = object
	}
	set(object)
	return func() { set("") }
}

// Note takes a line of a simulator's log.
func (r *Recorder) Note(line []byte) {
	var one struct {
		Request
		Status int `json:"status"`
	}
	if r == nil || json.Unmarshal(line, &one) != nil || one.Status < 200 || one.Status > 299 && one.Status != http.StatusFound {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	one.Object, one.Test = r.object, r.test
	r.seen[one.Request] = true
}

// Save writes what was noted.
func (r *Recorder) Save() error {
	if r == nil {
		return nil
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	var b bytes.Buffer
	for one := range r.seen {
		line, err := json.Marshal(one)
		if err != nil {
			return err
		}
		b.Write(append(line, '\n'))
	}
	file, err := os.CreateTemp(os.Getenv(Variable), "*.jsonl")
	if err != nil {
		return err
	}
	if _, err := file.Write(b.Bytes()); err != nil {
		return err
	}
	return file.Close()
}
