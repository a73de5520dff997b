package object

import (
	"testing"
	"time"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
)

// The reference shows seconds of users, and milliseconds of credentials.
func TestUsedAt(t *testing.T) {
	for name, c := range map[string]struct {
		last any
		want string
	}{
		"seconds":      {1743586166, "2025-04-02T09:29:26Z"},
		"milliseconds": {1774522281918, "2026-03-26T10:51:21Z"},
		"never":        {nil, ""},
		"in words":     {"yesterday", ""},
	} {
		at, told := usedAt(api.Object{"last_used": c.last})
		if told != (c.want != "") || told && at.UTC().Format(time.RFC3339) != c.want {
			t.Errorf("%s: %v, told %v", name, at.UTC(), told)
		}
	}
}
