package entity

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/attr"
)

// ledger is what the resources of one plan have and want. What two of them cannot
// both have is refused, whatever the order of their operations: one object under two
// addresses, one name for two objects. What one has now and gives up is no matter: at
// apply the other waits for it.
type ledger struct {
	mu      sync.Mutex
	calls   int
	objects map[string]held
	claims  map[string][]claimed
	stated  map[string]statements // the claims that say whom an object has for members
	owned   map[string][]string   // the claims of each owner
	moves   map[string]string     // by what an object gives up, what it gets in its place, or what that leads to
}

// held is the use that a plan makes of an object that is there.
type held struct {
	call    *call
	deletes bool
}

// claimed is who wants something, and the object as it is named.
type claimed struct {
	owner string
	kind  *Kind
	named Values
	claim claim
	// unsaid says that it is wanted because it is there, and no configuration says so.
	unsaid bool
}

// call is one request of Terraform for a plan, which may be looked at twice.
type call struct{ _ byte }

type callKey struct{}

// withCall marks a context as that of one request for a plan.
func withCall(ctx context.Context) context.Context {
	if ctx.Value(callKey{}) != nil {
		return ctx
	}
	return context.WithValue(ctx, callKey{}, &call{})
}

func callOf(ctx context.Context) *call {
	c, _ := ctx.Value(callKey{}).(*call)
	return c
}

// claim is what no two objects can have: a value of an attribute, or to be the object
// that the key names, where it is of no attribute.
type claim struct {
	key, attribute, value string
	sort                  claimSort
}

// claimSort is what is claimed, and of whom.
type claimSort int

const (
	alone        claimSort = iota // what no other object has
	aloneInPlace                  // alone, of all kinds that state where it is
	wholeOrPart                   // who is in an object, of kinds that state it otherwise
	staysOrGoes                   // whether one stays in it, of kinds that state it otherwise
	passesOn                      // what an object has until another gets it
)

// claims are what an object wants to have that no two can have, as far as it is
// known: its name, what it is known by where users say that, and what the page says
// is there once.
func (k *Kind) claims(v Values) []claim {
	all := make([]claim, 0, 2)
	// A label that says itself of whom it is there once is claimed as any fact.
	if label, _ := k.Facts.find(k.label()); k.hasLabel() && label.once == nil && k.keyedByID() && v.Known(k.label()) && !k.ownersUnknown(v) {
		name := v.Text(k.label())
		all = append(all, claim{key: "name " + k.path(v) + k.within(v) + "\x00" + strings.ToLower(name), attribute: k.label(), value: name})
	}
	if k.keyedByUser() && k.keyKnown(v) {
		all = append(all, claim{key: "key " + k.keyText(v)})
	}
	if k.isOne() {
		all = append(all, claim{key: "key " + k.typeName()})
	}
	if k.isBuiltIn(v) {
		all = append(all, claim{key: "key " + k.typeName() + " " + v.Text(k.BuiltIn.By)})
	}
	for _, f := range k.Facts {
		if f.joins != nil {
			all = append(all, f.joinClaims(v)...)
		}
		if f.once != nil {
			all = append(all, f.claims(k, v)...)
		}
	}
	if k.hasMetadata() && v.Known(k.carrier()) {
		for key := range pairsOf(v[metadataAllName]) {
			all = append(all, claim{key: "pair " + plain(v[k.carrier()]) + "\x00" + key, attribute: metadataName, value: key})
		}
	}
	return all
}

// claims are what a fact wants that is there once, or once for each of its owners.
func (f Fact) claims(k *Kind, v Values) []claim {
	parts, sort := []string{k.Path, f.name}, alone
	if f.joins != nil {
		parts, sort = []string{f.joins.relation}, aloneInPlace
	}
	for _, owner := range f.once {
		if v[owner] == nil || v[owner].IsUnknown() {
			return nil
		}
		part := plain(v[owner])
		if _, isCollection := v[owner].(interface{ Elements() []attr.Value }); isCollection {
			part = v[owner].String()
		}
		parts = append(parts, part)
	}
	scope := strings.Join(parts, "\x00")
	set, ok := f.shape.(collection)
	if !ok {
		if !v.Known(f.name) {
			return nil
		}
		if _, isFlag := f.shape.(boolean); isFlag {
			if !v.Bool(f.name) {
				return nil
			}
			sort = passesOn
		}
		meaning := plain(v[f.name])
		if t, isText := f.shape.(text); isText {
			meaning = t.normalise(meaning)
		}
		return []claim{{key: scope + "\x00" + meaning, attribute: f.name, value: plain(v[f.name]), sort: sort}}
	}
	var all []claim
	for _, member := range elementsOf(v[f.name]) {
		if !member.IsNull() && !member.IsUnknown() {
			meaning := set.meaning(member)
			all = append(all, claim{key: scope + "\x00" + meaning, attribute: f.name, value: meaning, sort: sort})
		}
	}
	return all
}

