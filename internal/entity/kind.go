package entity

import (
	"context"
	"iter"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
)

// Kind is an entity: its table of facts and the few operations that are its own.
// A nil function means that the entity does as most do.
type Kind struct {
	// System is the system's name, which begins the names of its types.
	System string
	// Name is singular and Plural its plural, as in storage_SYSTEM_NAME. Without a
	// plural there is no listing.
	Name, Plural string
	// Noun is what the entity is called in a sentence, where its name does not say
	// it: "LUN".
	Noun string
	// Path is the API's collection, e.g. "volumes". Attributes in braces name the
	// owners of objects that live within others: "pools/{pool_id}/things".
	Path string
	// Doc is what the docs say of the entity, in full sentences.
	Doc string
	// ListPath is where objects are listed, where that is not Path.
	ListPath string
	// Within are the conditions that tell this kind from the others of its
	// collection: a volume is what has type MASTER.
	Within []api.Filter
	// Facts are the attributes.
	Facts Facts
	// NamedBy is the attribute that people know an object by, unique among those of the
	// same owners, where that is not "name".
	NamedBy string
	// Taken is the system's code for a label that another object has, where its reason
	// does not tell.
	Taken string
	// Key names the attributes that identify an object; {"id"} unless it says else.
	Key []string
	// Scope names the attributes by which a listing is confined, for kinds that
	// are listed per owner.
	Scope []string
	// OneOf are groups of attributes of which the user sets exactly one, to create
	// an object or to look it up, and at most one to confine a listing.
	OneOf [][]string
	// LookUp names the attributes by which the data source finds an object, where
	// they are not those of Key.
	LookUp []string
	// PlainFilters says that a listing is filtered by equality alone: its
	// arguments are the filterable attributes themselves, and order_by.
	PlainFilters bool
	// Results is what the plural data source calls the objects that it found,
	// where that is not Plural.
	Results string
	// ListedOnly says that there is nothing but the plural data source.
	ListedOnly bool
	// Singleton says that there is exactly one, at Path: creating takes it over as
	// it is and changes it, and destroying gives it back as it was.
	Singleton bool
	// Sole says that there is one or none, at Path: it is made and deleted there.
	Sole bool
	// ReadOnly says that there are data sources and no resource.
	ReadOnly bool
	// Adopted says that objects are there already: creating takes over the one that
	// Find finds and changes it, and destroying gives it back as it was. A
	// Singleton is adopted too.
	Adopted bool
	// Metadata says that objects carry key-value pairs, and NoDefaults that the
	// provider's default pairs are not for them.
	Metadata, NoDefaults bool
	// OneFieldPerUpdate says that the system takes one field, or one group of
	// fields (Fact.With), in an update.
	OneFieldPerUpdate bool
	// InUse says how to see that somebody uses an object.
	InUse InUse
	// Delete says why deleting needs approval; nil where it does not.
	Delete *Danger
	// Approvable says that the system may want approval of an operation that only
	// it knows to be dangerous.
	Approvable bool
	// Rules are checks of a configuration that need more than one attribute.
	Rules []resource.ConfigValidator

	// Complete fills in what the entity can tell of a planned object where the user
	// did not: it may set computed attributes of after. Before is nil on creation.
	Complete func(before, config, after Values)
	// Noticed says what a refresh has found that is no change of the configuration's, and
	// that its reader should know of; "" where there is nothing.
	Noticed func(prior, found Values) (summary, detail string)
	// Loses names what goes with an object that is deleted, or happens because of it, for
	// whoever reads the plan.
	Loses func(ctx context.Context, s *Session, before Values) []string
	// Leave are the requests that take an object which is to be deleted out of what
	// holds it.
	Leave func(ctx context.Context, s *Session, before Values) ([]api.Request, error)
	// Check looks at a plan with what the system and the other plans of this run
	// are known to hold, and refuses what cannot be.
	Check func(ctx context.Context, p *Planning)
	// Tracks names the attributes (numbers and texts) that Check needs of objects
	// that do not change. Where it names none, Check is not asked about these.
	Tracks []string
	// Explain adds to a refusal what the system knows and its message leaves out.
	Explain func(ctx context.Context, s *Session, v Values, err error) string
	// Prepare completes what Create needs to know, such as the id of an owner that
	// the user has named.
	Prepare func(ctx context.Context, s *Session, after Values) error
	// Create is the request that makes the object, without its body.
	Create func(after Values) api.Request
	// Update is the request that changes fields of the object, without its body.
	Update func(before Values) api.Request
	// Find looks for the object with the key that v holds, or that was asked to be
	// created with v. An object that is not there is an error of Reason NotFound.
	Find func(ctx context.Context, s *Session, v Values) (api.Object, error)
	// Occupied finds what is in the place of an object that users know by its key, where
	// that is not what Find finds: the place may be taken by one of another key.
	Occupied func(ctx context.Context, s *Session, want Values) (api.Object, error)
	// Beside adds to an object what the API keeps beside it, for facts that are
	// Beside.
	Beside func(ctx context.Context, s *Session, o api.Object) error
	// Encode makes the body of a creation of what the facts say, and Decode the
	// object of its answer, where they are not alike.
	Encode func(after Values, body api.Object) any
	Decode func(after Values, answer any) (api.Object, error)
	// Destroy deletes the object where that takes more than one request.
	Destroy func(ctx context.Context, s *Session, before Values, approved bool) error
	// Remove is the request that deletes the object.
	Remove func(before Values) api.Request
	// TakeBack is the request that deletes what a creation has made and could not
	// finish, where it is not that of Remove.
	TakeBack func(made Values) api.Request
	// ImportID is the import id of an object, where the entity has a form of its own.
	ImportID func(v Values) string
	// Import reads a form of import id that is the entity's own, and ImportForms
	// says what forms there are: "SVM/POOL".
	Import      func(ctx context.Context, s *Session, id string) (Values, error)
	ImportForms string
	// Deduce sets Local facts of an object that was not made here, as far as other
	// objects tell: of one that is imported, looked up or listed.
	Deduce func(ctx context.Context, s *Session, v Values) error
	// List yields the objects of a scope that the query selects.
	List func(ctx context.Context, s *Session, scope Values, q api.Query) iter.Seq2[api.Object, error]
}

