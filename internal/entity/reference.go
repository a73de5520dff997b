package entity

import (
	"context"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
)

// references is what one plan has found out of the objects that it refers to.
type references struct {
	mu    sync.Mutex // held while the system is asked, so that one listing answers for all
	found map[string]bool
}

// planReferences refuses what refers to an object that is not there: systems choose the
// ids, so that no operation of a plan makes the object of an id that is known already.
// In an apply nothing is asked: the operation that follows tells.
func (r *managed) planReferences(ctx context.Context, p *Plan) {
	if p.diags.HasError() || p.Applying() {
		return
	}
	for _, f := range r.kind.resourceFacts() {
		if f.to == nil || !p.Changes(f.name) || !p.Config.Known(f.name) || !p.After.Known(f.name) {
			continue
		}
		for _, id := range f.newIDs(p) {
			if id == 0 && f.use != required || p.Session.refersTo(ctx, f, id) {
				continue
			}
			noun := p.Session.noun(f)
			summary := fmt.Sprintf("There is no %s with the id %d", noun, id)
			detail := fmt.Sprintf("%s asks for it by %s. Check the id. To refer to one that is made in this configuration, write its resource's id, not a number.",
				sentenceCase(r.kind.named(p.After)), f.name)
			if p.Session.gone.Load() {
				p.Warn(summary, detail+"\n\nObjects of this state were deleted outside of Terraform since it was last applied, so this plan goes on.")
				continue
			}
			p.Refuse(f.name, summary, detail)
		}
	}
}

// newIDs are the ids that a plan wants in the fact and the object does not have.
func (f Fact) newIDs(p *Plan) []int64 {
	set, several := f.shape.(collection)
	if !several {
		return []int64{p.After.Int(f.name)}
	}
	members := elementsOf(p.After[f.name])
	if p.Before != nil && !p.Replaced {
		members = set.minus(members, elementsOf(p.Before[f.name]))
	}
	return idsIn(members)
}

func idsIn(members []attr.Value) []int64 {
	var ids []int64
	for _, m := range members {
		if n, ok := m.(types.Int64); ok && !n.IsNull() && !n.IsUnknown() {
			ids = append(ids, n.ValueInt64())
		}
	}
	return ids
}

// namedFully is an object in a sentence. One without a name is known by what it refers
// to, which is read, batched: "LUN of volume "db" (id 1001) and host "h1" (id 1000)".
func (k *Kind) namedFully(ctx context.Context, s *Session, v Values) string {
	if k.hasLabel() {
		return k.named(v)
	}
	var of []string
	for _, name := range k.key() {
		f, _ := k.Facts.find(name)
		kinds := s.kindsOf(f)
		if len(kinds) == 0 || !kinds[0].hasLabel() || !v.Known(name) {
			continue
		}
		o, err := s.Client.Read(ctx, kinds[0].Path, strconv.FormatInt(v.Int(name), 10), []string{idName, kinds[0].labelField()})
		if err != nil {
			return k.named(v)
		}
		of = append(of, kinds[0].named(Values{idName: v[name], kinds[0].label(): types.StringValue(kinds[0].labelIn(o))}))
	}
	if len(of) == 0 {
		return k.named(v)
	}
	return k.title() + " of " + strings.Join(of, " and ")
}

// otherKind says of what other kind the object of an id is, where it is of none that is
// asked for: a snapshot is in the collection of volumes.
func (k *Kind) otherKind(ctx context.Context, s *Session, v Values) string {
	if len(k.Identity.Match) == 0 || !k.keyedByID() || !v.Known(idName) {
		return ""
	}
	id := plain(v[idName])
	o, err := s.Client.Read(api.Fresh(ctx), k.path(v), url.PathEscape(id), nil)
	if err != nil {
		return ""
	}
	for _, other := range s.kinds {
		if other != k && other.Path == k.Path && other.IsManaged() && len(other.Identity.Match) > 0 && other.belongs(o) {
			return fmt.Sprintf("%s is %s %q: import it as %s.", id, article(other.title()), other.labelIn(o), other.typeName())
		}
	}
	return ""
}

// noun is what a reference is to: "volume or volume snapshot".
func (s *Session) noun(f Fact) string {
	nouns := make([]string, 0, len(f.to))
	for _, k := range s.kindsOf(f) {
		nouns = append(nouns, k.title())
	}
	return strings.Join(nouns, " or ")
}

func (s *Session) kindsOf(f Fact) []*Kind {
	var kinds []*Kind
	for _, name := range f.to {
		for _, k := range s.kinds {
			if k.Name == name {
				kinds = append(kinds, k)
			}
		}
	}
	return kinds
}

// refersTo reports whether the object of an id is there, as far as can be told. One that
// this run has planned is; the others are read, batched.
func (s *Session) refersTo(ctx context.Context, f Fact, id int64) bool {
	kinds := s.kindsOf(f)
	if len(kinds) == 0 {
		return true
	}
	if id < 1 {
		return false
	}
	for _, k := range kinds {
		if s.ledger().manages(k.keyText(Values{idName: types.Int64Value(id)})) {
			return true
		}
	}
	key := kinds[0].Path + "/" + strconv.FormatInt(id, 10)
	seen := Note[references](s, "references")
	seen.mu.Lock()
	defer seen.mu.Unlock()
	there, asked := seen.found[key]
	if !asked {
		there = s.isThere(ctx, kinds[0], id)
		if seen.found == nil {
			seen.found = map[string]bool{}
		}
		seen.found[key] = there
	}
	return there
}

// isThere asks for an object; what cannot be told counts as there.
func (s *Session) isThere(ctx context.Context, k *Kind, id int64) bool {
	_, err := s.Client.Read(ctx, k.Path, url.PathEscape(strconv.FormatInt(id, 10)), []string{idName})
	return api.ReasonOf(err) != api.NotFound
}

// missing says which of the objects that v refers to are not there: systems say that
// there is no pool, and not which.
func (k *Kind) missing(ctx context.Context, s *Session, v Values) string {
	var lines []string
	for _, f := range k.resourceFacts() {
		kinds := s.kindsOf(f)
		if len(kinds) == 0 || !v.Known(f.name) {
			continue
		}
		ids := []int64{v.Int(f.name)}
		if _, several := f.shape.(collection); several {
			ids = idsIn(elementsOf(v[f.name]))
		}
		for _, id := range ids {
			if id != 0 && !s.isThere(api.Fresh(ctx), kinds[0], id) {
				lines = append(lines, fmt.Sprintf("%s: there is no %s with the id %d.", f.name, s.noun(f), id))
			}
		}
	}
	return strings.Join(lines, "\n")
}
