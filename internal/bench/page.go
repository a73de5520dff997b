package main

import (
	"fmt"
	"os"
	"strings"
	"time"
)

// ratio is a multiple of the floor.
func ratio(of, floor time.Duration) string {
	if of == 0 || floor == 0 {
		return "–"
	}
	return fmt.Sprintf("%.1f ×", float64(of)/float64(floor))
}

func mebibytes(bytes int64) string {
	if bytes == 0 {
		return "–"
	}
	return fmt.Sprintf("%d MiB", bytes>>20)
}

// objectsTable compares all with the first.
func objectsTable(all []*contender) string {
	var b strings.Builder
	b.WriteString("| | plan: requests | time | CPU (provider) | apply: requests | time | CPU (provider) | destroy: requests | time | CPU (provider) | peak memory |\n")
	b.WriteString("|---|---|---|---|---|---|---|---|---|---|---|\n")
	floor := all[0]
	for _, c := range all {
		fmt.Fprintf(&b, "| %s ", c.title)
		cells(&b, c.plan, floor.plan)
		cells(&b, c.apply, floor.apply)
		cells(&b, c.destroy, floor.destroy)
		peak := c.plan.memory()
		if !c.borrowed {
			peak = max(peak, c.apply.memory(), c.destroy.memory())
		}
		fmt.Fprintf(&b, "| %s |\n", mebibytes(peak))
	}
	return b.String()
}

func cells(b *strings.Builder, of, floor samples) {
	if len(of) == 0 {
		b.WriteString("| | | ")
		return
	}
	fmt.Fprintf(b, "| %d | %s | %s (%d%%) ", of.requests(), ratio(of.took(), floor.took()), ratio(of.cpu(), floor.cpu()), of.share())
}

// plansTable compares all with the first.
func plansTable(all []*contender) string {
	var b strings.Builder
	b.WriteString("| | plan: requests | time | CPU (provider) | peak memory of the CLI | of the provider |\n|---|---|---|---|---|---|\n")
	for _, c := range all {
		fmt.Fprintf(&b, "| %s ", c.title)
		cells(&b, c.plan, all[0].plan)
		fmt.Fprintf(&b, "| %s | %s |\n", mebibytes(c.plan.memoryOfCLI()), mebibytes(c.plan.memory()))
	}
	return b.String()
}

// writePage puts each table into its place in the page: between the comments
// "<!-- bench NAME -->" and "<!-- end -->". A table without a place is only printed.
func writePage(page string, tables map[string]string) error {
	old, err := os.ReadFile(page)
	if err != nil {
		return err
	}
	text := string(old)
	for name, table := range tables {
		begin, end := "<!-- bench "+name+" -->\n", "<!-- end -->"
		before, rest, found := strings.Cut(text, begin)
		_, after, closed := strings.Cut(rest, end)
		if found && closed {
			text = before + begin + "\n" + table + "\n" + end + after
		}
	}
	return os.WriteFile(page, []byte(text), 0o600)
}
