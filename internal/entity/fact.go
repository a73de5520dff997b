package entity

import (
	"context"
	"slices"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
)

// A Fact is one attribute of an entity and all there is to know of it. It is
// built by a constructor for its shape (Text, Integer, Capacity, ...) followed
// by what holds for it, in any order: Text("name").Required().Mutable().
//
// Without a word on who sets it a fact is only read, and since it may change by
// itself it is in the data sources only; Lasting puts it in the resource too.
type Fact struct {
	name  string
	field string
	doc   string
	shape shape
	use   use
	of    *variant

	// How it is made.
	inPath        bool
	afterCreation bool
	unread        bool
	readAtImport  bool
	instruction   bool
	secret        bool
	revealed      bool
	proof         string
	proven        func(ctx context.Context, s *Session, v Values, secret string) bool
	// otherwise is a default that the plan shows.
	otherwise attr.Value

	// How it is read.
	from         func(api.Object) any
	into         func(body api.Object, value any)
	others       []string
	keptBeside   bool
	absentIsNull bool
	lenient      bool
	constant     bool

	// How it is changed.
	mutable        bool
	immutable      bool
	growsOnly      bool
	anew           []*factDanger
	change         func(id string, after Values) []api.Request
	left           func(found api.Object, after Values) []api.Request
	relation       *Relation
	group          string
	sentWith       string
	repeats        []string
	chosenAnewWith []string
	above          string
	level          bool
	gap            int64
	while          *holding
	after          []string

	// What a plan holds it to.
	checks []validator.Describer
	once   []string
	joins  *joining
	to     []string
	danger []*factDanger

	// What listings take it for.
	filterable bool
	sortable   bool
	unqueried  bool

	// said are the words of which a fact takes one, and misuse is what is wrong with them.
	said   []string
	misuse []string
}

// Facts is an entity's table of facts.
type Facts []Fact

// use is who sets a fact.
type use int

const (
	moving    use = iota // the system, in data sources only: what changes by itself, or is seldom needed
	lasting              // the system; it stays as it is once the object exists
	defaulted            // the user may, else the system does
	required             // the user
	optional             // the user may; nobody else does
)

// Relation says how the members of a set are kept where they are no field that
// can be sent, but are added and removed one by one.
type Relation struct {
	// Add and Remove are the operations on one member, as encoded by its shape.
	Add    func(owner string, member any) api.Request
	Remove func(owner string, member any) api.Request
	// Fill adds to the body of Add what only other objects of the system tell, as that of
	// Creation does.
	Fill func(ctx context.Context, s *Session, owner string, member any, body api.Object) error
	// Exclude are the system's codes for members that cannot join beside those who are to
	// leave, which then leave first.
	Exclude []string
	// Around names facts that change when those who leave have left, and before those
	// who join do.
	Around []string
}

// ID is the number that the system gives an object.
func ID() Fact {
	f := Integer("id").Queryable().Doc("The number the system gave the object when it was created.")
	f.use = lasting
	return f
}

// Name is an object's name, by which it can be imported and looked up.
func Name(longest int) Fact {
	f := Text("name").Mutable().Queryable().LongestOf(longest).Doc("The name.")
	f.use = required
	return f
}

// Text is a fact whose values are strings.
func Text(name string) Fact { return Fact{name: name, field: name, shape: text{}} }

// Integer is a fact whose values are whole numbers.
func Integer(name string) Fact { return Fact{name: name, field: name, shape: integer{}} }

// Decimal is a fact whose values are numbers with a fraction.
func Decimal(name string) Fact { return Fact{name: name, field: name, shape: decimal{}} }

// Bool is a fact that is true or false.
func Bool(name string) Fact { return Fact{name: name, field: name, shape: boolean{}} }

// Capacity is a number of bytes, which users write with a unit ("10TB").
func Capacity(name string) Fact {
	return Fact{name: name, field: name, shape: capacity{}, checks: []validator.Describer{capacityCheck{}}}
}

// Moment is a point in time (RFC 3339; milliseconds since 1970 in the API).
func Moment(name string) Fact { return Fact{name: name, field: name, shape: moment{}} }

