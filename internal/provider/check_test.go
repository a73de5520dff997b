package provider

import (
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
)

// TestPagesMeanWhatTheySay holds every page to the facts and words that it names.
func TestPagesMeanWhatTheySay(t *testing.T) {
	if err := entity.Check(Systems("test")); err != nil {
		t.Error(err)
	}
}
