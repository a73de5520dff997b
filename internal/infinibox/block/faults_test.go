package block_test

import (
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/campaign"
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox/block"
)

func TestFaults(t *testing.T) { campaign.Run(t, block.Kinds(), tables) }