// Ref is the id of another object of the system; the API's 0 means none.
func Ref(name string) Fact { return Fact{name: name, field: name, shape: integer{none: true}} }

// Enum is one of a few words, which the API takes and gives in capitals.
func Enum(name string, words ...string) Fact {
	f := Text(name)
	f.checks = append(f.checks, oneOf(words))
	f.doc = enumDoc(words)
	return f
}

// Texts is a set of strings, each normalised before it is compared or sent; a
// nil normal takes them as they are.
func Texts(name string, normal func(string) string) Fact {
	return Fact{name: name, field: name, shape: collection{element: text{normal: normal}}}
}

// Integers is a set of whole numbers.
func Integers(name string) Fact {
	return Fact{name: name, field: name, shape: collection{element: integer{}}}
}

// Records is a list of objects within the object. Where a user writes them, their facts
// say what must be written (Required), what may be (Optional), and what is meant where it
// is not (Otherwise).
func Records(name string, of Facts) Fact {
	return Fact{name: name, field: name, shape: collection{element: record{facts: of}, ordered: true}}
}

// Record is an object within the object, of a data source.
func Record(name string, of Facts) Fact {
	return Fact{name: name, field: name, shape: record{facts: of}}
}

// InAnyOrder says of a list of records that their order means nothing to the system, which
// gives them in any: the user's stays.
func (f Fact) InAnyOrder() Fact {
	return shaped(f, "InAnyOrder", func(s collection) shape { s.unsorted = true; return s })
}

// Duration is a time that something takes, which users write as "15m" and the API counts
// in units.
func Duration(name string, unit time.Duration) Fact {
	return Fact{name: name, field: name, shape: duration{unit}, checks: []validator.Describer{durationCheck(unit)}}
}

// OrZero says that the duration can also be "0s", which means none.
func (f Fact) OrZero() Fact {
	s, ok := f.shape.(duration)
	if !ok {
		return needs[duration](f, "OrZero")
	}
	above := durationCheck(s.unit)
	f.checks = append([]validator.Describer{stringCheck{what: above.what, check: func(text string) error {
		if d, err := time.ParseDuration(text); err == nil && d == 0 {
			return nil
		}
		return above.check(text)
	}}}, f.checks[1:]...)
	return f
}

// Pairs are keys with a text each, which an update sends whole. A key whose value is null
// is absent.
func Pairs(name string) Fact { return Fact{name: name, field: name, shape: pairs{}} }

// TextList is a list of texts whose order the system keeps.
func TextList(name string) Fact {
	return Fact{name: name, field: name, shape: collection{element: text{}, ordered: true}}
}

// IntegerList is a list of whole numbers whose order the system keeps.
func IntegerList(name string) Fact {
	return Fact{name: name, field: name, shape: collection{element: integer{}, ordered: true}}
}

// Secret is a text that is sent and never read back. It becomes two attributes:
// NAME_wo, which Terraform keeps in no state and no plan, and NAME_wo_version,
// whose change sends the secret again. proof names the boolean field by which
// the system tells that it has the secret, so that its loss is seen.
func Secret(name, proof string) Fact {
	return Fact{name: name, field: name, shape: text{}, use: optional, secret: true, mutable: true, proof: proof}
}

// Revealed is a secret that the system tells once, in the answer of the creation. It is
// the user's own (NAME_wo, with NAME_wo_version), or one that the system makes; this is
// in the state, as NAME, only where the user says so: store_generated_NAME = true.
// Without either, no object is made. A new one replaces the object unless the fact is
// Mutable.
func Revealed(name string) Fact {
	return Fact{name: name, field: name, shape: text{}, use: optional, secret: true, revealed: true}
}

// Proven says how to tell that an object has a secret already, for systems that refuse to
// be given again what it has: after an answer that was lost, or an import.
func (f Fact) Proven(by func(ctx context.Context, s *Session, v Values, secret string) bool) Fact {
	f.proven = by
	return f
}

// Doc is what the docs say of the fact. On an Enum the words follow.
func (f Fact) Doc(doc string) Fact {
	if f.doc != "" && len(f.checks) > 0 {
		if one, ok := f.checks[0].(oneOf); ok {
			f.doc = doc + " " + enumDoc(one)
			return f
		}
	}
	f.doc = doc
	return f
}

