package main

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/storage-as-code/terraform-provider-storage/internal/cli"
)

// sample is one measurement of one command.
type sample struct {
	took, cpu time.Duration
	requests  int
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

	plan, apply, destroy samples
}

// measure runs a command, which must succeed and say so.
func (b *benchmark) measure(ctx context.Context, c *contender, line, says string, into *samples) error {
	b.array.ResetRequests()
	took := watch(ctx, b.program(c.variant))
	began := time.Now()
	answer, err := c.cli.Run(ctx, line, "TF_CLI_CONFIG_FILE="+b.settings(c.variant))
	s := sample{took: time.Since(began), cpu: answer.CPU, requests: len(b.array.Requests()), provider: took()}
	if err != nil {
		return err
	}
	if answer.Code != 0 || !contains(answer.Stdout, says) {
		return fmt.Errorf("%s: %s does not say %q:\n%s%s", c.title, line, says, answer.Stdout, answer.Stderr)
	}
	*into = append(*into, s)
	return nil
}

// objects measures plan, apply and destroy of n objects.
func (b *benchmark) objects(ctx context.Context, n int) (string, error) {
	contenders := []*contender{
		{title: "`terraform_data`: the CLI alone", variant: shipped, config: data},
		{title: "the smallest provider", variant: smallest, config: requires(smallest) + smallObjects},
		{title: "**volumes**", variant: shipped, config: requires(shipped) + volumes},
		{title: "volumes, without the fast path", variant: noFastPath, borrowed: true},
		{title: "volumes, without batched reads", variant: noBatching, borrowed: true},
		{title: "the smallest provider, each object referring to another", variant: smallest, config: requires(smallest) + smallReferring},
		{title: "**volumes**, each referring to a pool", variant: shipped, config: requires(shipped) + volumesReferring},
	}
	for i, c := range contenders {
		if c.borrowed {
			c.cli = contenders[i-1].cli
			continue
		}
		var err error
		if c.cli, err = b.workspace(fmt.Sprintf("objects-%d-%d", n, i), b.configuration(c.config, n)); err != nil {
			return "", err
		}
	}
	if err := b.initialise(ctx, contenders[0]); err != nil {
		return "", err
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

// initialise is for a configuration whose provider is not overridden.
func (b *benchmark) initialise(ctx context.Context, c *contender) error {
	answer, err := c.cli.Run(ctx, "init", "TF_CLI_CONFIG_FILE="+b.settings(c.variant))
	if err == nil && answer.Code != 0 {
		err = fmt.Errorf("init:\n%s%s", answer.Stdout, answer.Stderr)
	}
	return err
}

// startUp measures how long a provider takes to start and say what it has.
func (b *benchmark) startUp(ctx context.Context) (string, error) {
	contenders := []*contender{
		{title: "the smallest provider", variant: smallest},
		{title: "**this provider**", variant: shipped},
		{title: "the provider with 200 entities like the volume in place of its own", variant: many},
	}
	for i, c := range contenders {
		var err error
		if c.cli, err = b.workspace(fmt.Sprintf("start-%d", i), requires(c.variant)); err != nil {
			return "", err
		}
	}
	for range b.rounds + 2 { // it is quick, and noise weighs more
		for _, c := range contenders {
			if err := b.measure(ctx, c, "providers schema -json", "provider_schemas", &c.plan); err != nil {
				return "", err
			}
		}
	}
	return startTable(contenders), nil
}