// within is what a name is unique in, beside the owners: what other kinds call so too is
// no matter then.
func (k *Kind) within(v Values) string {
	if len(k.Identity.NamedIn) == 0 {
		return ""
	}
	parts := []string{"", k.Name}
	for _, name := range k.Identity.NamedIn {
		parts = append(parts, plain(v[name]))
	}
	return strings.Join(parts, "\x00")
}

// carrier is the attribute that tells the object on which the metadata is kept.
func (k *Kind) carrier() string {
	if len(k.Identity.Key) == 1 {
		return k.Identity.Key[0]
	}
	return idName
}

// claimed are the attributes that claims look at.
func (k *Kind) claimed() []string {
	names := append(append(k.key(), k.parents()...), k.Identity.NamedIn...)
	if k.hasLabel() {
		names = append(names, k.label())
	}
	if k.BuiltIn.By != "" {
		names = append(names, k.BuiltIn.By)
	}
	for _, f := range k.resourceFacts() {
		if f.once != nil {
			names = append(append(names, f.name), f.once...)
		}
		if f.joins != nil {
			names = append(names, f.joins.owner)
		}
	}
	return names
}

// keyedByUser reports whether users say what identifies an object.
func (k *Kind) keyedByUser() bool {
	if len(k.Identity.Key) == 0 || k.isOne() {
		return false
	}
	for _, name := range k.Identity.Key {
		if f, _ := k.Facts.find(name); !f.settable() {
			return false
		}
	}
	return true
}

// keyKnown reports whether all of what identifies an object is known.
func (k *Kind) keyKnown(v Values) bool {
	for _, name := range k.key() {
		if v[name] == nil || v[name].IsUnknown() {
			return false
		}
	}
	return true
}

// ownersUnknown reports whether it is not known yet within what a name is unique.
func (k *Kind) ownersUnknown(v Values) bool {
	for _, name := range k.parents() {
		if !v.Known(name) {
			return true
		}
	}
	return slices.ContainsFunc(k.Identity.NamedIn, v.Unknown)
}

func (s *Session) ledger() *ledger { return Note[ledger](s, "ledger") }

// note writes down what a plan does, and returns what it cannot. Written says that the
// configuration itself asks for that, whatever others have changed.
func (l *ledger) note(ctx context.Context, k *Kind, p *Plan) (trouble *message, at string, written bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.objects == nil {
		l.objects, l.claims, l.stated = map[string]held{}, map[string][]claimed{}, map[string]statements{}
		l.owned, l.moves = map[string][]string{}, map[string]string{}
	}
	if p.Before != nil && k.keyKnown(p.Before) {
		id, mine := k.keyText(p.Before), held{callOf(ctx), p.After == nil}
		other, taken := l.objects[id]
		if taken && other.call != mine.call && !(other.deletes && mine.deletes) {
			return k.twoAddresses(p.Before), "", true
		}
		l.objects[id] = mine
	}
	if p.owner == "" {
		l.calls++
		p.owner = "new " + strconv.Itoa(l.calls)
	}
	l.forget(p.owner, p.Second)
	v := p.Before
	if v == nil {
		v = p.After
	}
	var all []claim
	if p.After != nil {
		all = k.claims(p.After)
	}
	for _, c := range append(all, k.leaves(p)...) {
		mine := claimed{p.owner, k, v, c, k.unsaid(c, p)}
		for other := range l.rivals(mine) {
			if trouble == nil && mine.clashes(other) {
				trouble, at = k.twice(mine, other)
				written = !mine.unsaid && !other.unsaid
			}
		}
		l.add(mine)
	}
	if trouble == nil && p.Before != nil && p.After != nil && !p.Replaced {
		trouble, at = l.move(k, p)
	}
	return trouble, at, written
}

// forget takes back what an owner has claimed. What is told of an object that is
// replaced holds also when its successor is planned.
func (l *ledger) forget(owner string, replaced bool) {
	for _, key := range l.owned[owner] {
		l.stated[key].forget(owner)
		l.claims[key] = slices.DeleteFunc(l.claims[key], func(c claimed) bool {
			return c.owner == owner && !(replaced && c.claim.sort == staysOrGoes)
		})
	}
	if !replaced {
		delete(l.owned, owner)
	}
}

// rivals are those who claim the same.
func (l *ledger) rivals(mine claimed) iter.Seq[claimed] {
	if mine.claim.sort == wholeOrPart {
		return l.stated[mine.claim.key].otherwise(mine.kind)
	}
	return slices.Values(l.claims[mine.claim.key])
}

func (l *ledger) add(mine claimed) {
	key := mine.claim.key
	l.owned[mine.owner] = append(l.owned[mine.owner], key)
	if mine.claim.sort != wholeOrPart {
		l.claims[key] = append(l.claims[key], mine)
		return
	}
	if l.stated[key] == nil {
		l.stated[key] = statements{}
	}
	l.stated[key].add(mine)
}

// unsaid reports whether no configuration says what is claimed.
func (k *Kind) unsaid(c claim, p *Plan) bool {
	if c.attribute == "" || p.Config == nil {
		return false
	}
	f, isFact := k.Facts.find(c.attribute)
	return (!isFact || f.use == defaulted) && p.Config.Null(c.attribute)
}

