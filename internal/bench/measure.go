package main

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/storage-as-code/terraform-provider-storage/internal/cli"
)

// sample is one measurement of one command.
type sample struct {
	took, cpu time.Duration
	requests  int
	cli       footprint
	provider  footprint
}

// samples are the measurements of one command, one a round.
type samples []sample

func median[T cmp.Ordered](all samples, of func(sample) T) T {
	values := make([]T, len(all))
	for i, s := range all {
		values[i] = of(s)
	}
	slices.Sort(values)
	return values[len(values)/2]
}

func (all samples) took() time.Duration {
	return median(all, func(s sample) time.Duration { return s.took })
}
func (all samples) cpu() time.Duration {
	return median(all, func(s sample) time.Duration { return s.cpu })
}
func (all samples) requests() int { return median(all, func(s sample) int { return s.requests }) }
func (all samples) memoryOfCLI() int64 {
	return median(all, func(s sample) int64 { return s.cli.memory })
}
func (all samples) memory() int64 {
	return median(all, func(s sample) int64 { return s.provider.memory })
}

// share is how much of the CPU time was the provider's, in percent.
func (all samples) share() int {
	return median(all, func(s sample) int { return int(100 * s.provider.cpu / s.cpu) })
}

// contender is a configuration and a provider to measure together.
type contender struct {
	title   string
	variant variant
	config  string
	cli     *cli.CLI
	// borrowed says that the objects are those of the contender before it, which
	// applies and destroys them.
	borrowed bool
	// like makes of the attributes of the first object in a state those of another.
	like func(b *benchmark, i int, attributes map[string]any) error

	plan, apply, destroy samples
}

// measure runs a command, which must succeed and say so.
func (b *benchmark) measure(ctx context.Context, c *contender, line, says string, into *samples) error {
	b.array.ResetRequests()
	provider, core := watch(ctx, b.program(c.variant), c.cli.Dir), watch(ctx, b.core, c.cli.Dir)
	began := time.Now()
	answer, err := b.answer(ctx, c, line, says)
	s := sample{took: time.Since(began), cpu: answer.CPU, requests: len(b.array.Requests()), cli: core(), provider: provider()}
	if err == nil {
		*into = append(*into, s)
	}
	return err
}

// run is measure for what nobody compares.
func (b *benchmark) run(ctx context.Context, c *contender, line, says string) error {
	_, err := b.answer(ctx, c, line, says)
	return err
}

func (b *benchmark) answer(ctx context.Context, c *contender, line, says string) (cli.Answer, error) {
	answer, err := c.cli.Run(ctx, line, "TF_CLI_CONFIG_FILE="+b.settings(c.variant))
	if err == nil && (answer.Code != 0 || !strings.Contains(answer.Stdout, says)) {
		err = fmt.Errorf("%s: %s does not say %q:\n%s%s", c.title, line, says, answer.Stdout, answer.Stderr)
	}
	return answer, err
}

// mostApplied is up to how many objects are applied and destroyed as well. Beyond that,
// their states are prepared, and plans are measured.
const mostApplied = 3000

// objects measures n objects of each contender.
func (b *benchmark) objects(ctx context.Context, n int) (string, error) {
	contenders := []*contender{
		{title: "`terraform_data`: the CLI alone", variant: shipped, config: data, like: likeData},
		{title: "the smallest provider", variant: smallest, config: requires(smallest) + smallObjects, like: likeSmall},
		{title: "**volumes**", variant: shipped, config: requires(shipped) + volumes, like: likeVolume},
		{title: "volumes, without the fast path", variant: noFastPath, borrowed: true},
		{title: "volumes, without batched reads", variant: noBatching, borrowed: true},
		{title: "the smallest provider, each object referring to another", variant: smallest, config: requires(smallest) + smallReferring, like: likeSmallReferring},
		{title: "**volumes**, each referring to a pool", variant: shipped, config: requires(shipped) + volumesReferring, like: likePooledVolume},
	}
	for i, c := range contenders {
		if c.borrowed {
			c.cli = contenders[i-1].cli
			continue
		}
		var err error
		if c.cli, err = b.workspace(fmt.Sprintf("objects-%d-%d", n, i), ""); err == nil {
			err = b.configure(c, n)
		}
		if err != nil {
			return "", err
		}
	}
	if err := b.run(ctx, contenders[0], "init", "initialized"); err != nil { // its provider is not overridden
		return "", err
	}
	if n > mostApplied {
		return b.plans(ctx, contenders, n)
	}
	for round := range b.rounds {
		fmt.Printf("%d objects, round %d\n", n, round+1)
		for rest := contenders; len(rest) > 0; {
			borrowers := 1
			for borrowers < len(rest) && rest[borrowers].borrowed {
				borrowers++
			}
			if err := b.turn(ctx, rest[:borrowers]); err != nil {
				return "", err
			}
			rest = rest[borrowers:]
		}
	}
	return objectsTable(contenders), nil
}

// plans measures the plans of n objects in prepared states.
func (b *benchmark) plans(ctx context.Context, contenders []*contender, n int) (string, error) {
	contenders = slices.DeleteFunc(contenders, func(c *contender) bool { return c.borrowed })
	for _, c := range contenders {
		if err := b.prepare(ctx, c, n); err != nil {
			return "", err
		}
	}
	for round := range b.rounds {
		for _, c := range contenders {
			fmt.Printf("%d objects, round %d: %s\n", n, round+1, c.title)
			if err := b.measure(ctx, c, "plan", "No changes.", &c.plan); err != nil {
				return "", err
			}
		}
	}
	return plansTable(contenders), nil
}

// turn measures the first contender, and the others' plans of its objects.
func (b *benchmark) turn(ctx context.Context, all []*contender) error {
	owner := all[0]
	if err := b.measure(ctx, owner, "apply -auto-approve", "Apply complete!", &owner.apply); err != nil {
		return err
	}
	for _, c := range all {
		if err := b.measure(ctx, c, "plan", "No changes.", &c.plan); err != nil {
			return err
		}
	}
	return b.measure(ctx, owner, "destroy -auto-approve", "Destroy complete!", &owner.destroy)
}
