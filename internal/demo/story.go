package main

import (
	"context"
	"fmt"
	"os"
	"strings"

	"github.com/storage-as-code/terraform-provider-storage/internal/cli"
)

// step is one scene: what happens, and what must be true afterwards.
type step struct {
	title string
	shows string // what there is to see, in a line

	edit   *edit                       // made to main.tf first
	behind func(array) (string, error) // what somebody does on the array first, in words
	runs   []run

	leaves holds  // what the array then holds
	proves string // the same in words, printed when it is true
}

// edit is a change a user makes to the configuration.
type edit struct{ from, to string }

// run is one command line and the answer it must give.
type run struct {
	env  string
	line string
	code int
	says []string // in this order

	whole bool // the answer is shown as it is
}

// Exit codes of the CLI; a plan that has changes says so with 2, as -detailed-exitcode asks.
const (
	succeeded = 0
	failed    = 1
	changes   = 2
)

const (
	plan  = "plan -out=next.tfplan"
	apply = "apply next.tfplan"
)

// approve is a user's consent to whatever is dangerous on the array and on ONTAP.
const approve = "INFINIBOX_APPROVE_DANGEROUS_OPERATIONS=true ONTAP_APPROVE_DANGEROUS_OPERATIONS=true"

var whole = holds{
	pools: 1, volumes: 8, snapshots: 8, hosts: 2, fcPorts: 4, iscsiPorts: 2, clusters: 1, luns: 8, gigabytes: 8 * 500,
}

var grown = func() holds {
	h := whole
	h.gigabytes = 8 * 750
	return h
}()

var story = []step{
	{
		title:  "Plan",
		shows:  "Terraform says what it would make, and makes nothing.",
		runs:   []run{{line: plan, code: changes, says: []string{"Plan: 29 to add, 0 to change, 0 to destroy."}}},
		proves: "still nothing",
	},
	{
		title:  "Apply",
		shows:  "A pool, eight volumes with a snapshot each, two hosts with FC and iSCSI ports, a cluster, eight LUNs; and virus scanners.",
		runs:   []run{{line: apply, says: []string{"29 added, 0 changed, 0 destroyed"}}},
		leaves: whole,
		proves: "exactly what the configuration says",
	},
	{
		title: "Look",
		shows: "Four systems in one configuration: the storage, and what protects the estate.",
		runs: []run{{
			line: "output", whole: true,
			says: []string{"running_from_backup", ": audit", `virus_scan = "Success`, "virus_scanners", "10.20.0.11 to ", ": connected", "LUN 8: db-data-8, 500GB"},
		}},
		leaves: whole,
	},
	{
		title:  "Plan again",
		shows:  "Nothing to do, although the array rounds sizes and spells ports its own way.",
		runs:   []run{{line: plan, code: succeeded, says: []string{"No changes."}}},
		leaves: whole,
	},
	{
		title: "Resize",
		shows: "Volumes grow in place, with their snapshots and hosts on them.",
		edit:  &edit{`size    = "500GB"`, `size    = "750GB"`},
		runs: []run{
			{line: plan, code: changes, says: []string{`"500GB" -> "750GB"`, "Plan: 0 to add, 8 to change, 0 to destroy."}},
			{line: apply, says: []string{"0 added, 8 changed, 0 destroyed"}},
		},
		leaves: grown,
		proves: "eight volumes of 750 GB",
	},
	{
		title:  "Heal",
		shows:  "A volume is deleted behind Terraform's back: Terraform sees what is missing, and makes just that.",
		behind: array.loseVolume,
		runs: []run{
			{line: plan, code: changes, says: []string{"Plan: 3 to add, 0 to change, 0 to destroy."}},
			{line: apply, says: []string{"3 added, 0 changed, 0 destroyed"}},
			{line: plan, code: succeeded, says: []string{"No changes."}},
		},
		leaves: grown,
		proves: "the volume, its snapshot and its LUN are back",
	},
	{
		title:  "Destroy, not approved",
		shows:  "What loses data needs consent: the plan itself is refused, before anything is touched.",
		runs:   []run{{line: "destroy -auto-approve", code: failed, says: []string{"is dangerous and not approved"}}},
		leaves: grown,
		proves: "everything, untouched",
	},
	{
		title:  "Destroy, approved",
		shows:  "With consent the same command says what is lost, and does it.",
		runs:   []run{{env: approve, line: "destroy -auto-approve", says: []string{"Warning: Approved", "29 destroyed."}}},
		proves: "nothing, as before the first apply",
	},
}

// play runs a step and checks what it claims.
func (s step) play(ctx context.Context, number int, c *cli.CLI, a array, out *screen) error {
	out.step(number, s.title)
	out.text("   %s", s.shows)
	if s.edit != nil {
		if err := s.edit.apply(configPath(c)); err != nil {
			return err
		}
		out.act("edit main.tf: %s becomes %s", squeeze(s.edit.from), squeeze(s.edit.to))
	}
	if s.behind != nil {
		done, err := s.behind(a)
		if err != nil {
			return fmt.Errorf("acting behind Terraform's back: %w", err)
		}
		out.act("%s", done)
	}
	for _, r := range s.runs {
		out.command(r.env, c.Name, r.line)
		answer, err := c.Run(ctx, r.line, strings.Fields(r.env)...)
		if err != nil {
			return err
		}
		if r.whole {
			out.verbatim(answer.Stdout)
		} else {
			out.answer(answer)
		}
		if err := r.check(answer); err != nil {
			return fmt.Errorf("step %d, %s %s: %w\n\n%s%s", number, c.Name, r.line, err, answer.Stdout, answer.Stderr)
		}
	}
	found, err := a.holds()
	if err != nil {
		return fmt.Errorf("asking the array what it holds: %w", err)
	}
	if found != s.leaves {
		return fmt.Errorf("step %d: the array holds %v, and should hold %v", number, found, s.leaves)
	}
	if s.proves != "" {
		out.proof("On the array: %s.", s.proves)
	}
	return nil
}

// check compares an answer with what the run must give.
func (r run) check(a cli.Answer) error {
	if a.Code != r.code {
		return fmt.Errorf("the exit code is %d, not %d", a.Code, r.code)
	}
	rest := a.Stdout + a.Stderr
	for _, said := range r.says {
		_, after, found := strings.Cut(rest, said)
		if !found {
			return fmt.Errorf("the answer does not say %q", said)
		}
		rest = after
	}
	return nil
}

func (e edit) apply(path string) error {
	old, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if n := strings.Count(string(old), e.from); n != 1 {
		return fmt.Errorf("main.tf has %q %d times, not once", e.from, n)
	}
	return os.WriteFile(path, []byte(strings.Replace(string(old), e.from, e.to, 1)), 0o600)
}

// squeeze drops the alignment of a line of HCL.
func squeeze(s string) string { return strings.Join(strings.Fields(s), " ") }
