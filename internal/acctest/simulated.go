package acctest

import (
	"io"
	"sync"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest/record"
	"github.com/storage-as-code/terraform-provider-storage/internal/simulator/server"
)

// Simulated is a lab whose system is a simulator: what it was asked can be read, and what it
// answers disturbed.
type Simulated interface {
	Lab
	// Front is the server before the system, which counts requests and injects faults.
	Front() *server.Server
	// OnRequest has a function called whenever a request has been carried out and is not
	// yet answered; nil ends that.
	OnRequest(call func())
	// All are the objects of a kind's path, past the provider and the faults.
	All(path string) ([]Object, error)
	// Beside are paths with objects that no resource has, or that resources have by the way.
	Beside() []string
	// Newest is the highest id so far: what is made later has a higher one, and another one
	// than it would have had. It is 0 where objects have no ids.
	Newest() (int, error)
	// Approved reports whether a request tells the system that somebody has approved it, and
	// what in its path says of which object.
	Approved(r server.Request) (sent bool, about []string)
	// Dump writes the state of the system, which a lab can be begun with.
	Dump(w io.Writer) error
}

// watch calls a function at every request.
type watch struct {
	recorder *record.Recorder // nil where nothing is recorded

	mu   sync.Mutex
	call func()
}

func (w *watch) Write(line []byte) (int, error) {
	w.recorder.Note(line)
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.call != nil {
		w.call()
	}
	return len(line), nil
}

func (w *watch) onRequest(call func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.call = call
}
