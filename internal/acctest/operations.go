package acctest

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
)

// Action makes the test of an action, on a system of its own.
type Action func(t *testing.T) (Lab, Invocation)

// Invocation is an action with what it does.
type Invocation struct {
	Config Attrs
	// Danger is part of the reason why it takes approval; "" where it takes none.
	Danger string
	// Progress is what it says first, and Sent what it sends, as the lab tells:
	// "POST /api/rest/volumes/{id}/restore".
	Progress, Sent string
	// Meanwhile is done again and again while it is at work, such as to let the system's
	// clock go on for one that waits. How often that one looks (GET) is not compared then.
	Meanwhile func()
	// Done holds what it has done.
	Done func(t *testing.T)
	// Refused are arguments that are refused once it is done, with part of what is said.
	Refused []Refusal
}

// Refusal are arguments, and parts of what is said of them.
type Refusal struct {
	Config Attrs
	Says   []string
}

// sender is a lab that knows what was sent to it since it was last asked.
type sender interface{ Sent() []string }

// RunAction holds that an action is refused until it is approved, then warned of, changes
// nothing before, tells what it does, and does it.
func RunAction(t *testing.T, typeName string, action Action) {
	t.Helper()
	lab, a := action(t)
	server := NewServer(t, lab)
	sent := func() string {
		if s, ok := lab.(sender); ok {
			return strings.Join(s.Sent(), ", ")
		}
		return ""
	}
	sent()
	want := a.Sent
	if a.Danger != "" {
		system, _ := lab.Settings()
		server.PlanAction(typeName, a.Config.With(Attrs{"approved": false})).
			Refuse(t, "is dangerous and not approved", a.Danger, "approved = true", strings.ToUpper(system)+"_APPROVE_DANGEROUS_OPERATIONS")
		server.PlanAction(typeName, a.Config).Warn(t, "Approved", a.Danger)
		server.PlanAction(typeName, a.Config.With(Attrs{"approved": true})).Warn(t, "Approved", a.Danger)
		want = approving(want)
	} else if said := server.PlanAction(typeName, a.Config); len(said) > 0 {
		t.Errorf("plan: %s", said)
	}
	if requests := sent(); slices.ContainsFunc(strings.Split(requests, ", "), func(r string) bool { return r != "" && !strings.HasPrefix(r, "GET ") }) {
		t.Errorf("the plan sent %s", requests)
	}
	said := a.Invoke(server, typeName)
	if said.Failed() || len(said.Progress) == 0 || said.Progress[0] != a.Progress {
		t.Errorf("progress %q, want %q; %s", said.Progress, a.Progress, said.Problems)
	}
	if requests := a.compared(sent()); requests != want {
		t.Errorf("sent %s, want %s", requests, want)
	}
	a.Done(t)
	for _, bad := range a.Refused {
		server.Invoke(typeName, bad.Config).Refuse(t, bad.Says...)
	}
}

// approving is what is sent, with the approval in the last request.
func approving(sent string) string {
	route, query := sent, url.Values{}
	if at := strings.LastIndex(sent, " "); strings.Contains(sent[at+1:], "=") {
		route = sent[:at]
		query, _ = url.ParseQuery(sent[at+1:])
	}
	query.Set("approved", "yes")
	return route + " " + query.Encode()
}

// Invoke carries the action out, with what is done meanwhile.
func (a Invocation) Invoke(server *Server, typeName string) Invoked {
	if a.Meanwhile == nil {
		return server.Invoke(typeName, a.Config)
	}
	done, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		tick := time.NewTicker(10 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-done:
				return
			case <-tick.C:
				a.Meanwhile()
			}
		}
	}()
	defer func() { close(done); <-ended }()
	return server.Invoke(typeName, a.Config)
}

// compared are those of the requests that are the same each time.
func (a Invocation) compared(sent string) string {
	if a.Meanwhile == nil {
		return sent
	}
	return strings.Join(slices.DeleteFunc(strings.Split(sent, ", "), func(r string) bool { return strings.HasPrefix(r, "GET ") }), ", ")
}

// Question is what a data source is asked, and what it answers.
type Question struct {
	// Source is its name without the provider's and the system's: "host_port".
	Source    string
	Arguments Attrs
	// Finds is an expression about the answer, "it", and Want its value: a text as it
	// is, all else as JSON.
	Finds, Want string
}

// RunQuestions puts the questions, all in one plan of the CLI, and one by one.
func RunQuestions(t *testing.T, lab Lab, questions []Question) {
	t.Helper()
	system, _ := lab.Settings()
	var config strings.Builder
	config.WriteString(lab.Provider(nil))
	checks := make([]plancheck.PlanCheck, len(questions))
	server := NewServer(t, lab)
	for i, q := range questions {
		label, source := fmt.Sprintf("q%d", i), "storage_"+system+"_"+q.Source
		config.WriteString(q.Arguments.Block("data", source, label))
		expression := strings.ReplaceAll(q.Finds, "it.", "data."+source+"."+label+".")
		fmt.Fprintf(&config, "output %q {\n  value = jsonencode(%s)\n}\n", label, expression)
		want := q.Want
		if !strings.HasPrefix(want, "[") && strings.Trim(want, "0123456789") != "" && want != "true" {
			want = fmt.Sprintf("%q", want)
		}
		checks[i] = plancheck.ExpectKnownOutputValue(label, knownvalue.StringExact(want))
		if _, problems := server.Look(source, q.Arguments); problems.Failed() {
			t.Errorf("%s: %s", source, problems)
		}
	}
	Test(t, resource.TestCase{Steps: []resource.TestStep{{Config: config.String(), ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: checks}}}})
}
