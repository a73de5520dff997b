package campaign

import (
	"fmt"
	"slices"
)

// fault is one thing that goes wrong with one request of an apply.
type fault struct {
	name string
	// spec is the simulator's fault for the request of that number; nil where the
	// run itself is interrupted.
	spec func(request int) string
	// accident happens to the question of that number which the array asks its peer, in
	// place of a fault of a request.
	accident string
	// settings are the provider's for the run.
	settings map[string]any
	// heard says that the apply may fail: the user hears of the fault. All others
	// the apply itself must get over.
	heard bool
	// stopped and killed say how the run is interrupted when the request has been
	// carried out: asked to stop, or with kill -9.
	stopped, killed bool
}

// shortTimeout is how long a request may take where one is slower than that.
const shortTimeout = "2s"

// faults are all that is injected, at every request in turn, of those that the simulator
// knows.
func faults(knows func(spec string) bool) []fault {
	all := []fault{
		{name: "stopped", stopped: true, heard: true},
		{name: "killed", killed: true, heard: true},
		{name: "session-expires", spec: kind("session-expire"), settings: map[string]any{"session_login": true}},
		{name: "slower-than-timeout", spec: kind("slow:2400ms"), settings: map[string]any{"request_timeout": shortTimeout}},
		// The system carries the request out when the client has given it up.
		{name: "carried-out-after-timeout", spec: kind("late:2010ms"), settings: map[string]any{"request_timeout": shortTimeout}},
		{name: "async-slow", spec: kind("async:4")},
		{name: "async-fails", spec: kind("async-fail:2"), heard: true},
		{name: "async-lost", spec: func(n int) string { return fmt.Sprintf("%d:async:2,%d:500", n, n+1) }, heard: true},
		{name: "500", spec: kind("500"), heard: true},
		{name: "429", spec: kind("429:1")},
	}
	for _, name := range []string{"refuse", "cut-before", "cut-after", "truncate", "malformed", "content-type", "307", "502", "503", "504"} {
		all = append(all, fault{name: name, spec: kind(name)})
	}
	return slices.DeleteFunc(all, func(f fault) bool { return f.spec != nil && !knows(f.spec(1)) })
}

// kind is a fault of the simulator's for one request.
func kind(name string) func(int) string {
	return func(request int) string { return fmt.Sprintf("%d:%s", request, name) }
}
