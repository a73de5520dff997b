// Command bench measures what the provider costs: plan, apply and destroy of many
// volumes on a simulated InfiniBox, beside floors that no provider can be below.
//
// What is compared is measured in turns, in one run: the ratios mean something on
// any machine, the times on none other. They are written into the performance page
// of the docs.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/storage-as-code/terraform-provider-storage/internal/cli"
	"github.com/storage-as-code/terraform-provider-storage/internal/simulator/infinibox"
)

const module = "github.com/storage-as-code/terraform-provider-storage"

func main() { os.Exit(bench()) }

func bench() int {
	n := flag.Int("n", 0, "`number` of objects; 100 and then 1000 where it is not given")
	rounds := flag.Int("rounds", 3, "how often each is measured; the median counts")
	latency := flag.Duration("latency", 10*time.Millisecond, "what the array takes to answer")
	others := flag.Int("others", -1, "`number` of volumes beside them on the array; 50000 where there are thousands of objects, else none")
	page := flag.String("page", "", "`file` of the docs to write the tables into")
	flag.Parse()
	counts := []int{100, 1000}
	if *n > 0 {
		counts = []int{*n}
	}
	ctx, stop := cli.Interruptible()
	defer stop()
	if err := run(ctx, counts, *others, *rounds, *latency, *page); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		return 1
	}
	return 0
}

func run(ctx context.Context, counts []int, others, rounds int, latency time.Duration, page string) (err error) {
	dir, err := os.MkdirTemp("", "bench-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()

	terraform, err := cli.Find(ctx, dir, func(format string, args ...any) { fmt.Printf(format+"\n", args...) })
	if err != nil {
		return err
	}
	fmt.Printf("%s, %d rounds, %v a request\n", terraform.Version, rounds, latency)
	array, err := infinibox.New(infinibox.Options{Latency: latency})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, array.Close()) }()

	core, err := filepath.EvalSymlinks(terraform.Path) // as the kernel names a process's program
	if err != nil {
		return err
	}
	b := &benchmark{terraform: terraform, core: core, array: array, dir: dir, rounds: rounds}
	if err := errors.Join(b.createPool(), b.build(ctx)); err != nil {
		return err
	}
	tables := map[string]string{}
	for _, n := range counts {
		if others < 0 && n > mostApplied {
			others = 50_000
		}
		if err := b.createOthers(others); err != nil {
			return err
		}
		table, err := b.objects(ctx, n)
		if err != nil {
			return err
		}
		tables[fmt.Sprint(n)] = table
		fmt.Printf("\n%d objects\n\n%s", n, table)
	}
	table, err := b.startUp(ctx)
	if err != nil {
		return err
	}
	tables["start"] = table
	fmt.Printf("\nStart-up\n\n%s", table)
	if page == "" {
		return nil
	}
	return writePage(filepath.Clean(page), tables)
}