// InUse says how to see that somebody uses an object: it is not taken back then.
type InUse struct {
	// Fields are null, false, zero or empty as long as nobody uses the object.
	Fields []string
	// Collections are empty as long; "{id}" stands for the object's id.
	Collections []string
}

// IsManaged reports whether the kind has a resource, IsFound and IsListed whether
// it has the data source of one object and of many, and IsQueried whether it has
// a list resource.
func (k *Kind) IsManaged() bool { return !k.ReadOnly && !k.ListedOnly }
func (k *Kind) IsFound() bool   { return !k.ListedOnly }
func (k *Kind) IsListed() bool  { return k.Plural != "" }
func (k *Kind) IsQueried() bool { return k.IsManaged() && k.IsListed() }

func (k *Kind) isAdopted() bool { return k.Singleton || k.Adopted }

// isOne reports whether there are no two of the kind.
func (k *Kind) isOne() bool { return k.Singleton || k.Sole }

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
	case v.Known(k.label()) && v.Known(idName):
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
	if len(k.Key) == 0 {
		return append(k.parents(), idName)
	}
	return k.Key
}

// keyedByID reports whether an object is found by its id, alone or within the
// owners that the path names.
func (k *Kind) keyedByID() bool { return len(k.Key) == 0 }

// resourceFacts are the facts that the resource has.
func (k *Kind) resourceFacts() Facts {
	var facts Facts
	for _, f := range k.Facts {
		if f.inResource() {
			facts = append(facts, f)
		}
	}
	return facts
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
		if !f.local && !f.beside {
			add(f.field)
		}
		for _, other := range f.others {
			add(other)
		}
	}
	for _, w := range k.Within {
		add(w.Field)
	}
	return fields
}

// belongs reports whether an object of the collection is of this kind.
func (k *Kind) belongs(o api.Object) bool {
	for _, w := range k.Within {
		if s, ok := o[w.Field].(string); !ok || !strings.EqualFold(s, w.Values[0]) {
			return false
		}
	}
	return true
}

// dangerous reports whether any operation of the kind may need approval.
func (k *Kind) dangerous() bool {
	if k.Delete != nil || k.Approvable {
		return true
	}
	for _, f := range k.Facts {
		if f.danger != nil {
			return true
		}
	}
	return false
}
