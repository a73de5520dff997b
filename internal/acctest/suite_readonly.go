package acctest

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// testReadOnly holds that nobody can set what only the system sets. The rest of the
// configuration is sound, so that whatever answers for sound configurations is asked.
func testReadOnly(t *testing.T, s Suite) {
	server := NewServer(t, s.Lab)
	least := s.own("read-only", 1, s.Least)
	if problems := server.Validate(s.Type, least); problems.Failed() {
		t.Fatalf("the least arguments are refused: %s", problems)
	}
	for name, a := range server.Attributes(s.Type) {
		if a.Required || a.Optional {
			continue
		}
		problems := server.Validate(s.Type, least.With(Attrs{name: sample(t, a.Type)}))
		if !problems.Failed() || !strings.Contains(fmt.Sprint(problems[0].Attribute), name) {
			t.Errorf("%s can be set: %s", name, problems)
		}
	}
}

// sample is a value of a type.
func sample(t *testing.T, of tftypes.Type) any {
	t.Helper()
	switch of := of.(type) {
	case tftypes.Set:
		return []any{sample(t, of.ElementType)}
	case tftypes.List:
		return []any{sample(t, of.ElementType)}
	case tftypes.Map:
		return Attrs{"key": sample(t, of.ElementType)}
	}
	switch {
	case of.Is(tftypes.String):
		return "2026-01-31T00:00:00Z" // which is a moment, too
	case of.Is(tftypes.Number):
		return 7
	case of.Is(tftypes.Bool):
		return true
	}
	t.Fatalf("no sample of the type %s", of)
	return nil
}
