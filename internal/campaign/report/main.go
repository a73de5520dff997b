// Command report adds up what the parts of a campaign came to, prints it, and
// puts it into the docs' page.
package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/storage-as-code/terraform-provider-storage/internal/campaign"
)

func main() {
	page := flag.String("page", "", "the page that holds the table, between <!-- campaign --> and <!-- end -->")
	flag.Parse()
	if err := report(flag.Arg(0), *page); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func report(dir, page string) error {
	files, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil {
		return err
	}
	all := map[string]*campaign.Tally{}
	broken := false
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		if err := json.Unmarshal(text, &all); err != nil {
			return err
		}
	}
	for _, n := range all {
		broken = broken || n.Lost > 0 || n.Doubled > 0 || n.Overcome+n.Healed+n.Helped < n.Faults
	}
	table := campaign.Table(all)
	fmt.Print(table)
	if broken {
		return errors.New("the campaign has lost, doubled or not healed objects")
	}
	if page == "" {
		return nil
	}
	text, err := os.ReadFile(page)
	if err != nil {
		return err
	}
	const begin, end = "<!-- campaign -->\n", "<!-- end -->"
	before, rest, found := strings.Cut(string(text), begin)
	_, after, closed := strings.Cut(rest, end)
	if !found || !closed {
		return fmt.Errorf("%s has no place for the table", page)
	}
	return os.WriteFile(page, []byte(before+begin+"\n"+table+"\n"+end+after), 0o600) //nolint:gosec // the page that the caller names
}
