//go:build unix

package campaign

import (
	"fmt"
	"strings"
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
	simulator "github.com/storage-as-code/terraform-provider-storage/internal/simulator/infinibox"
)

// Two applies on one array at once do not get in each other's way.
func TestTwoAppliesAtOnce(t *testing.T) {
	all := newTools(t)
	lab := acctest.SimulateInfiniBox(t, simulator.Options{})
	block := lab.Provider(nil)
	second := strings.NewReplacer(`= "db"`, `= "db2"`, `"data-`, `"more-`, `"before"`, `"earlier"`, `"server-`, `"other-`, `:server-`, `:other-`).Replace(estate)
	t.Run("both", func(t *testing.T) {
		for name, config := range map[string]string{"first": estate, "second": second} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				w := all.open(t, config+block)
				for _, line := range []string{"plan -out=saved", "show saved", "apply saved", "plan -detailed-exitcode"} {
					if answer := w.run(line); answer.Code != 0 {
						t.Fatalf("%s: %s", line, answer.Stdout+answer.Stderr)
					}
				}
				w.noSecrets(secrets...)
			})
		}
	})
	if n := len(lab.IDs("volumes")); n != 8 {
		t.Errorf("there are %d volumes and snapshots, want 8", n)
	}
}

// Two resources of one name are never the same object: neither where both are
// created, nor where one is there already.
func TestTwoResourcesOfOneName(t *testing.T) {
	all := newTools(t)
	lab := acctest.SimulateInfiniBox(t, simulator.Options{})
	config := func(n int) string {
		return fmt.Sprintf(`
terraform {
  required_providers {
    storage = { source = "storage-as-code/storage" }
  }
}

resource "storage_infinibox_host" "h" {
  count = %d
  name  = "same"
}
`, n) + lab.Provider(acctest.Attrs{"approve_dangerous_operations": true})
	}
	w := all.open(t, config(2))
	answer := w.run("apply -auto-approve")
	if said := squeezed(answer.Stdout + answer.Stderr); answer.Code == 0 || !strings.Contains(said, `Two resources have name "same"`) {
		t.Errorf("not refused: %s", said)
	}
	if n := len(lab.IDs("hosts")); n != 0 {
		t.Errorf("there are %d hosts", n)
	}
	w.write(config(1))
	if answer := w.run("apply -auto-approve"); answer.Code != 0 {
		t.Fatal(answer.Stdout + answer.Stderr)
	}
	w.write(config(2))
	answer = w.run("plan")
	if said := squeezed(answer.Stdout + answer.Stderr); answer.Code == 0 || !strings.Contains(said, `Two resources have name "same"`) {
		t.Errorf("not refused: %s", said)
	}
}

// squeezed is a text without the frame and the line breaks of the CLI.
func squeezed(text string) string {
	return strings.Join(strings.Fields(strings.NewReplacer("│", " ", "╷", " ", "╵", " ").Replace(text)), " ")
}
