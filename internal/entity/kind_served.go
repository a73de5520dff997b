package entity

import (
	"slices"
	"strings"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
)

// IsManaged reports whether the kind has a resource, IsFound and IsListed whether
// it has the data source of one object and of many, and IsQueried whether it has
// a list resource.
func (k *Kind) IsManaged() bool { return k.Presence != Foreign && k.Presence != Nameless }
func (k *Kind) IsFound() bool   { return k.Presence != Nameless && k.Presence != ToldOnce }
func (k *Kind) IsListed() bool  { return k.Plural != "" }
func (k *Kind) IsQueried() bool { return k.IsManaged() && k.IsListed() }

// isThere reports whether objects are there before they are managed.
func (k *Kind) isThere() bool { return k.Presence == There || k.Presence == Only }

// stands reports whether the object of v is there before it is managed.
func (k *Kind) stands(v Values) bool {
	return k.isThere() || k.isBuiltIn(v)
}

func (k *Kind) isBuiltIn(v Values) bool {
	return k.BuiltIn.By != "" && slices.Contains(k.BuiltIn.Values, v.Text(k.BuiltIn.By))
}

// deletionDanger is why deleting the object of v wants consent; "" where it does not, or
// where it is given back instead.
func (k *Kind) deletionDanger(v Values) string {
	if k.stands(v) {
		return ""
	}
	return k.Deletion.Danger
}

// isOne reports whether there are no two of the kind.
func (k *Kind) isOne() bool { return k.Presence == Only || k.Presence == Sole }

// hasMetadata reports whether objects carry key-value pairs.
func (k *Kind) hasMetadata() bool { return k.Metadata != NoMetadata }

// groups are the attributes of which exactly one is set, group by group.
func (k *Kind) groups() [][]string {
	var groups [][]string
	for _, r := range k.Rules {
		if r.exactly {
			groups = append(groups, r.names)
		}
	}
	return groups
}

// typeName is the name of the resource, and of the singular data source.
func (k *Kind) typeName() string { return "storage_" + k.System + "_" + k.Name }

// pluralTypeName is the name of the plural data source.
func (k *Kind) pluralTypeName() string { return "storage_" + k.System + "_" + k.Plural }

// title is the entity in a sentence: "host cluster".
func (k *Kind) title() string {
	if k.Noun != "" {
		return k.Noun
	}
	return strings.ReplaceAll(k.Name, "_", " ")
}

// pluralTitle is several in a sentence: "host clusters".
func (k *Kind) pluralTitle() string {
	switch {
	case k.Noun == "":
		return strings.ReplaceAll(k.Plural, "_", " ")
	case strings.HasSuffix(k.Noun, "y"):
		return strings.TrimSuffix(k.Noun, "y") + "ies"
	case strings.HasSuffix(k.Noun, "s"):
		return k.Noun + "es"
	}
	return k.Noun + "s"
}

// named is an object in a sentence: `volume "db" (id 1001)`.
func (k *Kind) named(v Values) string {
	switch {
	case v.Known(k.label()) && v.Known(idName) && !k.isOne():
		return k.title() + ` "` + v.Text(k.label()) + `" (id ` + plain(v[idName]) + ")"
	case v.Known(k.label()):
		return k.title() + ` "` + v.Text(k.label()) + `"`
	}
	var parts []string
	for _, name := range k.key() {
		if v.Known(name) {
			parts = append(parts, name+" "+strings.Trim(v[name].String(), `"`))
		}
	}
	if len(parts) == 0 {
		return k.title()
	}
	return k.title() + " (" + strings.Join(parts, ", ") + ")"
}

func (k *Kind) key() []string {
	if len(k.Identity.Key) == 0 {
		return append(k.parents(), idName)
	}
	return k.Identity.Key
}

// keyedByID reports whether an object is found by its id, alone or within the
// owners that the path names.
func (k *Kind) keyedByID() bool { return len(k.Identity.Key) == 0 }

// resourceFacts are the facts that the resource has.
func (k *Kind) resourceFacts() Facts {
	return k.Facts.those(Fact.inResource)
}

// fields are the API's names of what the resource, or a data source, reads.
func (k *Kind) fields(inResource bool) []string {
	fields := make([]string, 0, len(k.Facts))
	seen := map[string]bool{}
	add := func(name string) {
		name, _, _ = strings.Cut(name, ".") // systems know no paths here
		if name != "" && !seen[name] {
			seen[name] = true
			fields = append(fields, name)
		}
	}
	for _, f := range k.Facts {
		if inResource && !f.inResource() {
			continue
		}
		if f.secret {
			add(f.proof)
			continue
		}
		if (!f.untold() || f.readAtImport) && !f.keptBeside {
			add(f.field)
		}
		for _, other := range f.others {
			add(other)
		}
	}
	for _, w := range k.Identity.Match {
		add(w.Field)
	}
	return fields
}

// belongs reports whether an object of the collection is of this kind.
func (k *Kind) belongs(o api.Object) bool {
	for _, w := range k.Identity.Match {
		s, ok := o[w.Field].(string)
		if !ok || !slices.ContainsFunc(w.Values, func(one string) bool { return strings.EqualFold(s, one) }) {
			return false
		}
	}
	return true
}

// isHeld reports whether what the system lists is held to Match here, because the system
// cannot be asked for it.
func (k *Kind) isHeld() bool {
	return slices.ContainsFunc(k.Identity.Match, func(w api.Filter) bool { return w.Unsent })
}

// dangerous reports whether any operation of the kind may need approval.
func (k *Kind) dangerous() bool {
	if k.Deletion.Danger != "" || k.Approvable || len(k.Planning.Weighs) > 0 {
		return true
	}
	for _, f := range k.Facts {
		if len(f.danger) > 0 {
			return true
		}
	}
	return false
}
