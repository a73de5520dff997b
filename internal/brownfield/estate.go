package brownfield

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"

	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
)

// estate is what was found.
type estate struct {
	objects []*object // by area and kind, in the order of the pages
	byID    map[reference]*object
	left    map[string]string
}

// object is one that a resource is written for.
type object struct {
	entity.Existing
	*kind
	// label is the resource's name.
	label string
	// refs are the objects whose ids it has, by those ids in each attribute: as far as the
	// references make no circle.
	refs map[string]map[int64]*object
}

// kind is a kind of object, with what is asked of it for each.
type kind struct {
	*entity.Kind
	area      string
	arguments []entity.Argument
	// to are the types that attributes refer to.
	to map[string][]string
}

func newKind(k *entity.Kind, area string, s *entity.System) *kind {
	all := &kind{Kind: k, area: area, arguments: k.Arguments(), to: map[string][]string{}}
	for _, a := range all.arguments {
		for _, other := range s.Kinds {
			if other.IsManaged() && slices.Contains(a.To, other.TypeName()) {
				all.to[a.Name] = append(all.to[a.Name], other.TypeName())
			}
		}
	}
	return all
}

// reference is how an object is referred to.
type reference struct {
	kind string
	id   string
}

// read reads all that is on a system.
func (e *estate) read(ctx context.Context, s *entity.System, session *entity.Session, o Options) error {
	for _, area := range s.Areas {
		for _, k := range area.Kinds {
			name := k.TypeName()
			if !k.IsManaged() || !o.chooses(name) {
				continue
			}
			if why := reason(k, o); why != "" {
				e.left[name] = why
				continue
			}
			of := newKind(k, area.Title, s)
			for found, err := range k.Existing(ctx, session) {
				if why := refusal(err); why != "" {
					e.left[name] = why
					break
				}
				if err != nil {
					return fmt.Errorf("%s: %w", name, err)
				}
				if why := withheld(of, found.Values); why != "" {
					e.left[name] = why
					continue
				}
				one := &object{Existing: found, kind: of}
				if k.IsOne() && len(one.said()) == 0 {
					continue
				}
				e.objects = append(e.objects, one)
				e.byID[reference{name, found.Values.ID("id")}] = one
			}
		}
	}
	return nil
}

func (e *estate) count() map[string]int {
	count := map[string]int{}
	for _, o := range e.objects {
		count[o.TypeName()]++
	}
	return count
}

// label names the resources after the objects: one that people know by its owners, or by
// what it joins, after these, and those of one name after what they differ in too.
func (e *estate) label() {
	alike := map[string]int{}
	for _, o := range e.objects {
		alike[o.TypeName()+"."+e.title(o, false)]++
	}
	taken := map[string]bool{}
	for _, o := range e.objects {
		title := e.title(o, false)
		if alike[o.TypeName()+"."+title] > 1 {
			title = e.title(o, true)
		}
		o.label = title
		for n := 2; taken[o.address()]; n++ {
			o.label = title + "_" + strconv.Itoa(n)
		}
		taken[o.address()] = true
	}
}

// title is how people know an object, as the name of a resource.
func (e *estate) title(o *object, fully bool) string {
	if o.IsOne() {
		return "this"
	}
	var parts []string
	for _, name := range o.Naming(fully) {
		part := o.Values.ID(name)
		if owner := e.referred(o.kind, name, part); owner != nil && owner != o {
			part = e.title(owner, false)
		}
		parts = append(parts, part)
	}
	title := identifier(strings.Join(parts, "_"))
	if title == "" || title[0] >= '0' && title[0] <= '9' {
		title = identifier(o.Title() + "_" + title)
	}
	return title
}

// identifier is a text as the name of a resource.
func identifier(text string) string {
	words := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9')
	})
	return strings.Join(words, "_")
}

// referred is the object that an attribute's id is of; nil where it is not known, or not
// of which kind it is.
func (e *estate) referred(k *kind, attribute, id string) *object {
	var found *object
	for _, name := range k.to[attribute] {
		if o := e.byID[reference{name, id}]; o != nil {
			if found != nil {
				return nil
			}
			found = o
		}
	}
	return found
}

// refer finds what the objects refer to. What would close a circle stays an id: Terraform
// could not tell which of them comes first.
func (e *estate) refer() {
	for _, o := range e.objects {
		o.refs = map[string]map[int64]*object{}
		for _, a := range o.arguments {
			for _, id := range numbers(o.Values[a.Name]) {
				target := e.referred(o.kind, a.Name, strconv.FormatInt(id, 10))
				if target == nil || target.leadsTo(o, map[*object]bool{}) {
					continue
				}
				if o.refs[a.Name] == nil {
					o.refs[a.Name] = map[int64]*object{}
				}
				o.refs[a.Name][id] = target
			}
		}
	}
}

func (o *object) leadsTo(other *object, seen map[*object]bool) bool {
	if o == other {
		return true
	}
	if seen[o] {
		return false
	}
	seen[o] = true
	for _, targets := range o.refs {
		for _, target := range targets {
			if target.leadsTo(other, seen) {
				return true
			}
		}
	}
	return false
}

// numbers are those of a value: a number, or a list or set of them.
func numbers(v attr.Value) []int64 {
	switch v := v.(type) {
	case types.Int64:
		if !v.IsNull() {
			return []int64{v.ValueInt64()}
		}
	case basetypes.ListValue:
		return numbersIn(v.Elements())
	case basetypes.SetValue:
		return numbersIn(v.Elements())
	}
	return nil
}

func numbersIn(elements []attr.Value) []int64 {
	var all []int64
	for _, e := range elements {
		all = append(all, numbers(e)...)
	}
	slices.Sort(all)
	return all
}
