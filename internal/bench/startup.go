package main

import (
	"context"
	"fmt"
	"strings"
)

// beginnings are the commands whose time is mostly that of a start.
var beginnings = []struct{ title, line, says string }{
	{"plan", "plan", "No changes."},
	{"validate", "validate", "Success!"},
	{"providers schema", "providers schema -json", "provider_schemas"},
}

// startUp measures how long a provider takes to start and say what it has, where the
// configuration names it and nothing of it.
func (b *benchmark) startUp(ctx context.Context) (string, error) {
	contenders := []*contender{
		{title: "the smallest provider", variant: smallest},
		{title: "**this provider**", variant: shipped},
	}
	measured := map[*contender][]samples{}
	for i, c := range contenders {
		var err error
		if c.cli, err = b.workspace(fmt.Sprintf("start-%d", i), requires(c.variant)); err != nil {
			return "", err
		}
		measured[c] = make([]samples, len(beginnings))
	}
	for range b.rounds + 4 { // it is quick, and noise weighs more
		for of, command := range beginnings {
			for _, c := range contenders {
				if err := b.measure(ctx, c, command.line, command.says, &measured[c][of]); err != nil {
					return "", err
				}
			}
		}
	}
	return b.startTable(contenders, measured)
}

func (b *benchmark) startTable(all []*contender, measured map[*contender][]samples) (string, error) {
	var t strings.Builder
	t.WriteString("| ")
	for _, command := range beginnings {
		fmt.Fprintf(&t, "| `%s`: time | CPU ", command.title)
	}
	t.WriteString("| peak memory of the provider | program |\n|" + strings.Repeat("---|", 2*len(beginnings)+3) + "\n")
	for _, c := range all {
		fmt.Fprintf(&t, "| %s ", c.title)
		var peak int64
		for of := range beginnings {
			s, floor := measured[c][of], measured[all[0]][of]
			fmt.Fprintf(&t, "| %s | %s ", ratio(s.took(), floor.took()), ratio(s.cpu(), floor.cpu()))
			peak = max(peak, s.memory())
		}
		size, err := b.size(c.variant)
		if err != nil {
			return "", err
		}
		fmt.Fprintf(&t, "| %s | %s |\n", mebibytes(peak), mebibytes(size))
	}
	return t.String(), nil
}
