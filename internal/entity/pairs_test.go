package entity_test

import (
	"fmt"
	"testing"
)

// A null element of metadata is an absent key, to the system and to a plan.
func TestNullInMetadataIsNoPair(t *testing.T) {
	for _, kind := range []string{"widget", "gadget", "button"} {
		t.Run(kind, func(t *testing.T) {
			d := newDepot()
			tf := newTerraform(t, d, values{"default_metadata": values{"by": "terraform", "team": nil}})
			w := tf.resource(kind)
			of := func(pairs values) values { return least.with(values{"metadata": pairs}) }
			holds := func(pairs, all string) {
				t.Helper()
				if got := fmt.Sprint(d.pairs["1001"]); got != pairs {
					t.Errorf("the object has %s, wanted %s", got, pairs)
				}
				if got := fmt.Sprint(w.get("metadata_all")); got != all {
					t.Errorf("metadata_all is %s, wanted %s", got, all)
				}
			}
			w.mustRun(of(values{"a": nil, "k": "v", "by": nil}))
			holds("map[by:terraform k:v]", "map[by:terraform k:v]")

			// What others have under the key is theirs.
			d.pairs["1001"]["a"] = "foreign"
			w.quiet(of(values{"a": nil, "k": "v", "by": nil}))

			// Nulls that come and go are no change.
			d.since()
			w.quiet(of(values{"k": "v", "b": nil}))
			w.quiet(of(values{"k": "v"}))
			if made := changed(d.since()); len(made) > 0 {
				t.Errorf("the depot was asked %v", made)
			}

			// A drift of the other keys is seen.
			d.pairs["1001"]["k"] = "drifted"
			if c := w.plan(of(values{"a": nil, "k": "v", "by": nil})); c.action != "update" {
				t.Errorf("a drift is planned as %s", c.action)
			}
			w.mustRun(of(values{"a": nil, "k": "v", "by": nil}))
			holds("map[a:foreign by:terraform k:v]", "map[by:terraform k:v]")

			// A key that becomes null goes, and one that was null comes.
			w.mustRun(of(values{"k": nil, "l": nil}))
			holds("map[a:foreign by:terraform]", "map[by:terraform]")
			w.mustRun(of(values{"k": nil, "l": "1"}))
			holds("map[a:foreign by:terraform l:1]", "map[by:terraform l:1]")
			w.mustRun(least)
			holds("map[a:foreign by:terraform]", "map[by:terraform]")
		})
	}
}

// A default that is known only after apply is planned as such, whatever it becomes.
func TestUnknownDefaultsArePlanned(t *testing.T) {
	for name, c := range map[string]struct{ planned, known any }{
		"a value": {values{"by": "terraform", "at": notYet{}}, values{"by": "terraform", "at": "noon"}},
		"a null":  {values{"by": "terraform", "at": notYet{}}, values{"by": "terraform", "at": nil}},
		"all":     {notYet{}, values{"at": "noon"}},
		"none":    {notYet{}, nil},
	} {
		for _, kind := range []string{"widget", "button"} {
			t.Run(kind+" "+name, func(t *testing.T) {
				d := newDepot()
				tf := newTerraform(t, d, nil)
				w := tf.resource(kind)
				config := least.with(values{"metadata": values{"k": "v"}})
				settings := func(defaults any) { tf.block = tf.block.with(values{"default_metadata": defaults}) }
				for _, config := range []values{config, config, config.with(values{"level": 1}), least} {
					settings(c.planned)
					planned := w.plan(config)
					planned.succeed(t)
					if got := planned.value(t, "metadata_all"); got != (notYet{}) {
						t.Errorf("metadata_all is planned to be %v", got)
					}
					settings(c.known)
					w.apply(planned, config).succeed(t)
					w.quiet(config)
				}
			})
		}
	}
}

// An object's own pair outranks a default, also one that is not known yet.
func TestUnknownDefaultIsOutranked(t *testing.T) {
	tf := newTerraform(t, newDepot(), values{"default_metadata": values{"at": notYet{}}})
	w := tf.resource("widget")
	w.mustRun(least.with(values{"metadata": values{"at": "noon"}}))
	if got := fmt.Sprint(w.get("metadata_all")); got != "map[at:noon]" {
		t.Errorf("metadata_all is %s", got)
	}
}

// An import tells the pairs that are the defaults' from the object's own.
func TestImportKnowsDefaultsThatAreNotKnownYet(t *testing.T) {
	d := newDepot()
	tf := newTerraform(t, d, nil)
	tf.resource("widget").mustRun(least.with(values{"metadata": values{"at": "noon", "by": "me", "k": "v"}}))
	tf.block = tf.block.with(values{"default_metadata": values{"at": notYet{}, "by": "me", "none": nil}})
	w := tf.resource("widget")
	w.importAs("1001").succeed(t)
	if got := fmt.Sprint(w.get("metadata")); got != "map[k:v]" {
		t.Errorf("metadata is %s", got)
	}
}
