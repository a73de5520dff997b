package walk

import (
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/testcore"
)

// An object may have been moved more than once.
func TestCalled(t *testing.T) {
	s := step{after: testcore.Config{Moved: []testcore.Move{{From: "x.a", To: "x.b"}, {From: "x.b", To: "x.c"}}}}
	for address, want := range map[string]string{"x.c": "x.a", "x.b": "x.a", "x.d": "x.d"} {
		if got := s.called(address); got != want {
			t.Errorf("%s was called %s, want %s", address, got, want)
		}
	}
}
