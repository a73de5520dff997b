package server

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// FaultSyntax describes what SetFaults and the flag --faults take.
const FaultSyntax = `faults: rules with commas between them, each MATCH:KIND[:ARG]

MATCH  N                 the Nth request of all, from 1
       N-M               the Nth to the Mth
       *                 every request
       METHOD ROUTE      the first request of that method (or ANY) to a route that is ROUTE or ends in it:
                         "POST /volumes", "GET /api/rest/volumes/{id}"
       METHOD ROUTE#N    the Nth such request; also #N-M and #* (every)

KIND   refuse            the connection is reset before the request is read; nothing is carried out
       cut-before        the request is read, then the connection closed; nothing is carried out
       cut-after         the request is carried out, then the connection closed without an answer
       truncate          carried out; half of the answer is sent, then the connection closed
       malformed         carried out; the answer is not JSON
       content-type      carried out; the answer is a page of text/html
       307               not carried out; the system says that it is reconfiguring, without a Location
       429[:SECONDS]     not carried out; with Retry-After, 1 second when not given
       500 502 503 504   (or any status from 400) not carried out
       slow:DURATION     carried out after that time: slow:1500ms
       late:DURATION     the same, also if the client has left by then
       async[:N]         carried out; the answer is ready after N polls, 1 when not given
       async-fail[:N]    not carried out; after N polls the answer is the system's error 500
       session-expire    the session ends and this request is answered 401

Of several rules that match a request the first one counts. A request that no rule matches is served as ever.
Example: "POST /volumes:cut-after,GET /volumes/{id}#2-3:503,7:slow:2s"`

// faults are the rules in force.
type faults struct {
	rules []*rule
}

// rule is one fault and the requests it is for.
type rule struct {
	method, route string // empty: any request
	from, to      int    // of the requests that match; to 0 means no end
	seen          int
	fault         fault
}

type fault struct {
	kind     string
	status   int
	seconds  int
	polls    int
	duration time.Duration
}

// next counts a request and returns the fault that is meant for it, if any.
func (f *faults) next(method, route string) *fault {
	var found *fault
	for _, r := range f.rules {
		if !r.matches(method, route) {
			continue
		}
		r.seen++
		if found == nil && r.seen >= r.from && (r.to == 0 || r.seen <= r.to) {
			found = &r.fault
		}
	}
	return found
}

func (r *rule) matches(method, route string) bool {
	if r.route == "" {
		return true
	}
	return (r.method == "ANY" || r.method == method) && (route == r.route || strings.HasSuffix(route, r.route))
}

// parseFaults reads a SPEC in the FaultSyntax.
func parseFaults(spec string) (*faults, error) {
	f := &faults{}
	for text := range strings.SplitSeq(spec, ",") {
		if text = strings.TrimSpace(text); text == "" {
			continue
		}
		r, err := parseRule(text)
		if err != nil {
			return nil, fmt.Errorf("fault %q: %w", text, err)
		}
		f.rules = append(f.rules, r)
	}
	return f, nil
}

func parseRule(text string) (*rule, error) {
	match, rest, ok := strings.Cut(text, ":")
	if !ok {
		return nil, fmt.Errorf("want MATCH:KIND[:ARG]")
	}
	r := &rule{from: 1, to: 1}
	counts := match
	if method, route, ok := strings.Cut(match, " "); ok {
		r.method = strings.ToUpper(method)
		r.route, counts, ok = strings.Cut(strings.TrimSpace(route), "#")
		if !strings.HasPrefix(r.route, "/") {
			return nil, fmt.Errorf("a route begins with a slash")
		}
		if !ok {
			counts = "1"
		}
	}
	if err := r.parseCounts(counts); err != nil {
		return nil, err
	}
	kind, arg, _ := strings.Cut(rest, ":")
	var err error
	r.fault, err = parseKind(kind, arg)
	return r, err
}

func (r *rule) parseCounts(counts string) error {
	if counts == "*" {
		r.to = 0
		return nil
	}
	from, to, ok := strings.Cut(counts, "-")
	if !ok {
		to = from
	}
	var err1, err2 error
	r.from, err1 = strconv.Atoi(from)
	r.to, err2 = strconv.Atoi(to)
	if err1 != nil || err2 != nil || r.from < 1 || r.to < r.from {
		return fmt.Errorf("%q is not a number of requests, a range or *", counts)
	}
	return nil
}

func parseKind(kind, arg string) (fault, error) {
	f := fault{kind: kind, seconds: 1, polls: 1}
	var err error
	switch kind {
	case "refuse", "cut-before", "cut-after", "truncate", "malformed", "content-type", "session-expire":
		if arg != "" {
			err = fmt.Errorf("%s takes no argument", kind)
		}
	case "slow", "late":
		f.duration, err = time.ParseDuration(arg)
	case "async", "async-fail":
		if arg != "" {
			f.polls, err = strconv.Atoi(arg)
		}
	default:
		f.kind = "status"
		f.status, err = strconv.Atoi(kind)
		if err != nil || f.status != 307 && (f.status < 400 || f.status > 599) {
			return f, fmt.Errorf("%q is not a kind of fault", kind)
		}
		if arg != "" {
			f.seconds, err = strconv.Atoi(arg)
		}
	}
	return f, err
}