// Field is the fact's name in the API, where it is another than in Terraform. A
// field of an object within the object is a path: "svm.uuid".
func (f Fact) Field(name string) Fact { f.field = name; return f }

// Required says that the user must set it.
func (f Fact) Required() Fact { return f.setBy(required, "Required") }

// Optional says that the user may set it, and that it is absent otherwise.
func (f Fact) Optional() Fact { return f.setBy(optional, "Optional") }

// Defaulted says that the user may set it; the system does otherwise.
func (f Fact) Defaulted() Fact { return f.setBy(defaulted, "Defaulted") }

// Lasting says that the system sets it once and it stays.
func (f Fact) Lasting() Fact { return f.setBy(lasting, "Lasting") }

func (f Fact) setBy(u use, word string) Fact {
	f.use = u
	return f.say("who sets it", word)
}

// Otherwise is what a fact of a record is where the user does not say it.
func (f Fact) Otherwise(value any) Fact {
	f.use, f.otherwise = defaulted, valueOf(value)
	return f.say("who sets it", "Otherwise")
}

// Of says that the fact exists only of objects of which another one, an Enum, has one of
// the values. Of these it must be set, or may, as is said of it; of all others it is
// null, and refused: Integer("vlan").Required().Of("type", "VLAN").
func (f Fact) Of(other string, values ...string) Fact {
	f.of = &variant{by: other, values: values}
	return f.say("of which objects it is", "Of")
}

// OrOf says of which objects the fact is too, beside those of Of: a password of those that
// have a user, or that are locked.
func (f Fact) OrOf(other string, values ...string) Fact {
	if f.of == nil {
		return f.misused("OrOf says what else it is of, and there is no Of before it")
	}
	of := *f.of
	of.or = append(slices.Clip(of.or), variant{by: other, values: values})
	f.of = &of
	return f
}

// InPath says that the fact is part of a request's path and not of its body.
func (f Fact) InPath() Fact { f.inPath = true; return f }

// AfterCreation says that creation does not take the fact: it is sent by an update right
// after, where the object does not already have it.
func (f Fact) AfterCreation() Fact { f.afterCreation = true; return f }

// Unread says that creation takes the fact, and that the system never tells it again.
func (f Fact) Unread() Fact { f.unread = true; return f }

// ReadAtImport says, of a fact that is Unread, that the system tells how things are by now: an
// import takes that, so that a configuration which says it, or nothing, changes nothing. One
// that says something else does not replace an imported object: with what it was made, nobody
// knows.
func (f Fact) ReadAtImport() Fact { f.readAtImport = true; return f }

// Instruction says that the fact is the user's word on how requests are made, and nothing
// that the object has: it is neither sent by itself nor read.
func (f Fact) Instruction() Fact { f.instruction = true; return f }

// From says how to read the fact where it is no plain field of the object. It
// may look at the fact's own field, and at the others that are named.
func (f Fact) From(read func(api.Object) any, others ...string) Fact {
	f.from, f.others = read, others
	return f.say("how it is read", "From")
}

// Into says how the fact is put into a request's body where it is no plain field of the
// object: the counterpart of From. A value of nil is none.
func (f Fact) Into(put func(body api.Object, value any)) Fact {
	f.into = put
	return f.say("how it is sent", "Into")
}

// KeptBeside says that the API keeps the fact beside the object: Reading.Beside adds it
// to an object that is read, and the answers of changes are without it.
func (f Fact) KeptBeside() Fact { f.keptBeside = true; return f }

// AbsentIsNull says that the system leaves the field out of its answers where there is
// nothing: what it does not speak of is null.
func (f Fact) AbsentIsNull() Fact { f.absentIsNull = true; return f }

// Lenient says that no example shows what the system answers: what is of another form than
// is believed tells nothing.
func (f Fact) Lenient() Fact { f.lenient = true; return f }

// Mutable says that an update can change it; otherwise a change replaces the
// object.
func (f Fact) Mutable() Fact { f.mutable = true; return f }

