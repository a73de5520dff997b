package entity_test

import (
	"fmt"
	"slices"
	"testing"
)

// least and most are the smallest and the largest configuration of a widget.
var (
	least = values{"name": "w", "box_id": 1, "size": "1KiB"}
	most  = values{
		"name": "w", "box_id": 1, "size": "1000", "quota": "1 kib", "mode": "B", "level": 7, "shared": true, "frozen": true,
		"ratio": 2.25, "expires_at": "2027-01-31T00:00:00+01:00", "weight": 3, "label": "MiXed", "owner": "me", "grade": "LOW",
		"color": "blue", "lid": "tin", "ports": []any{"00:0A", "000B"}, "peers": []any{3, 1, 2}, "user": "u",
		"key_wo": "open sesame", "key_wo_version": 1, "metadata": values{"k": "v"}, "approved": false,
	}
)

func TestCreateSendsOnlyWhatIsSet(t *testing.T) {
	d := newDepot()
	tf := newTerraform(t, d, nil)

	w := tf.resource("widget")
	w.run(least).succeed(t)
	d.asked(t, `POST widgets {"box_id":1,"name":"w","size":1024}`)
	w.quiet(least)
	d.since()

	p := tf.resource("plate")
	p.run(values{"name": "p"}).succeed(t)
	d.asked(t, "LIST plates name eq p", `POST plates {"name":"p"}`) // it has no date: only a look tells whose it is
}

func TestCreateSendsAllThatIsSet(t *testing.T) {
	d := newDepot()
	w := newTerraform(t, d, nil).resource("widget")
	w.run(most).succeed(t)
	d.asked(t,
		`POST widgets {"box_id":1,"color":"blue","expires_at":1801350000000,"grade":"LOW","key":"open sesame","label":"mixed",`+
			`"level":7,"lid":"tin","mode":"B","name":"w","owner":"me","peers":[3,1,2],"quota":1024,"ratio":2.25,"shared":true,"size":1000,"user":"u","weight":3}`,
		`POST widgets/1001/freeze`,
		`POST widgets/1001/ports {"address":"000a"}`,
		`POST widgets/1001/ports {"address":"000b"}`,
		`PUT metadata/1001 {"k":"v"}`,
	)
	w.quiet(most)
}

// What only other objects tell of a new member is looked for when it joins, and not when it
// leaves.
func TestMemberIsFilledInWhenItJoins(t *testing.T) {
	d := newDepot()
	w := newTerraform(t, d, nil).resource("widget")
	with := func(ports ...any) values { return least.with(values{"ports": ports, "approved": true}) }
	w.run(with("000a")).succeed(t)
	d.since()
	for _, c := range []struct {
		ports   []any
		request string
	}{
		{[]any{"000a", "f00b"}, `POST widgets/1001/ports {"address":"f00b","box_id":1} approved`},
		{[]any{"000a"}, "DELETE widgets/1001/ports/f00b approved"},
	} {
		w.run(with(c.ports...)).succeed(t)
		if got := changed(d.since()); !slices.Equal(got, []string{c.request}) {
			t.Errorf("requests: %q, want %q", got, c.request)
		}
	}
}

// updates are a change of each attribute of a widget that has the most: what it
// asks of the depot, and no more.
var updates = []struct {
	change   values
	requests []string
}{
	{values{"name": "v"}, []string{`PUT widgets/1001 {"name":"v"}`}},
	{values{"box_id": 2}, []string{`POST widgets/1001/move {"box_id":2}`}},
	{values{"size": "2KiB"}, []string{`PUT widgets/1001 {"size":2048}`}},
	{values{"quota": "unlimited"}, []string{`PUT widgets/1001 {"quota":-1}`}},
	{values{"quota": nil}, nil},
	{values{"mode": "A"}, []string{`PUT widgets/1001 {"mode":"A"}`}},
	{values{"level": 0}, []string{`PUT widgets/1001 {"level":0}`}},
	{values{"frozen": false}, []string{`POST widgets/1001/thaw`}},
	{values{"ratio": 0.5}, []string{`PUT widgets/1001 {"ratio":0.5}`}},
	{values{"expires_at": "2028-01-31T00:00:00Z"}, []string{`PUT widgets/1001 {"expires_at":1832889600000}`}},
	{values{"expires_at": nil}, []string{`PUT widgets/1001 {"expires_at":null}`}},
	{values{"weight": nil}, []string{`PUT widgets/1001 {"weight":null}`}},
	{values{"label": "Other"}, []string{`PUT widgets/1001 {"label":"other"}`}},
	{values{"owner": "you"}, []string{`PUT widgets/1001 {"owner":"you"}`}},
	{values{"owner": nil}, nil},
	{values{"owner": nil, "mode": "A"}, []string{`PUT widgets/1001 {"mode":"A"}`}},
	{values{"grade": "HIGH"}, []string{`PUT widgets/1001 {"grade":"HIGH"}`}},
	{values{"ports": []any{"000A", "000b", "000c"}}, []string{`POST widgets/1001/ports {"address":"000c"}`}},
	{values{"ports": []any{"000c"}, "approved": true}, []string{
		`POST widgets/1001/ports {"address":"000c"} approved`,
		`DELETE widgets/1001/ports/000a approved`, `DELETE widgets/1001/ports/000b approved`,
	}},
	{values{"peers": []any{}}, []string{`PUT widgets/1001 {"peers":[]}`}},
	{values{"peers": nil}, nil},
	{values{"user": "other"}, []string{`PUT widgets/1001 {"user":"other"}`}},
	{values{"key_wo": "close sesame"}, nil},
	{values{"key_wo": "close sesame", "key_wo_version": 2}, []string{`PUT widgets/1001 {"key":"close sesame"}`}},
	{values{"key_wo": nil, "key_wo_version": nil}, nil},
	{values{"metadata": values{"k": "new", "l": "1"}}, []string{`PUT metadata/1001 {"k":"new","l":"1"}`}},
	{values{"metadata": values{"l": "1"}}, []string{`PUT metadata/1001 {"l":"1"}`, `DELETE metadata/1001/k`}},
	{values{"metadata": nil}, []string{`DELETE metadata/1001/k`}},
	{values{"approved": true}, nil},
	{values{"timeouts": values{"read": "1m"}}, nil},
}

