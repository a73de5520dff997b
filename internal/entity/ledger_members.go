package entity

import (
	"context"
	"fmt"
	"iter"
	"slices"
)

// joining is a relation that several kinds state, and the attribute that names the
// object which is joined.
type joining struct{ relation, owner string }

// statements are who says whom one object has for members, by kind and owner. Those of
// one kind get on with each other: with thousands of members, only the other kinds are
// looked at.
type statements map[*Kind]map[string]claimed

func (s statements) add(c claimed) {
	if s[c.kind] == nil {
		s[c.kind] = map[string]claimed{}
	}
	s[c.kind][c.owner] = c
}

func (s statements) forget(owner string) {
	for _, of := range s {
		delete(of, owner)
	}
}

// otherwise are the statements of other kinds.
func (s statements) otherwise(than *Kind) iter.Seq[claimed] {
	return func(yield func(claimed) bool) {
		for kind, of := range s {
			if kind == than {
				continue
			}
			for _, c := range of {
				if !yield(c) {
					return
				}
			}
		}
	}
}

// joinClaims are what a fact claims of the object that its values join: which members
// there are, and, as a set, that these stay.
func (f Fact) joinClaims(v Values) []claim {
	if !v.Known(f.joins.owner) {
		return nil
	}
	all := []claim{{key: "members " + f.joins.relation + "\x00" + plain(v[f.joins.owner]), attribute: f.name, sort: wholeOrPart}}
	if set, ok := f.shape.(collection); ok {
		for _, member := range elementsOf(v[f.name]) {
			if !member.IsNull() && !member.IsUnknown() {
				all = append(all, f.membership(v, set.meaning(member)))
			}
		}
	}
	return all
}

// leaves are the memberships that end with what a plan deletes.
func (k *Kind) leaves(p *Plan) []claim {
	var all []claim
	if p.Before == nil || p.After != nil && !p.Replaced {
		return nil
	}
	for _, f := range k.Facts {
		if f.joins != nil && !isCollection(f) && p.Before.Known(f.name) && p.Before.Known(f.joins.owner) {
			all = append(all, f.membership(p.Before, plain(p.Before[f.name])))
		}
	}
	return all
}

// made notes the members of an object that has its id only now, for those of whom
// Terraform asks after it.
func (l *ledger) made(ctx context.Context, k *Kind, w *writing) {
	if slices.ContainsFunc(k.Facts, func(f Fact) bool { return f.joins != nil && isCollection(f) }) {
		l.note(ctx, k, &Plan{After: w.held, Config: w.config, owner: k.keyText(w.held)})
	}
}

func (f Fact) membership(v Values, member string) claim {
	return claim{
		key:       "member " + f.joins.relation + "\x00" + plain(v[f.joins.owner]) + "\x00" + member,
		attribute: f.name, value: member, sort: staysOrGoes,
	}
}

// asSetAndPart tells the set among two who state members of one object from the
// resource of a single one.
func asSetAndPart(one, other claimed) (set, part claimed) {
	if f, _ := one.kind.Facts.find(one.claim.attribute); isCollection(f) {
		return one, other
	}
	return other, one
}

// statedTwice is the refusal of members that are stated as a set and one by one.
func statedTwice(mine, other claimed) *message {
	set, part := asSetAndPart(mine, other)
	return &message{
		fmt.Sprintf("The members of one %s are stated in two ways", set.kind.title()),
		fmt.Sprintf("%s has %s, which says that it has these members and no others; and %s says so of one. Each apply would undo what the other has done. "+
			"Leave %s out and have a %s for each member; or take the resources of single members out of the configuration, and with a removed block that has destroy = false out of the state, and state all by %s.",
			sentenceCase(set.kind.named(set.named)), set.claim.attribute, part.kind.typeName(), set.claim.attribute, part.kind.typeName(), set.claim.attribute),
	}
}

// takenOut is the refusal of a deletion that takes out what a set keeps.
func takenOut(mine, other claimed) *message {
	set, part := asSetAndPart(mine, other)
	return &message{
		fmt.Sprintf("%s goes, and %s keeps it", sentenceCase(part.kind.named(part.named)), set.claim.attribute),
		fmt.Sprintf("%s keeps what it has by its %s, %s too: once the deletion has taken that out, nothing would add it again. Take the %s out of the state alone: with a removed block that has destroy = false.",
			sentenceCase(set.kind.named(set.named)), set.claim.attribute, set.claim.value, part.kind.typeName()),
	}
}

// elsewhere says how a member gets out of a set that no configuration states.
func elsewhere(unsaid claimed) string {
	if f, _ := unsaid.kind.Facts.find(unsaid.claim.attribute); f.joins == nil {
		return ""
	}
	return " Where the resource of a single member is to take it out, let that be an apply of its own before this one."
}
