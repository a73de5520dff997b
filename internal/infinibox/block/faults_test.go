package block_test

import (
	"maps"
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/campaign"
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox/block"
)

func TestFaults(t *testing.T) {
	all := maps.Clone(tables)
	// Nothing tells what a killed run has taken from what another resource has:
	// the refusal says how to import it.
	delete(all, "volume_group_snapshot")
	campaign.Run(t, block.Kinds(), all)
}
