// Command apicoverage prints which operations of InfiniBox's API the provider
// uses: by which of its Terraform objects, and in which test. It knows that from
// the requests that the simulator served in the acceptance tests, which it runs;
// given a directory of such records, it reads those. It fails where an operation has no
// test.
package main

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest/record"
)

//go:embed testdata/operations.tsv
var operations string

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, os.Args[1:], os.Stdout)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "apicoverage:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, out io.Writer) error {
	if len(args) > 0 {
		return report(args[0], out)
	}
	dir, err := os.MkdirTemp("", "apicoverage")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	test := exec.CommandContext(ctx, "go", "test", "-count=1", "-run", "^TestAcc", "-skip", "^TestAccArea$/^(faults|changes)$", "./internal/infinibox/...")
	test.Env = append(os.Environ(), record.Variable+"="+dir)
	test.Stdout, test.Stderr = os.Stderr, os.Stderr
	if err := test.Run(); err != nil {
		return fmt.Errorf("the acceptance tests: %w", err)
	}
	return report(dir, out)
}

// operation is one of the API's.
type operation struct{ group, method, path string }

// parameter is a part of a path that is filled in; the names differ between the
// API's reference and the simulator.
var parameter = regexp.MustCompile(`\{[^}]*\}`)

func (o operation) key() string { return key(o.method, o.path) }

func key(method, path string) string {
	return method + " " + parameter.ReplaceAllString(strings.TrimPrefix(path, "/api/rest"), "{}")
}

func list() []operation {
	var all []operation
	for line := range strings.Lines(operations) {
		if parts := strings.Split(strings.TrimSpace(line), "\t"); len(parts) == 3 {
			all = append(all, operation{parts[0], parts[1], parts[2]})
		}
	}
	return all
}

// use is what is known of an operation's uses.
type use struct{ objects, tests []string }

func (u *use) add(r record.Request) {
	if object := brief(r.Object); object != "" && !slices.Contains(u.objects, object) {
		u.objects = append(u.objects, object)
	}
	if !slices.Contains(u.tests, r.Test) {
		u.tests = append(u.tests, r.Test)
	}
}

// brief is an object's name without what all have: "resource volume" of
// "storage_infinibox_volume", "data volumes" of "data storage_infinibox_volumes".
func brief(object string) string {
	name, ofResource := strings.CutPrefix(object, prefix)
	if ofResource {
		return "resource " + name
	}
	return strings.Replace(name, prefix, "", 1)
}

const prefix = "storage_infinibox_"

// read reads the records of a directory, by operation.
func read(dir string) (map[string]*use, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.jsonl"))
	if err != nil {
		return nil, err
	}
	uses := map[string]*use{}
	for _, file := range files {
		text, err := os.ReadFile(file) //nolint:gosec // a record in the directory that the user names
		if err != nil {
			return nil, err
		}
		lines := bufio.NewScanner(bytes.NewReader(text))
		for lines.Scan() {
			var r record.Request
			if err := json.Unmarshal(lines.Bytes(), &r); err != nil {
				return nil, fmt.Errorf("%s: %w", file, err)
			}
			k := key(r.Method, r.Route)
			if uses[k] == nil {
				uses[k] = &use{}
			}
			uses[k].add(r)
		}
	}
	return uses, nil
}

// report prints the operations, group by group, and then how many of each group
// are used.
func report(dir string, out io.Writer) error {
	uses, err := read(dir)
	if err != nil {
		return err
	}
	type total struct{ covered, all int }
	totals, sum := map[string]*total{}, total{}
	var groups []string
	rows, times := []operation{}, map[operation]int{}
	for _, o := range list() {
		if totals[o.group] == nil {
			totals[o.group] = &total{}
			groups = append(groups, o.group)
		}
		totals[o.group].all++
		sum.all++
		if uses[o.key()] != nil {
			totals[o.group].covered++
			sum.covered++
		}
		if times[o]++; times[o] == 1 {
			rows = append(rows, o)
		}
	}
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "GROUP\tOPERATION\tTERRAFORM\tTEST")
	for _, o := range rows {
		terraform, test := "-", "-"
		if u := uses[o.key()]; u != nil {
			slices.SortFunc(u.objects, resourcesFirst)
			slices.Sort(u.tests)
			terraform, test = some(u.objects), some(u.tests)
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", o.group, o.title(times[o]), terraform, test)
	}
	if err := table.Flush(); err != nil { // so that what follows has columns of its own
		return err
	}
	fmt.Fprintln(table, "\nGROUP\tCOVERED\tOF")
	for _, g := range groups {
		fmt.Fprintf(table, "%s\t%d\t%d\n", g, totals[g].covered, totals[g].all)
	}
	fmt.Fprintf(table, "all\t%d\t%d\n", sum.covered, sum.all)
	if err := table.Flush(); err != nil {
		return err
	}
	if sum.covered < sum.all {
		return fmt.Errorf("%d operations have no test", sum.all-sum.covered)
	}
	return nil
}

// resourcesFirst sorts objects by what they are, and then by name.
func resourcesFirst(a, b string) int {
	what, name, _ := strings.Cut(a, " ")
	other, otherName, _ := strings.Cut(b, " ")
	return cmp.Or(cmp.Compare(other, what), cmp.Compare(name, otherName))
}

// title is the operation's method and path, and how many operations the reference
// has under these, which differ in what they are sent.
func (o operation) title(times int) string {
	if times == 1 {
		return o.method + " " + o.path
	}
	return fmt.Sprintf("%s %s (%d operations)", o.method, o.path, times)
}

// some is the first of names, and how many more there are.
func some(names []string) string {
	switch len(names) {
	case 0:
		return "(several at a time)"
	case 1:
		return names[0]
	}
	return fmt.Sprintf("%s (+%d)", names[0], len(names)-1)
}
