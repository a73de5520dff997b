package entity

import (
	"context"
	"iter"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
)

// Kind is one kind of object that a system manages: its table of facts, and what is its
// own in the life of an object, told in the order of that life. What a page leaves out
// says that the kind does as most do.
type Kind struct {
	// System is the system's name, which begins the names of its types.
	System string
	// Name is singular and Plural its plural, as in storage_SYSTEM_NAME. Without a
	// plural there is no listing.
	Name, Plural string
	// Noun is what a sentence calls it: "LUN". Without it, the name with spaces.
	Noun string
	// Path is the API's collection, e.g. "volumes". Attributes in braces name the
	// owners of objects that live within others: "pools/{pool_id}/things".
	Path string
	// Doc is what the docs say of the kind, in full sentences.
	Doc string
	// Presence says who makes the objects; Made where it is not said.
	Presence Presence
	// BuiltIn tells those objects of a kind that is Made which the system has by itself.
	BuiltIn BuiltIn
	// Metadata says whether objects carry key-value pairs; NoMetadata where it is not said.
	Metadata Metadata
	// Approvable says that the system may want approval of an operation that only it
	// knows to be dangerous; false for most.
	Approvable bool
	// Rules are what a configuration must hold to that concerns several attributes.
	Rules []Rule

	Identity Identity // how an object is known
	Reading  Reading  // how it is read
	Planning Planning // what a plan makes of it
	Creation Creation // how it is made
	Update   Update   // how it is changed
	Deletion Deletion // how it is unmade
	Listing  Listing  // how many are found

	// Explain adds to a refusal what the system knows and its message leaves out; ""
	// where there is nothing to add.
	Explain func(ctx context.Context, s *Session, v Values, err error) string
	// Facts are the attributes.
	Facts Facts
}

// Presence is who makes an object, and with it what Terraform is served of its kind.
type Presence int

const (
	// Made says that Terraform makes and deletes objects.
	Made Presence = iota
	// There says that objects are there already: creating takes over the one that is
	// found and changes it, and destroying gives it back as it was.
	There
	// Only is There of a kind of which there is exactly one, at Path.
	Only
	// Sole is Made of a kind of which there is one or none, at Path.
	Sole
	// ToldOnce is Made of what the system tells in the answer that makes it, and never
	// again: the state alone has it. A refresh leaves it as it is, deleting it sends
	// nothing, and there is no data source.
	ToldOnce
	// Foreign says that others make objects: there are data sources and no resource.
	Foreign
	// Nameless is Foreign where nothing tells one object from another: there is nothing
	// but the plural data source.
	Nameless
)

// BuiltIn are objects that the system has by itself, one for each of some values of a
// fact, an Enum. They are taken over and given back, as objects that are There are;
// Reading.Find finds one by that fact.
type BuiltIn struct {
	By     string
	Values []string
}

// Metadata is whether objects carry key-value pairs, and whose.
type Metadata int

const (
	// NoMetadata says that objects carry no pairs.
	NoMetadata Metadata = iota
	// WithDefaults says that they carry the user's pairs, and the provider's default ones.
	WithDefaults
	// WithoutDefaults says that they carry the user's pairs, and that the provider's
	// default ones are not for them.
	WithoutDefaults
)

// Rule is what a configuration must hold to that concerns several attributes.
type Rule struct {
	names   []string
	exactly bool
}

// ExactlyOne says that the user sets one of the attributes, and no other of them: to make
// an object or to look it up. To confine a listing, at most one.
func ExactlyOne(names ...string) Rule { return Rule{names, true} }

// AtLeastOne says that the user sets one of the attributes, or several.
func AtLeastOne(names ...string) Rule { return Rule{names, false} }

// Identity is how an object is known.
type Identity struct {
	// Key names the attributes that tell an object from all others, for Reading.Find;
	// where it is not said, the id that the system gives, after the owners that the path
	// names, by which PATH/ID is read.
	Key []string
	// NamedBy is the attribute that people know an object by, unique among those of the
	// same owners; "name" where it is not said and there is one.
	NamedBy string
	// NamedIn names the attributes that objects of one name differ in, where it is not only
	// their owners: the account of a user. A data source and an import by name take them
	// too, and are refused where objects of several have the name and they do not say which.
	NamedIn []string
	// Refers are the kinds of the objects whose ids attributes are, where they do not say it
	// by To, nor by their name: {"entity_id": {"volume", "filesystem"}}.
	Refers map[string][]string
	// Taken are the system's codes for such a name that another object has, where its
	// reason does not tell.
	Taken []string
	// Match are the conditions that tell this kind from the others of its collection: a
	// volume is what has type MASTER.
	Match []api.Filter
	// Import is a form of import id that is the kind's own.
	Import Import
}

// Import is a form of import id beyond the id, the name and KEY=VALUE,KEY=VALUE.
type Import struct {
	// Forms says what forms there are: "SVM/POOL".
	Forms string
	// Key reads an import id: it returns what the object is known by.
	Key func(ctx context.Context, s *Session, id string) (Values, error)
	// Told makes an object of its import id, of a kind that is ToldOnce: what is in the id
	// is all that there is to know.
	Told func(id string) (api.Object, error)
	// ID is the import id of an object.
	ID func(v Values) string
}

