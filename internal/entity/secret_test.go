package entity_test

import (
	"bytes"
	"encoding/base64"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-log/tflogtest"
	"github.com/hashicorp/terraform-plugin-log/tfsdklogtest"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
)

const (
	secret    = "open sesame"
	newSecret = "close sesame"
)

// The secret is in no plan, state, private state, error or log, whatever fails.
func TestSecretsLeakNowhere(t *testing.T) {
	var log bytes.Buffer
	d := newDepot()
	tf := newTerraform(t, d, values{"password": "the password"})
	tf.ctx = tfsdklogtest.RootLogger(tflogtest.RootLogger(tf.ctx, &log), &log)
	w := tf.resource("widget")
	leaks := func(where string, text string) {
		t.Helper()
		for _, word := range []string{secret, newSecret, "the password", "short", base64.StdEncoding.EncodeToString([]byte(secret))} {
			if strings.Contains(text, word) {
				t.Errorf("%q is in %s: %s", word, where, text)
			}
		}
	}
	look := func(c *change, diags diagnostics) {
		t.Helper()
		leaks("a message", diags.text())
		if c != nil && !c.failed() {
			leaks("a plan", c.after.String()+string(c.private))
		}
		if w.state != nil {
			leaks("the state", w.state.Value.String()+string(w.state.Private))
		}
		leaks("the log", log.String())
	}
	do := func(config values) {
		t.Helper()
		c := w.plan(config)
		look(c, c.diagnostics)
		if !c.failed() {
			look(c, w.apply(c, config))
		}
	}
	broken := fault{code: "BROKEN", message: "Broken."}
	do(most.with(values{"key_wo": "short"}))
	d.failingOn("POST widgets", broken)
	do(most)
	d.failingOn("PUT metadata", broken)
	do(most)
	d.healthy()
	do(most)
	changed := most.with(values{"key_wo": newSecret, "key_wo_version": 2})
	d.failingOn("PUT widgets", broken)
	do(changed)
	d.healthy()
	do(changed)
	if d.secrets["1002"] != newSecret {
		t.Fatal("the secret never arrived, so that nothing is proved")
	}
	w.importAs("1002").none(t)
	look(nil, nil)
	if log.Len() == 0 {
		t.Fatal("nothing was logged, so that nothing is proved")
	}
}

func TestSecretIsSentAgainOnlyWithItsVersion(t *testing.T) {
	d := newDepot()
	w := newTerraform(t, d, nil).resource("widget")
	w.mustRun(most)
	w.quiet(most.with(values{"key_wo": newSecret}))
	w.mustRun(most.with(values{"key_wo": newSecret, "key_wo_version": 2}))
	if d.secrets["1001"] != newSecret {
		t.Errorf("the depot has %q", d.secrets["1001"])
	}
}

// The system says that it has no secret any more: it is sent again.
func TestLostSecretIsSentAgain(t *testing.T) {
	d := newDepot()
	w := newTerraform(t, d, nil).resource("widget")
	w.mustRun(most)
	d.only(t, "widgets")["has_key"] = false
	delete(d.secrets, "1001")
	d.since()
	w.run(most).succeed(t)
	d.asked(t, "GET widgets/1001", "GET metadata/1001", `PUT widgets/1001 {"key":"open sesame"}`)
	w.quiet(most)
}

// A secret that could not be sent is sent by the next apply.
func TestSecretThatWasNotAcceptedIsSentAgain(t *testing.T) {
	d := newDepot()
	w := newTerraform(t, d, nil).resource("widget")
	w.mustRun(most)
	config := most.with(values{"key_wo": newSecret, "key_wo_version": 2})
	d.failingOn("PUT", fault{reason: api.Other, code: "BROKEN", message: "Broken."})
	w.run(config).refuse(t, "Broken.")
	if w.get("key_wo_version") != 1 {
		t.Errorf("the state says version %v", w.get("key_wo_version"))
	}
	d.healthy()
	w.mustRun(config)
	if d.secrets["1001"] != newSecret {
		t.Errorf("the depot has %q", d.secrets["1001"])
	}
}