func TestUpdateSendsOnlyWhatChanged(t *testing.T) {
	t.Parallel()
	for _, u := range updates {
		t.Run(fmt.Sprint(u.change), func(t *testing.T) {
			d := newDepot()
			w := newTerraform(t, d, nil).resource("widget")
			w.mustRun(most)
			d.since()
			w.run(most.with(u.change)).succeed(t)
			// A refresh reads the object and its metadata; a plan and an apply ask
			// nothing more.
			d.asked(t, append([]string{"GET widgets/1001", "GET metadata/1001"}, u.requests...)...)
			w.quiet(most.with(u.change))
			d.only(t, "widgets")
		})
	}
}

func TestUpdateSendsTogetherWhatTheSystemTakesTogether(t *testing.T) {
	change := most.with(values{"name": "v", "level": 1, "user": "other", "key_wo_version": 2, "size": "4KiB", "quota": "512"})
	for kind, want := range map[string][]string{
		"widget": {`PUT widgets/1001 {"key":"open sesame","level":1,"name":"v","quota":512,"size":4096,"user":"other"}`},
		"gadget": {
			`PUT widgets/1001 {"name":"v"}`, `PUT widgets/1001 {"size":4096}`, `PUT widgets/1001 {"level":1}`,
			`PUT widgets/1001 {"key":"open sesame","user":"other"}`, `PUT widgets/1001 {"quota":512}`,
		},
	} {
		t.Run(kind, func(t *testing.T) {
			d := newDepot()
			w := newTerraform(t, d, nil).resource(kind)
			w.mustRun(most)
			d.since()
			w.run(change).succeed(t)
			d.asked(t, append([]string{"GET widgets/1001", "GET metadata/1001"}, want...)...)
			w.quiet(change)
			if d.secrets["1001"] != "open sesame" {
				t.Error("the secret did not arrive")
			}
		})
	}
}

func TestDeleteIsOneRequest(t *testing.T) {
	d := newDepot()
	tf := newTerraform(t, d, nil)
	p := tf.resource("plate")
	p.mustRun(values{"name": "p"})
	d.since()
	p.run(nil).succeed(t)
	d.asked(t, "GET plates/1001", "DELETE plates/1001")
	if p.state != nil {
		t.Error("the plate is still in the state")
	}
}

func TestDeleteOfWhatIsGoneSucceeds(t *testing.T) {
	d := newDepot()
	p := newTerraform(t, d, nil).resource("plate")
	p.mustRun(values{"name": "p"})
	c := p.plan(nil)
	delete(d.rows["plates"], "1001")
	p.apply(c, nil).none(t)
	if p.state != nil {
		t.Error("the plate is still in the state")
	}
}

func TestUnchangedObjectCostsItsRead(t *testing.T) {
	d := newDepot()
	w := newTerraform(t, d, nil).resource("widget")
	w.mustRun(least)
	d.since()
	w.quiet(least)
	d.asked(t, "GET widgets/1001")
}

// A creation whose answer is not the whole object is completed by reading it.
func TestTerseAnswerIsCompletedByARead(t *testing.T) {
	d := newDepot()
	d.terse = true
	w := newTerraform(t, d, nil).resource("widget")
	w.run(least).succeed(t)
	d.asked(t, `POST widgets {"box_id":1,"name":"w","size":1024}`, "GET widgets/1001")
	w.quiet(least)
}

// A fact that the system chooses anew follows what it depends on.
func TestFollowingFactIsOpenInThePlan(t *testing.T) {
	d := newDepot()
	w := newTerraform(t, d, nil).resource("widget")
	w.mustRun(least)
	c := w.plan(least.with(values{"mode": "B"}))
	if got := c.value(t, "owner"); got != (notYet{}) {
		t.Errorf("owner is planned to be %v", got)
	}
	if got := c.value(t, "serial"); got != "S1001" {
		t.Errorf("serial is planned to be %v", got)
	}
	w.apply(c, least.with(values{"mode": "B"})).succeed(t)
	if got := w.get("owner"); got != "OWNER_B" {
		t.Errorf("owner is %v", got)
	}
}