// Reading is how an object is read.
type Reading struct {
	// Find looks for the object with the key that v holds, or that was asked to be
	// created with v; GET of PATH/ID where it is not said. An object that is not there is
	// an error of Reason NotFound.
	Find func(ctx context.Context, s *Session, v Values) (api.Object, error)
	// Held says that objects are in a list of their owner, where Find has no more to say.
	Held *Held
	// By names the attributes by which the data source finds an object; those of the key,
	// or the name, where it is not said.
	By []string
	// Beside adds to an object what the API keeps beside it, for facts that are Beside.
	Beside func(ctx context.Context, s *Session, o api.Object) error
	// InFull adds to an object what takes requests of its own and is in the data source
	// alone, of a kind without a plural.
	InFull func(ctx context.Context, s *Session, o api.Object) error
	// Deduce sets facts that the system does not tell, as far as other objects tell them,
	// of an object that was not made here: of one that is imported, looked up or listed.
	Deduce func(ctx context.Context, s *Session, v Values) error
	// Noticed says what a refresh has found that is no change of the configuration's, and
	// that its reader should know of; "" where there is nothing.
	Noticed func(prior, found Values) (summary, detail string)
	// Left says what an object that a refresh finds gone has left behind, where somebody
	// should know of it; "" where there is nothing.
	Left func(ctx context.Context, s *Session, prior Values) (summary, detail string)
}

// Planning is what a plan makes of an object.
type Planning struct {
	// Complete fills in what the kind can tell of a planned object where the user did
	// not: it may set computed attributes of after. Before is nil on creation.
	Complete func(before, config, after Values)
	// Check looks at a plan with what the system and the other plans of this run are
	// known to hold, and refuses what cannot be.
	Check func(ctx context.Context, p *Plan)
	// Weighs are what Check weighs, for the docs: what the system's present state makes
	// dangerous.
	Weighs []Consent
	// Tracks names the attributes (numbers and texts) that Check needs of objects that do
	// not change. Where it names none, Check is not asked about these.
	Tracks []string
}

// Creation is how an object is made, where that is not a POST to Path.
type Creation struct {
	// Prepare completes what Request needs to know, such as the id of an owner that the
	// user has named.
	Prepare func(ctx context.Context, s *Session, after Values) error
	// Request makes the object, without its body.
	Request func(after Values) api.Request
	// Fill adds to the body what only other objects of the system tell, such as the members
	// of a group.
	Fill func(ctx context.Context, s *Session, after Values, body api.Object) error
	// Body is made of what the facts say, and Answer makes the object of what the system
	// answers, where they are not alike.
	Body   func(after Values, body api.Object) any
	Answer func(after Values, answer any) (api.Object, error)
	// Whole says that the answer tells all that a read would: what AbsentIsNull is said of
	// and the answer leaves out, the object does not have.
	Whole bool
	// Occupant finds what is in the place of an object that users know by its key, where
	// that is not what Find finds: the place may be taken by one of another key.
	Occupant func(ctx context.Context, s *Session, want Values) (api.Object, error)
	// InUse says how to see that somebody uses an object, so that what could not be
	// finished is not taken back: fields that are null, false, zero or empty as long as
	// nobody does, and collections (with a "/", and "{id}" for the object's id) that are
	// empty as long.
	InUse []string
	// TakeBack deletes what could not be finished, where that is not the request of
	// Deletion. The configuration has the secrets that it was made with.
	TakeBack func(made, config Values) api.Request
}

// Update is how an object is changed, where that is not one PUT to PATH/ID.
type Update struct {
	// Request changes fields of the object, without its body.
	Request func(before Values) api.Request
	// Several changes several fields at once, without its body, where the system has a
	// request of its own for that.
	Several func(before Values) api.Request
	// OneByOne says that the system takes one field, or one group of fields (Fact.With),
	// in a request; false where it takes all that change.
	OneByOne bool
}

// Deletion is how an object is unmade, where that is not a DELETE of PATH/ID.
type Deletion struct {
	// Danger is why it wants consent, in full sentences; "" where it does not.
	Danger string
	// Loses names what goes with the object, or happens because of it, for whoever reads
	// the plan.
	Loses func(ctx context.Context, s *Session, before Values) []string
	// Leave are the requests that take the object out of what holds it: none where, as
	// the system has it now, nothing does.
	Leave func(ctx context.Context, s *Session, before Values) ([]api.Request, error)
	// Request deletes the object.
	Request func(before Values) api.Request
	// Fill adds to that request what only other objects of the system tell. That there is
	// none of them left says that the object is gone too.
	Fill func(ctx context.Context, s *Session, before Values, r *api.Request) error
	// Each are the requests that delete the object where that takes several. All are sent,
	// also where one is refused; what is gone already is left out. Once one was carried out,
	// it is those that are left which are sent again.
	Each func(ctx context.Context, s *Session, before Values) ([]api.Request, error)
}

// Listing is how many objects are found, where that is not a GET of Path with the
// system's query language.
type Listing struct {
	// As is what the plural data source calls the objects that it found; Plural where it
	// is not said.
	As string
	// Scope names the attributes by which a listing is confined, for kinds that are
	// listed per owner.
	Scope []string
	// Plain says that a listing is filtered by equality alone: its arguments are the
	// filterable attributes themselves, and order_by.
	Plain bool
	// Path is where objects are listed; Kind.Path where it is not said.
	Path string
	// List yields the objects of a scope that the query selects.
	List func(ctx context.Context, s *Session, scope Values, q api.Query) iter.Seq2[api.Object, error]
}
