package entity_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/testcore"
)

// refusals are what can be known to be wrong before anything is asked of a
// system: what the user reads names the attribute and says what would do.
var refusals = []struct {
	config values
	words  []string
}{
	{values{"name": ""}, []string{`"name"`, "1 to 20 characters"}},
	{values{"name": strings.Repeat("a", 21)}, []string{`"name"`, "1 to 20 characters; this one has 21"}},
	{values{"name": "Ärger"}, []string{`"name"`, `"Ärger" has characters that are not allowed: use small letters`}},
	{values{"name": nil}, []string{"name"}},
	{values{"name": "forbidden"}, []string{`"name"`, "The depot has no room for it."}},
	{values{"size": "999"}, []string{`"size"`, "999 is too small: the smallest is 1KB"}},
	{values{"size": "big"}, []string{`"size"`, `"big" is not a capacity`, "10TB"}},
	{values{"size": "1XB"}, []string{`"size"`, "unknown unit", "GiB"}},
	{values{"size": "-1GB"}, []string{`"size"`}},
	{values{"size": "1.5B"}, []string{`"size"`, "not a whole number of bytes"}},
	{values{"size": "9EiB"}, []string{`"size"`, "larger than a system can hold"}},
	{values{"size": "unlimited"}, []string{`"size"`, "not a capacity"}},
	{values{"quota": "infinite"}, []string{`"quota"`, "not a capacity"}},
	{values{"mode": "C"}, []string{`"mode"`, `"C" is not known here: use one of A, B`}},
	{values{"mode": "a"}, []string{`"mode"`, `"a" must be written "A"`}},
	{values{"level": 11}, []string{`"level"`, "between 0 and 10"}},
	{values{"level": -1}, []string{`"level"`, "between 0 and 10"}},
	{values{"expires_at": "tomorrow"}, []string{`"expires_at"`, "RFC"}},
	{values{"ports": []any{"000a", "xyz"}}, []string{`"ports"`, `"xyz" is not a port: write 4 hexadecimal digits`}},
	{values{"key_wo": "open sesame"}, []string{"key_wo_version"}},
	{values{"key_wo_version": 1}, []string{"key_wo"}},
	{values{"timeouts": values{"create": "soon"}}, []string{`AttributeName("timeouts").AttributeName("create")`, `"soon" is not a duration`, "30s"}},
	{values{"timeouts": values{"read": "0s"}}, []string{`AttributeName("timeouts").AttributeName("read")`, `"0s" leaves no time`}},
	{values{"timeouts": values{"delete": "-1h"}}, []string{`AttributeName("timeouts").AttributeName("delete")`, `"-1h" leaves no time`}},
}

func TestBadValuesAreRefusedAtPlan(t *testing.T) {
	t.Parallel()
	for _, c := range refusals {
		t.Run(fmt.Sprint(c.config), func(t *testing.T) {
			d := newDepot()
			w := newTerraform(t, d, nil).resource("widget")
			w.plan(least.with(c.config)).refuse(t, c.words...)
			w.mustRun(least)
			d.since()
			w.plan(least.with(c.config)).refuse(t, c.words...)
			if made := changed(d.since()); len(made) > 0 {
				t.Errorf("the depot was asked %s", made)
			}
		})
	}
}

func TestShrinkingIsRefusedAtPlan(t *testing.T) {
	d := newDepot()
	w := newTerraform(t, d, nil).resource("widget")
	w.mustRun(least.with(values{"size": "4KiB"}))
	w.plan(least.with(values{"size": "3KiB"})).refuse(t, "The widget cannot shrink", `Widget "w" (id 1001) has 4KiB`, "asks for 3KiB", `"size"`)
	w.quiet(least.with(values{"size": "4000"})) // the depot rounds it up to what is there
	w.mustRun(least.with(values{"size": "5KiB"}))
}

// A value that is not known yet is no bad value, and becomes a change only if it
// turns out to be one.
func TestUnknownValuesArePlanned(t *testing.T) {
	t.Parallel()
	for name := range most {
		if name == "key_wo" || name == "approved" {
			continue
		}
		t.Run(name, func(t *testing.T) {
			d := newDepot()
			w := newTerraform(t, d, nil).resource("widget")
			open := most.with(values{name: notYet{}})
			created := w.plan(open)
			created.succeed(t)
			w.apply(created, most).succeed(t)
			w.quiet(most)

			// A value of which a change replaces the widget may be another: that needs
			// approval.
			config, open := most.with(values{"approved": true}), open.with(values{"approved": true})
			w.mustRun(config)
			updated := w.plan(open)
			updated.succeed(t)
			w.apply(updated, config).succeed(t)
			w.quiet(config)
			d.only(t, "widgets")
		})
	}
}

func TestUnknownMembersArePlanned(t *testing.T) {
	d := newDepot()
	w := newTerraform(t, d, nil).resource("widget")
	for _, open := range []values{
		{"ports": []any{"000a", notYet{}}}, {"peers": []any{1, notYet{}, 3}}, {"metadata": values{"k": notYet{}}},
	} {
		config := most.with(values{"approved": true, "ports": []any{"000a", "000b"}})
		planned := w.plan(config.with(open))
		planned.succeed(t)
		w.apply(planned, config).succeed(t)
		w.quiet(config)
	}
}