// clashes reports whether two who claim the same cannot both have it. What is in a
// place because others have put it there is no claim against who says so.
func (c claimed) clashes(other claimed) bool {
	switch {
	case c.claim.sort == alone:
		return true
	case c.claim.sort == passesOn:
		return !c.unsaid && !other.unsaid
	case c.kind == other.kind:
		return c.claim.sort == aloneInPlace
	}
	return !c.unsaid && !other.unsaid
}

// move notes what an object gets in place of what it gives up, where it stays the
// object that it is, and refuses a circle: each of the objects would have to give up
// what it has before it can get what it is to have.
func (l *ledger) move(k *Kind, p *Plan) (trouble *message, at string) {
	was := map[string]claim{}
	for _, c := range k.claims(p.Before) {
		if c.sort <= aloneInPlace {
			was[c.attribute] = c
		}
	}
	for _, to := range k.claims(p.After) {
		from, had := was[to.attribute]
		f, _ := k.Facts.find(to.attribute)
		if _, several := f.shape.(collection); !had || several || to.sort > aloneInPlace || to.attribute == metadataName || from.key == to.key {
			continue
		}
		if l.end(to.key) == from.key {
			name := f.changesIn(p)
			return k.circle(name, plain(p.After[name]), p.Before), name
		}
		l.moves[from.key] = to.key
	}
	return nil, ""
}

// end is what moves lead to from what is to be had. Each that passes shortens the way for
// those who come after it: the renames of a long row make one way.
func (l *ledger) end(key string) string {
	for {
		next, moves := l.moves[key]
		if !moves {
			return key
		}
		if after, further := l.moves[next]; further {
			l.moves[key] = after
		}
		key = next
	}
}

// changesIn is the attribute of what is there once that a plan changes: its own, or that of
// an owner, such as the host of a port.
func (f Fact) changesIn(p *Plan) string {
	for _, name := range f.once {
		if !p.After[f.name].Equal(p.Before[f.name]) {
			break
		}
		if !p.After[name].Equal(p.Before[name]) {
			return name
		}
	}
	return f.name
}

// circle is the refusal of objects that are to exchange what only one can have.
func (k *Kind) circle(attribute, value string, v Values) *message {
	return &message{
		fmt.Sprintf("An exchange of %s cannot be made in one apply", attribute),
		fmt.Sprintf("%s is to have %s %q, which another object gives up only for what this one has now, or for what leads back to it. "+
			"No object can give up its %s before it gets another. Give one of them a third %s, apply that, and then the one that it is to have.",
			sentenceCase(k.named(v)), attribute, value, attribute, attribute),
	}
}

// manages reports whether another resource of this run is an object.
func (l *ledger) manages(key string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	_, known := l.objects[key]
	return known
}

// twoAddresses is the refusal of a state in which two resources are one object.
func (k *Kind) twoAddresses(v Values) *message {
	return &message{
		"Two resources are one object",
		fmt.Sprintf("Another resource of this configuration, or of its state, is %s too: it was imported twice, or one relation was written twice. "+
			"What is done to one of them is done to both. Take one of the two out of the state (terraform state rm ADDRESS, or a removed block with destroy = false) and out of the configuration.", k.named(v)),
	}
}

// twice is the refusal of a plan in which two objects want what only one can have, and
// the attribute that it is about.
func (k *Kind) twice(mine, other claimed) (trouble *message, at string) {
	c := mine.claim
	switch {
	case c.attribute == "":
		return &message{
			"Two resources are the same " + k.title(),
			"Another resource of this configuration is it already. Take one of the two out of the configuration. " +
				"Where a resource was only renamed in the configuration, say so with a moved block.",
		}, ""
	case mine.owner == other.owner:
		return &message{
			fmt.Sprintf("%s has %q twice", c.attribute, c.value),
			"Two of its elements are spelled in different ways and mean the same. Leave one of them out.",
		}, c.attribute
	case c.sort == wholeOrPart:
		return statedTwice(mine, other), ""
	case c.sort == staysOrGoes:
		return takenOut(mine, other), ""
	}
	for _, one := range []claimed{mine, other} {
		if one.unsaid {
			return &message{
				fmt.Sprintf("Two resources have %s %q", c.attribute, c.value),
				fmt.Sprintf("%s has it, and keeps what it has, since its configuration does not say %s; and another resource is to get it. Say there what it is to have (%s = [] for nothing).",
					sentenceCase(one.kind.named(one.named)), c.attribute, c.attribute) + elsewhere(one),
			}, c.attribute
		}
	}
	return &message{
		fmt.Sprintf("Two resources have %s %q", c.attribute, c.value),
		fmt.Sprintf("In this configuration, %s has it too, and only one can have it. Change one of the two. "+
			"Where a resource was only renamed in the configuration, say so with a moved block.", other.kind.named(other.named)),
	}, c.attribute
}
