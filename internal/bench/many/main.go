// Command many is the provider with 200 entities, all made of the volume's table:
// what it costs to start says whether the engine's shape bears so many.
package main

import (
	"fmt"
	"log"

	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox"
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox/block"
	"github.com/storage-as-code/terraform-provider-storage/internal/provider"
)

const entities = 200

func main() {
	kinds := make([]*entity.Kind, entities)
	for i := range kinds {
		k := block.Volume
		k.Name, k.Plural = fmt.Sprintf("thing_%03d", i), fmt.Sprintf("things_%03d", i)
		kinds[i] = &k
	}
	if err := provider.Serve("bench", []*entity.System{infinibox.System("bench").With(entity.Area{Kinds: kinds})}); err != nil {
		log.Fatal(err)
	}
}
