package entity_test

import (
	"fmt"
	"testing"
	"time"
)

func TestSettings(t *testing.T) {
	for name, c := range map[string]struct {
		block       values
		environment map[string]string
		want        string
	}{
		"block": {
			values{"endpoint": "e", "approve_dangerous_operations": true, "workers": 3, "patience": "90s", "default_metadata": values{"k": "v"}}, nil,
			`e true 3 1m30s {"k":"v"}`,
		},
		"null in the environment": {
			values{"endpoint": "e"}, map[string]string{"DEPOT_DEFAULT_METADATA": `{"k":null,"l":""}`},
			`e false 0 0s {"k":<null>,"l":""}`,
		},
		"environment": {
			nil, map[string]string{
				"DEPOT_ENDPOINT": "e", "DEPOT_APPROVE_DANGEROUS_OPERATIONS": "true", "DEPOT_WORKERS": "3", "DEPOT_PATIENCE": "90s", "DEPOT_DEFAULT_METADATA": `{"k":"v"}`,
			},
			`e true 3 1m30s {"k":"v"}`,
		},
		"block over environment": {
			values{"endpoint": "e", "approve_dangerous_operations": false}, map[string]string{"DEPOT_ENDPOINT": "f", "DEPOT_APPROVE_DANGEROUS_OPERATIONS": "1", "DEPOT_WORKERS": "4"},
			"e false 4 0s <null>",
		},
	} {
		t.Run(name, func(t *testing.T) {
			for variable, value := range c.environment {
				t.Setenv(variable, value)
			}
			d := newDepot()
			tf := newTerraform(t, d, nil)
			tf.block = c.block
			tf.start()
			g := d.given
			if got := fmt.Sprint(g.Text("endpoint"), " ", g.Bool("approve_dangerous_operations"), " ", g.Int("workers"), " ", g.Duration("patience"), " ", g.Pairs("default_metadata")); got != c.want {
				t.Errorf("given %s, wanted %s", got, c.want)
			}
		})
	}
}

func TestBadSettingsAreRefused(t *testing.T) {
	for name, c := range map[string]struct {
		block       values
		environment map[string]string
		words       []string
	}{
		"missing":     {values{}, nil, []string{"The depot block has no endpoint", "DEPOT_ENDPOINT", `AttributeName("depot").AttributeName("endpoint")`}},
		"unknown":     {values{"endpoint": notYet{}}, nil, []string{"known only after apply", "DEPOT_ENDPOINT"}},
		"duration":    {values{"endpoint": "e", "patience": "long"}, nil, []string{"patience", "30s"}},
		"no duration": {values{"endpoint": "e", "patience": "-1s"}, nil, []string{"patience", `"-1s" leaves no time`}},
		"bool":        {values{"endpoint": "e"}, map[string]string{"DEPOT_APPROVE_DANGEROUS_OPERATIONS": "maybe"}, []string{"neither true nor false", "DEPOT_APPROVE"}},
		"number":      {values{"endpoint": "e"}, map[string]string{"DEPOT_WORKERS": "some"}, []string{"not a whole number", "DEPOT_WORKERS"}},
		"key":         {values{"endpoint": "e"}, map[string]string{"DEPOT_DEFAULT_METADATA": `{"..":"v"}`}, []string{`".." is no key`, "DEPOT_DEFAULT_METADATA"}},
		"pairs":       {values{"endpoint": "e"}, map[string]string{"DEPOT_DEFAULT_METADATA": "k=v"}, []string{"not a JSON object", "DEPOT_DEFAULT_METADATA"}},
	} {
		t.Run(name, func(t *testing.T) {
			for variable, value := range c.environment {
				t.Setenv(variable, value)
			}
			tf := newTerraform(t, newDepot(), nil)
			tf.block = c.block
			_, diags := tf.tryStart()
			diags.refuse(t, c.words...)
		})
	}
}

// A system that is not configured is one clear error where it is used.
func TestMissingSystemIsOneClearError(t *testing.T) {
	tf := newTerraform(t, newDepot(), nil)
	tf.block = nil
	w := tf.resource("widget")
	c := w.plan(least)
	c.refuse(t, "The provider has no depot block")
	if len(c.diagnostics) != 1 {
		t.Errorf("%d messages: %s", len(c.diagnostics), c.text())
	}
	tf.read("storage_depot_widget", values{"id": 1}).refuse(t, "The provider has no depot block")
	tf.query("widget", values{}, 1)[0].refuse(t, "The provider has no depot block")
}

// The zero value of a setting that was not given.
func TestUngivenSettings(t *testing.T) {
	d := newDepot()
	newTerraform(t, d, nil).start()
	if d.given.Int("workers") != 0 || d.given.Duration("patience") != time.Duration(0) || !d.given.Pairs("default_metadata").IsNull() || d.given.Bool("approve_dangerous_operations") {
		t.Errorf("given %v", d.given)
	}
}
