package block

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"strings"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox/common"
)

const (
	prefixName = "snap_prefix"
	suffixName = "snap_suffix"
)

// snapPrefix and snapSuffix make the names of snapshots that are taken together.
func snapPrefix() entity.Fact {
	return common.Named(entity.Text(prefixName).Optional().Unread()).Checked("not blank", checkAffix).
		Doc("What the names of the snapshots begin with, before the volume's. This, `snap_suffix` or both must be set. " +
			"The array keeps the names alone: import and data sources compare them with the volumes'. " +
			"Where that does not tell, because one was renamed since, it is absent, and after an import the next apply takes it from the configuration.")
}

func snapSuffix() entity.Fact {
	return common.Named(entity.Text(suffixName).Optional().Unread()).Checked("not blank", checkAffix).
		Doc("What the names of the snapshots end with, after the volume's. Import finds it as it does `snap_prefix`.")
}

func checkAffix(affix string) error {
	switch {
	case affix == "":
		return errors.New("it is empty: leave it out")
	case strings.TrimSpace(affix) == "":
		return errors.New("a prefix or a suffix of spaces alone is refused by the array")
	}
	return nil
}

// oneAffix is that there is one, or another attribute that stands for them: else the
// snapshots would have the volumes' names.
func oneAffix(others ...string) []entity.Rule {
	return []entity.Rule{entity.AtLeastOne(append([]string{prefixName, suffixName}, others...)...)}
}

// affixes are what is around a volume's name in the name of its snapshot.
type affixes struct{ prefix, suffix string }

// deduceAffixes sets the prefix and the suffix that snapshots were taken with, as
// far as their names leave no doubt.
func deduceAffixes[ID any](ctx context.Context, s *entity.Session, v entity.Values, snapshots []ID) error {
	// The same fields of all, so that one listing answers for many.
	read := func(id any) (api.Object, error) {
		return s.Client.Read(ctx, "volumes", fmt.Sprint(id), []string{"id", "name", "parent_id"})
	}
	var possible map[affixes]bool
	for _, id := range snapshots {
		snapshot, err := read(id)
		var volume api.Object
		if err == nil {
			volume, err = read(snapshot["parent_id"])
		}
		if api.ReasonOf(err) == api.NotFound {
			return nil
		}
		if err != nil {
			return err
		}
		around := affixesAround(common.NameOf(volume), common.NameOf(snapshot))
		if possible == nil {
			possible = around
		}
		maps.DeleteFunc(possible, func(one affixes, _ bool) bool { return !around[one] })
	}
	if len(possible) != 1 {
		return nil
	}
	for found := range possible {
		for name, text := range map[string]string{prefixName: found.prefix, suffixName: found.suffix} {
			if text != "" {
				v.Set(name, text)
			}
		}
	}
	return nil
}

// affixesAround are all ways to see a volume's name in the name of a snapshot.
func affixesAround(volume, snapshot string) map[affixes]bool {
	all := map[affixes]bool{}
	for at := range snapshot {
		if rest, ok := strings.CutPrefix(snapshot[at:], volume); ok && volume != "" {
			all[affixes{snapshot[:at], rest}] = true
		}
	}
	return all
}

// takenBy says which volumes and snapshots have names that new snapshots would get.
func takenBy(ctx context.Context, s *entity.Session, names []string) string {
	if len(names) == 0 {
		return ""
	}
	found := common.Collect(ctx, s, "volumes", api.Query{
		Filters: []api.Filter{{Field: "name", Operator: api.In, Values: names}},
		Fields:  []string{"id", "name", "type"},
	})
	holders := make([]string, len(found))
	for i, o := range found {
		what := "volume"
		if o["type"] == "SNAPSHOT" {
			what = "snapshot"
		}
		holders[i] = fmt.Sprintf("the %s %q (id %v)", what, o["name"], o["id"])
	}
	if len(holders) == 0 {
		return ""
	}
	return "Names that the new snapshots would get are taken: by " + common.Few(holders) + ". Choose another prefix or suffix, or rename these."
}
