package brownfield

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
)

// Command is what people call: takeover [flags] DIRECTORY.
func Command(ctx context.Context, systems []*entity.System, arguments []string, out io.Writer) error {
	var o Options
	flags := flag.NewFlagSet("takeover", flag.ContinueOnError)
	flags.SetOutput(out)
	flags.Usage = func() {
		_, _ = fmt.Fprintln(out, "takeover [flags] DIRECTORY writes the configuration that takes over what is on a system already.\n"+
			"Where that is, and how to log in, the environment says, as for the provider.")
		flags.PrintDefaults()
	}
	list := func(to *[]string) func(string) error {
		return func(text string) error {
			*to = append(*to, strings.Split(text, ",")...)
			return nil
		}
	}
	flags.Func("only", "these `resources` and no others: infinibox_volume,infinibox_lun", list(&o.Only))
	flags.Func("except", "not these `resources`", list(&o.Except))
	flags.BoolVar(&o.Snapshots, "snapshots", false, "snapshots too, which come and go")
	if err := flags.Parse(arguments); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return nil
		}
		return err
	}
	if flags.NArg() != 1 {
		return errors.New("name one directory for the configuration: takeover [flags] DIRECTORY")
	}
	e, err := Read(ctx, systems, o)
	if err == nil {
		err = e.Write(flags.Arg(0))
	}
	if err != nil {
		return err
	}
	return e.report(out, flags.Arg(0))
}

// report says what is written, what is not, and what to do next.
func (e *Estate) report(out io.Writer, dir string) error {
	var text strings.Builder
	say := func(format string, values ...any) { fmt.Fprintf(&text, format+"\n", values...) }
	total := 0
	for _, name := range slices.Sorted(maps.Keys(e.Count)) {
		say("%6d %s", e.Count[name], name)
		total += e.Count[name]
	}
	say("%6d objects, in %s", total, dir)
	if len(e.Left) > 0 {
		say("\nNot written:")
	}
	for _, name := range slices.Sorted(maps.Keys(e.Left)) {
		say("  %s: %s", name, e.Left[name])
	}
	say("\nNext, in %s: terraform init, and terraform plan, which imports them all and changes nothing.", dir)
	_, err := io.WriteString(out, text.String())
	return err
}
