package entity_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// hangOn makes the depot give no answer to requests that begin so, until the
// caller gives up.
func (d *depot) hangOn(prefix string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.hanging = prefix
}

// Each operation is given the time that its timeouts allow, and what was
// waited for is said. The clock is a test's own: nothing waits.
func TestTimeoutsAreHonoured(t *testing.T) {
	slow := func(operation string) values { return most.with(values{"timeouts": values{operation: "7m"}}) }
	for operation, c := range map[string]struct {
		hangs string
		does  func(r *resource) diagnostics
	}{
		"create": {"POST", func(r *resource) diagnostics { r.state = nil; return r.run(slow("create").with(values{"name": "v"})) }},
		"read":   {"GET", func(r *resource) diagnostics { return r.refresh() }},
		"update": {"PUT", func(r *resource) diagnostics { return r.run(slow("update").with(values{"level": 1})) }},
		"delete": {"DELETE", func(r *resource) diagnostics { return r.run(nil) }},
	} {
		t.Run(operation, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				d := newDepot()
				w := newTerraform(t, d, values{"approve_dangerous_operations": true}).resource("widget")
				w.mustRun(slow(operation).with(values{"approved": nil}))
				d.hangOn(c.hangs)
				began := time.Now()
				diags := c.does(w)
				if waited := time.Since(began); waited != 7*time.Minute {
					t.Errorf("waited %s", waited)
				}
				diags.refuse(t, fmt.Sprintf("Could not %s", operation), fmt.Sprintf("The time allowed to %s the widget was over", operation), "the resource's timeouts")
				d.hangOn("")
			})
		})
	}
}

func TestDefaultTimeouts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDepot()
		w := newTerraform(t, d, nil).resource("widget")
		d.hangOn("POST")
		began := time.Now()
		w.run(least).refuse(t, "The time allowed to create")
		if waited := time.Since(began); waited != 20*time.Minute {
			t.Errorf("waited %s", waited)
		}
	})
}

// Cancelling stops at once, and takes back what was made so far.
func TestCancellation(t *testing.T) {
	for _, hangs := range []string{"POST widgets/1001/freeze", "PUT metadata"} {
		synctest.Test(t, func(t *testing.T) {
			d := newDepot()
			tf := newTerraform(t, d, nil)
			w := tf.resource("widget")
			d.hangOn(hangs)
			whole := tf.ctx
			ctx, cancel := context.WithCancel(whole)
			tf.ctx = ctx
			time.AfterFunc(time.Second, cancel)
			began := time.Now()
			w.run(most).refuse(t, "Could not finish creating")
			if waited := time.Since(began); waited != time.Second {
				t.Errorf("%s: stopped after %s", hangs, waited)
			}
			tf.ctx = whole
			d.hangOn("")
			if w.state != nil || len(d.rows["widgets"]) > 0 {
				t.Error("half a widget is left")
			}
			w.mustRun(most)
			d.only(t, "widgets")
		})
	}
}

// One process serves many objects at a time.
func TestConcurrency(t *testing.T) {
	t.Parallel()
	d := newDepot()
	tf := newTerraform(t, d, values{"default_metadata": values{"by": "terraform"}})
	tf.start()
	var all sync.WaitGroup
	for i := range 24 {
		all.Go(func() {
			w := tf.resource([]string{"widget", "gadget"}[i%2])
			config := most.with(values{"name": fmt.Sprintf("w%d", i), "approved": true})
			for _, c := range []values{config, config.with(values{"level": 1}), config.with(values{"color": "green"}), nil} {
				if diags := w.run(c); diags.failed() {
					t.Error(diags.text())
				}
			}
		})
	}
	all.Wait()
	if len(d.rows["widgets"]) > 0 || len(d.pairs) > 0 {
		t.Errorf("left over: %v %v", d.rows["widgets"], d.pairs)
	}
}
