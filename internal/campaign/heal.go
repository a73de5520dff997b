package campaign

import (
	"context"
	"regexp"
	"strings"
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
	"github.com/storage-as-code/terraform-provider-storage/internal/testcore"
)

// importHint is the import that an error names.
var importHint = regexp.MustCompile(`terraform import (\S+)\.NAME '([^']+)'`)

// heal brings the configuration about after a fault, as an administrator would: by an
// apply, and where its error names an import or a deletion on the peer, or a fault's has
// named terraform untaint or such a deletion, by that first. A fault costs one of them at
// most.
func (c *core) heal(ctx context.Context, t *testing.T, lab acctest.Simulated, arguments acctest.Attrs, before outcome) (healed outcome, helped bool) {
	t.Helper()
	if tidy(t, lab, before) {
		return c.apply(ctx, arguments), true
	}
	if o := c.object(); o != nil && o.Tainted {
		if !says(before, "terraform untaint") {
			t.Errorf("the object is tainted, and nothing has said what to do: %s", before)
		}
		o.Tainted, helped = false, true
	}
	healed = c.apply(ctx, arguments)
	if tidy(t, lab, healed) {
		if helped {
			t.Errorf("it takes terraform untaint and a deletion: %s", healed)
		}
		return c.apply(ctx, arguments), true
	}
	hint := importHint.FindStringSubmatch(healed.String())
	if !healed.Failed() || hint == nil {
		return healed, helped
	}
	if helped {
		t.Errorf("it takes terraform untaint and an import: %s", healed)
	}
	if done := c.Import(ctx, c.address, testcore.Import{ID: hint[2]}); done.Failed() {
		t.Errorf("the import that the error names fails: %s", done)
	}
	return c.apply(ctx, arguments), true
}

func says(o outcome, words string) bool {
	return strings.Contains(o.String(), words)
}