// Immutable says that a change replaces the object, of a fact that is Mutable for others.
func (f Fact) Immutable() Fact { f.immutable = true; return f }

// ReplacedWhen says which changes replace the object, of a fact that is Mutable
// otherwise: ReplacedWhen(Becomes("ACTIVE_ACTIVE"), Was("ACTIVE_ACTIVE")). A value that is
// known only after apply may be such a one, and replaces it too.
func (f Fact) ReplacedWhen(changes ...Condition) Fact {
	for _, condition := range changes {
		f.anew = append(slices.Clip(f.anew), condition(f))
	}
	return f.say("what replaces the object", "ReplacedWhen")
}

// GrowsOnly says that a capacity can be raised in place and never lowered.
func (f Fact) GrowsOnly() Fact {
	f.mutable, f.growsOnly = true, true
	return needs[capacity](f, "GrowsOnly")
}

// ChangedBy says that a change has an operation of its own.
func (f Fact) ChangedBy(operation func(id string, after Values) api.Request) Fact {
	return f.changedBy("ChangedBy", func(id string, after Values) []api.Request { return []api.Request{operation(id, after)} })
}

// ChangedByEach says that a change takes several operations, one after the other,
// of which each can be repeated.
func (f Fact) ChangedByEach(operations func(id string, after Values) []api.Request) Fact {
	return f.changedBy("ChangedByEach", operations)
}

func (f Fact) changedBy(word string, operations func(id string, after Values) []api.Request) Fact {
	f.mutable, f.change = true, operations
	return f.say("how it is changed", word)
}

// ChangedUntil says that a change takes operations that depend on what is there: left tells,
// of the object as it is found, those that are left, and none when all is done. It is asked
// again after an answer that was lost.
func (f Fact) ChangedUntil(left func(found api.Object, after Values) []api.Request) Fact {
	f.mutable, f.left = true, left
	return f.say("how it is changed", "ChangedUntil")
}

// Members says that the set's elements are added and removed one by one, the first of
// them after creation.
func (f Fact) Members(r Relation) Fact {
	f.mutable, f.afterCreation, f.relation = true, true, &r
	return needs[collection](f, "Members").say("how it is changed", "Members")
}

// InGroup names the group of facts that one update may send together, where the
// system otherwise takes one field at a time (Update.OneByOne).
func (f Fact) InGroup(group string) Fact { f.group = group; return f.say("its group", "InGroup") }

// SentWith says, of a secret, that the operation which changes another fact takes it along,
// as its NAME_wo among the values, and that a new version carries that operation out again.
func (f Fact) SentWith(other string) Fact {
	f.sentWith = other
	return f.say("what it is sent with", "SentWith")
}

// Repeats names facts that an update which changes this one sends along with it, because
// the system would choose them anew otherwise: with the values that the system has then.
func (f Fact) Repeats(names ...string) Fact { f.repeats = append(f.repeats, names...); return f }

// ChosenAnewWith names facts whose change lets the system choose this one anew where
// the user does not set it.
func (f Fact) ChosenAnewWith(names ...string) Fact {
	f.chosenAnewWith = append(f.chosenAnewWith, names...)
	return f
}

// Above says that the number, capacity or duration must be above another one, also on
// the way: the two are raised from the top and lowered from below.
func (f Fact) Above(other string) Fact { f.above = other; return f.say("what it is above", "Above") }

// NotBelow is Above where the two may also be the same, and where 0 is no limit: that is
// above all.
func (f Fact) NotBelow(other string) Fact {
	f.above, f.level = other, true
	return f.say("what it is above", "NotBelow")
}

// By says how far above the other it must be at least, as that is counted: in bytes, or
// whole numbers.
func (f Fact) By(gap int64) Fact { f.gap = gap; return f.say("how far above it is", "By") }

// While says that the fact changes only while another one has a value.
func (f Fact) While(other string, value any) Fact {
	f.while = &holding{other, valueOf(value)}
	return f.say("what it changes only during", "While")
}

// holding is a fact with a value.
type holding struct {
	name  string
	value attr.Value
}