// Errors of the system name the object and the attribute, carry the system's code
// and message, and say what to do next.
func TestErrorsSayWhatToDo(t *testing.T) {
	for name, c := range map[string]struct {
		f     fault
		words []string
	}{
		"its own words": {fault{code: "SO_IT_IS", message: "It cannot be."}, []string{"It cannot be. (SO_IT_IS)"}},
		"a remedy":      {fault{reason: api.Forbidden, code: "FORBIDDEN", message: "Not you.", remedy: "Ask an administrator."}, []string{"Ask an administrator."}},
		"an attribute":  {fault{code: "BAD", message: "The field 'level' is wrong"}, []string{`AttributeName("level")`}},
		"an explanation": {
			fault{code: "WIDGET_IN_USE", message: "In use."}, []string{"It is linked to box 1. Remove the link first."},
		},
		"no code": {fault{reason: api.Unreachable, message: "no route to host"}, []string{"no route to host"}},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDepot()
			w := newTerraform(t, d, values{"approve_dangerous_operations": true}).resource("widget")
			d.failingOn("POST", c.f)
			w.run(least).refuse(t, append(c.words, `Could not create widget "w"`)...)
			d.healthy()
			w.mustRun(least)
			d.failingOn("PUT", c.f)
			w.run(least.with(values{"level": 1})).refuse(t, append(c.words, `Could not update widget "w" (id 1001)`)...)
			d.failingOn("DELETE", c.f)
			w.run(nil).refuse(t, append(c.words, `Could not delete widget "w" (id 1001)`)...)
			d.healthy()
			w.quiet(least)
		})
	}
}

func TestTakenNameSaysHowToImport(t *testing.T) {
	d := newDepot()
	tf := newTerraform(t, d, nil)
	tf.resource("widget").mustRun(least)
	w := tf.resource("widget")
	w.run(least).refuse(t, `Could not create widget "w"`, "the name is in use (NAME_TAKEN)", `AttributeName("name")`,
		`In the way is the widget "w" (id 1001), created 2026-03-01T12:00:00Z. It looks as configured.`, "terraform import storage_depot_widget.NAME '1001'",
		"import {", "to = storage_depot_widget.NAME", `id = "1001"`)
	w.run(least.with(values{"size": "4KiB"})).refuse(t, `It is not as configured: size is "1KiB" where "4KiB" is wanted`)
	d.only(t, "widgets")["type"] = "OTHER"
	w.run(least).refuse(t, "the name is in use (NAME_TAKEN)")
}

// An answer that is not what was agreed on is an error, not a crash.
func TestStrangeAnswers(t *testing.T) {
	for field, value := range map[string]any{
		"id": "one", "level": "high", "size": 1.5, "shared": "yes", "ratio": "half", "created_at": "now", "ports": "none",
		"peers": []any{"x"}, "label": []any{}, "expires_at": true,
	} {
		d := newDepot()
		w := newTerraform(t, d, nil).resource("widget")
		w.mustRun(most)
		d.only(t, "widgets")[field] = value
		w.refresh().refuse(t, "Could not read", field, "expected")
	}
}

// A data source has one odd field less, and all the others.
func TestStrangeAnswersOfADataSource(t *testing.T) {
	d := newDepot()
	tf := newTerraform(t, d, nil)
	tf.resource("widget").mustRun(most)
	tf.resource("widget").mustRun(least.with(values{"name": "v"}))
	for _, id := range []string{"1001", "1002"} {
		d.rows["widgets"][id]["level"] = "high"
	}
	one := tf.read("storage_depot_widget", values{"id": 1001})
	many := tf.read("storage_depot_widgets", values{})
	for what, found := range map[string]answer{"widget": one, "widgets": many} {
		found.must(t)
		if len(found.diagnostics) != 1 {
			t.Errorf("%d warnings: %s", len(found.diagnostics), found.text())
		}
		says(t, found.warnings(), "Could not read level of the "+what, "In the field level, the system answered string where a whole number was expected.")
	}
	all := append(many.values["widgets"].([]any), one.values)
	for _, w := range all {
		if w := w.(values); w["level"] != nil || w["name"] == nil || w["size"] == nil {
			t.Errorf("found %v", w)
		}
	}
}

// A refused log-in is told once; what could not be read for it stays as it was, and is
// planned no further. What had to be done is refused in a line.
func TestRefusedLogInIsToldOnce(t *testing.T) {
	t.Parallel()
	d := newDepot()
	tf := newTerraform(t, d, nil)
	core := tf.resource("widget").core()
	config := testcore.Config{Resources: map[string]testcore.Resource{}}
	for i := range 4 {
		config.Resources[fmt.Sprintf("storage_depot_widget.w%d", i)] = testcore.Resource{Arguments: least.with(values{"name": fmt.Sprintf("w%d", i)})}
	}
	plan := core.Plan(t.Context(), config, testcore.Options{})
	diagnostics(core.Apply(t.Context(), plan).Shown()).succeed(t)
	d.before = func(int, string) *fault {
		return &fault{reason: api.Unauthenticated, message: "wrong password", remedy: "Check the password."}
	}
	said := diagnostics(core.Plan(t.Context(), testcore.Config{}, testcore.Options{}).Shown())
	said.refuse(t, "Could not read widget", "wrong password", "Check the password.")
	if len(said) != 1 {
		t.Error(said.text())
	}

	d.healthy()
	config.Resources["storage_depot_widget.w4"] = testcore.Resource{Arguments: least.with(values{"name": "w4"})}
	config.Resources["storage_depot_widget.w5"] = testcore.Resource{Arguments: least.with(values{"name": "w5"})}
	plan = core.Plan(t.Context(), config, testcore.Options{})
	d.before = func(int, string) *fault {
		return &fault{reason: api.Unauthenticated, message: "wrong password", remedy: "Check the password."}
	}
	said = diagnostics(core.Apply(t.Context(), plan).Shown())
	said.refuse(t, "Could not create widget", "wrong password", "The log-in is refused, as the first error says")
	if len(said) != 2 || strings.Count(said.text(), "Check the password") != 1 {
		t.Error(said.text())
	}
}
