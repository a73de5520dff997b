package acctest

import (
	"fmt"
	"strings"
)

// ReadOnly is a simulated system to test against that the provider only reads.
type ReadOnly struct {
	// System is its block in the provider's configuration, and Block the arguments of that.
	System string
	Block  Attrs
}

var _ Lab = ReadOnly{}

// Provider implements Lab.
func (r ReadOnly) Provider(settings Attrs) string {
	return Attrs{r.System: r.Block.With(settings)}.Block("provider", "storage")
}

// Settings implements Lab.
func (r ReadOnly) Settings() (system string, settings Attrs) { return r.System, r.Block }

// Name implements Lab.
func (ReadOnly) Name(label string) string { return label }

// Do implements Lab: there is nothing to do.
func (r ReadOnly) Do(method, path string, _ any) (any, error) {
	return nil, fmt.Errorf("%s %s: nothing on %s is changed", strings.ToUpper(method), path, r.System)
}