// After says that the fact is set after others are, and unset before.
func (f Fact) After(others ...string) Fact { f.after = append(f.after, others...); return f }

// OncePer says that no two objects have the same, of those with the same owners; a
// set's members each by itself. Owners may be none: then it is so among all of the
// kind. A boolean is true of one of them, and false of the one that had it before.
func (f Fact) OncePer(owners ...string) Fact {
	f.once = append([]string{}, owners...)
	return f.say("what it is there once in", "OncePer")
}

// Joins says that the values are in the object whose id the attribute owner has, by a
// relation that other kinds state too: a cluster's set of hosts, and the membership of
// one host. All that state it name it alike. OncePer holds across these kinds: what is
// in one place is in no other. And a set that a configuration states is the whole:
// resources of single members are not for the same owner. A set that no configuration
// states is nobody's claim on what others put into it.
func (f Fact) Joins(relation, owner string) Fact {
	f.once, f.joins = []string{}, &joining{relation, owner}
	return f.say("what it is there once in", "Joins")
}

// To says that the fact is the id of another object, or a set of such ids: of one of
// the kinds that are named, which have one collection. What is not there is refused at
// plan, and named where the system refuses it.
func (f Fact) To(kinds ...string) Fact { f.to = kinds; return f.say("what it refers to", "To") }

// InSeconds says that the API counts a point in time in seconds since 1970.
func (f Fact) InSeconds() Fact {
	return shaped(f, "InSeconds", func(s moment) shape { s.inSeconds = true; return s })
}

// RoundedTo says that the system rounds a capacity up to a multiple of unit
// bytes.
func (f Fact) RoundedTo(unit int64) Fact {
	return shaped(f, "RoundedTo", func(s capacity) shape { s.unit = unit; return s })
}

// OrUnlimited says that the capacity can also be "unlimited".
func (f Fact) OrUnlimited() Fact {
	return shaped(f, "OrUnlimited", func(s capacity) shape { s.unlimited = true; return s }).
		capacity(func(c *capacityCheck) { c.unlimited = true })
}

// InBlocksOf says that a capacity must be a multiple of that many bytes.
func (f Fact) InBlocksOf(block int64) Fact {
	return needs[capacity](f, "InBlocksOf").capacity(func(c *capacityCheck) { c.block = block })
}

// AtLeast is the smallest capacity that is accepted, e.g. "1GB".
func (f Fact) AtLeast(smallest string) Fact {
	bytes, err := ParseCapacity(smallest)
	if err != nil {
		return f.misused("AtLeast: " + err.Error())
	}
	return needs[capacity](f, "AtLeast").capacity(func(c *capacityCheck) { c.smallest = bytes })
}

// Ignoring says that values are compared in their normal form.
func (f Fact) Ignoring(normal func(string) string) Fact {
	return shaped(f, "Ignoring", func(s text) shape { s.normal = normal; return s })
}

// AsWritten says that values, or the members of a set of texts, are sent as the user wrote
// them, and compared in their normal form.
func (f Fact) AsWritten() Fact {
	if s, several := f.shape.(collection); several {
		element, ok := s.element.(text)
		if !ok {
			return f.misused("AsWritten is for texts")
		}
		element.asWritten = true
		s.element = element
		f.shape = s
		return f
	}
	return shaped(f, "AsWritten", func(s text) shape { s.asWritten = true; return s })
}

// Filterable says that listings can be filtered by it.
func (f Fact) Filterable() Fact { f.filterable = true; return f }

// Queryable says that listings can be filtered and sorted by it.
func (f Fact) Queryable() Fact { f.filterable, f.sortable = true, true; return f }

// Unqueried says that listings take it neither to filter nor to sort, of a fact that is
// Queryable for others.
func (f Fact) Unqueried() Fact { f.unqueried = true; return f }

// Unqueried are the facts where listings take none of them to filter nor to sort.
func (fs Facts) Unqueried() Facts {
	all := slices.Clone(fs)
	for i, f := range all {
		all[i] = f.Unqueried()
	}
	return all
}

// Join makes one table of several, for facts that entities share.
func Join(tables ...Facts) Facts { return slices.Concat(tables...) }
