package infinibox

import (
	"maps"
	"slices"
	"sort"
	"strconv"
	"strings"
)

// Object is one object of the array: the values of its stored fields by their JSON names.
// Names that begin with a dot are the simulator's own and are never given out.
type Object map[string]any

func (o Object) id() int                 { return o.int("id") }
func (o Object) name() string            { return o.text("name") }
func (o Object) int(name string) int     { i, _ := o[name].(int); return i }
func (o Object) bool(name string) bool   { b, _ := o[name].(bool); return b }
func (o Object) text(name string) string { s, _ := o[name].(string); return s }

// collection is one kind of object: its facts, which all checks and queries go by, and its objects.
type collection struct {
	path   string // below /api/rest: "pools"
	kind   string // as metadata calls it: "pool"; empty where there is no metadata
	noun   string // as messages call it: "Pool"
	absent string // code for an id that does not exist: POOL_NOT_FOUND
	taken  string // code for a name that is taken: POOL_NAME_CONFLICT

	absentText string // the message for an id that does not exist, with %d for it; "Pool not found" when empty
	takenText  string // the message for a name that is taken, with %s for it
	minor      bool   // its ids come from the array's second sequence, not from that of pools and volumes

	command string // as MAX_PAGE_SIZE_VIOLATION calls the listing

	fields []*field
	byName map[string]*field

	computed map[string]func(a *Array, o Object) any // fields that are worked out, not stored

	onePerUpdate     bool     // PUT takes one field a request
	together         []string // fields of PUT that may come together all the same
	unknownAttribute bool     // PUT of a field that does not exist is SET_MISSING_ATTRIBUTE
	unknownParameter []string // fields that a query may not even name

	objects map[int]Object
	names   map[string]int // id by name in lower case
}

func newCollection(c collection, table string) *collection {
	c.fields = parseFields(table)
	c.byName = map[string]*field{}
	for _, f := range c.fields {
		c.byName[f.name] = f
	}
	c.objects, c.names = map[int]Object{}, map[string]int{}
	return &c
}

// make returns a new object with all initial values and those given; add gives it an id.
func (a *Array) make(c *collection, values map[string]any) Object {
	now := a.now()
	o := Object{}
	for _, f := range c.fields {
		if _, ok := c.computed[f.name]; !ok {
			o[f.name] = f.initial
		}
	}
	if _, ok := c.byName["created_at"]; ok {
		o["created_at"], o["updated_at"] = now, now
	}
	if _, ok := c.byName["tenant_id"]; ok {
		o["tenant_id"] = defaultTenant
	}
	maps.Copy(o, values)
	return o
}

// add gives a new object its id and puts it into its collection.
func (a *Array) add(c *collection, o Object) {
	if c.minor {
		o["id"] = a.nextMinorID()
	} else {
		o["id"] = a.nextID()
	}
	c.objects[o.id()] = o
	if c.taken != "" {
		c.names[strings.ToLower(o.name())] = o.id()
	}
}

// remove takes an object out, with its metadata.
func (a *Array) remove(c *collection, o Object) {
	delete(c.objects, o.id())
	delete(c.names, strings.ToLower(o.name()))
	a.dropMetadata(o.id())
}

// touch notes that an object was changed.
func (a *Array) touch(o Object) { o["updated_at"] = a.now() }

// rename gives an object another name, which is legal and free.
func (c *collection) rename(o Object, name string) {
	delete(c.names, strings.ToLower(o.name()))
	o["name"] = name
	c.names[strings.ToLower(name)] = o.id()
}

// freeName checks a name for an object of the collection; self is the object that may have it already.
func (c *collection) freeName(name string, self int) error {
	if err := checkName(name); err != nil {
		return err
	}
	if id, ok := c.names[strings.ToLower(name)]; ok && id != self {
		if c.takenText != "" {
			return conflict(c.taken, c.takenText, name)
		}
		return conflict(c.taken, "An entity with this name already exists")
	}
	return nil
}

// get returns the object of an id as it stands in a path.
func (c *collection) get(id string) (Object, error) {
	number, err := strconv.Atoi(id)
	if err != nil {
		return nil, errMalformedID
	}
	return c.find(number)
}

func (c *collection) find(id int) (Object, error) {
	if o, ok := c.objects[id]; ok {
		return o, nil
	}
	if c.absentText != "" {
		return nil, notFound(c.absent, c.absentText, id)
	}
	return nil, notFound(c.absent, "%s not found", c.noun)
}

// all returns the objects in the order of their ids.
func (c *collection) all() []Object {
	objects := make([]Object, 0, len(c.objects))
	for _, o := range c.objects {
		objects = append(objects, o)
	}
	sort.Slice(objects, func(i, j int) bool { return objects[i].id() < objects[j].id() })
	return objects
}

// value is what a client sees of one field.
func (a *Array) value(c *collection, o Object, name string) any {
	if compute, ok := c.computed[name]; ok {
		return compute(a, o)
	}
	return o[name]
}

// render is an object as a client sees it, with the fields asked for or with all.
func (a *Array) render(c *collection, o Object, fields []string) map[string]any {
	out := map[string]any{}
	if fields == nil {
		for _, f := range c.fields {
			if !f.hidden {
				out[f.name] = a.value(c, o, f.name)
			}
		}
		return out
	}
	for _, name := range fields {
		if f, ok := c.byName[name]; ok && !f.hidden {
			out[name] = a.value(c, o, name)
		}
	}
	return out
}

// creation checks the body of a creation against the table and returns its values, converted.
// refused are fields that this way of creating does not take.
func (c *collection) creation(body map[string]any, refused ...string) (map[string]any, error) {
	values := map[string]any{}
	for _, name := range sortedKeys(body) {
		f := c.byName[name]
		if f == nil || !f.create || contains(refused, name) {
			return nil, errUnsupported(c.unsupportedName(name))
		}
		value, err := f.convert(body[name])
		if err != nil && (body[name] != nil || !f.required) {
			return nil, err
		}
		values[name] = value
	}
	for _, f := range c.fields {
		if f.required && values[f.name] == nil && !contains(refused, f.name) {
			return nil, errMissing(f.name)
		}
	}
	return values, nil
}

// unsupportedName is how UNSUPPORTED_FIELD calls a field.
func (c *collection) unsupportedName(name string) string {
	if c.path == "hosts" && (name == "created_at" || name == "updated_at") {
		return "created_at or updated_at"
	}
	return name
}

// change checks the body of an update against the table and returns its values, converted.
func (c *collection) change(body map[string]any) (map[string]any, error) {
	if len(body) == 0 {
		return nil, errEmpty
	}
	names := sortedKeys(body)
	for _, name := range names {
		f := c.byName[name]
		switch {
		case f == nil && c.unknownAttribute:
			return nil, badRequest("SET_MISSING_ATTRIBUTE", "Attribute not found: '%s'", name)
		case f == nil || !f.update:
			return nil, errUnsupported(name)
		}
	}
	if c.onePerUpdate && len(names) > 1 {
		for _, name := range names {
			if !contains(c.together, name) {
				return nil, errMultiple
			}
		}
	}
	values := map[string]any{}
	for _, name := range names {
		value, err := c.byName[name].convert(body[name])
		if err != nil {
			return nil, err
		}
		values[name] = value
	}
	return values, nil
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	sort.Strings(keys)
	return keys
}

func contains(names []string, name string) bool {
	return slices.Contains(names, name)
}

// idOf and nameOf are what an object shows of another one, which may not be there.
func idOf(o Object) any { return o["id"] }

func nameOf(o Object) any { return o["name"] }
