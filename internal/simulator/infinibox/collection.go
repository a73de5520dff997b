package infinibox

import (
	"slices"
	"sort"
	"strconv"
	"strings"
)

// collection is one kind of object: the facts about it, which all requests go by, and its objects. What is not said
// here is the same for all kinds; how requests are carried out by it is in lifecycle.go.
type collection struct {
	path    string // below /api/rest: "pools"; or below the object that holds it, when nested
	noun    string // as messages call it: "Pool"
	command string // as MAX_PAGE_SIZE_VIOLATION calls the listing

	absent     string // code for an id that does not exist: POOL_NOT_FOUND
	absentText string // its message, with %d for the id if need be; "Pool not found" when empty
	idName     string // as MALFORMED_ID_TYPE calls its ids; "id" when empty

	key       string                  // the field that no two objects have alike; "name" when empty
	legal     func(name string) error // what a key may be; checkName when nil
	taken     string                  // code for a key that is taken: POOL_NAME_CONFLICT; empty where it may be
	takenText string                  // its message, with %s for the key

	in       string                            // the field with the id of the object that holds it: "pool_id"; "id" for what is held by nothing else
	nested   bool                              // its path is below that object's: pools/{id}/things
	foreign  func(holder Object) error         // for an object that another one holds than that of the path
	closed   func(holder Object) error         // refuses all that is asked of what an object holds
	single   bool                              // there is one object, with the id 0, which no request makes or deletes
	minor    bool                              // its ids come from the array's second sequence, not from that of pools and volumes
	local    bool                              // its ids count anew within each object that holds some
	number   func(a *Array, o Object) int      // makes ids that come from neither
	lockable bool                              // a locked pool lets its objects be neither made nor changed
	hides    func(rq *request, o Object) error // refuses a user who may not see an object; nil where all see all
	has      func(o Object, field string) bool // whether an object has a field that not all have; nil: all have all
	called   func(o Object) string             // how USER_IS_FORBIDDEN calls an object; nil where it calls what holds it

	event  string // what the codes of its events begin with; the noun when empty
	silent bool   // it has no events

	metadata string // the type as metadata calls it: "pool"; this and the next three are empty where it has none
	search   string // as search calls it
	policies string // as assignments to snapshot policies call it: "VOLUME"
	qos      string // as assignments to QoS policies call it: "VOLUME"

	readers []string // roles that may look; nil: all

	// Who may create, change and delete objects, and with which parameters; nil: nobody may.
	creation, updating, deletion *operation
	parameters                   []string // of its listing, that are no filters

	fields   []*field
	byName   map[string]*field
	computed map[string]func(a *Array, o Object) any // fields that are worked out, not stored

	delivered func() []Object // what every array comes with, with the fields that are not as the table says

	onePerUpdate     bool                    // PUT takes one field a request
	together         []string                // fields of PUT that may come together all the same
	unknownAttribute func(name string) error // for a field of PUT that does not exist; UNSUPPORTED_FIELD when nil
	unknownParameter []string                // fields that a query may not even name
	unknownFilter    func(name string) error // for a filter that is no field; UNKNOWN_PARAMETER when nil
	onlyOperators    []string                // the operators that filters may use; nil: all that fit the field
	unknownSort      func(name string) error // for a sort by what cannot be; NOT_SORTABLE_FIELD when nil
	noNull           func(name string) error // for a null where there may be none, if the collection has a code of its own

	prepare func(rq *request, body map[string]any) error // reads what the table of fields cannot say
	fill    func(ch *change)                             // sets what follows from what a request says, before all checks
	full    func(a *Array) error                         // refuses one more object
	checks  map[string]func(ch *change) error            // of each field that a request sets; they may settle what is kept of it
	check   func(ch *change) error                       // of the whole object as it is going to be
	stored  func(ch *change)                             // what creating and changing do beyond

	answersNew func(ch *change, answer map[string]any) // adds to the answer to a creation what is told once

	snapshot func(rq *request, body map[string]any) (any, error) // creates what has a parent_id

	danger   func(o Object) string                              // why deletion wants approval; nil where it does not
	keeps    func(rq *request, o Object) error                  // refuses a deletion
	delete   func(rq *request, o Object)                        // takes an object out, with what goes with it; remove when nil
	answered func(rq *request, o Object, answer map[string]any) // corrects the answer to a deletion

	objects map[int]Object
	keys    map[string]int // id by key in lower case
}

// operation is what may be done to the objects of a collection: by users of which roles (nil: of all), and with which
// parameters.
type operation struct{ roles, parameters []string }

func by(roles []string, parameters ...string) *operation { return &operation{roles, parameters} }

func newCollection(c collection, table string) *collection {
	c.fields = parseFields(table)
	c.byName = map[string]*field{}
	for _, f := range c.fields {
		f.noNull = c.noNull
		c.byName[f.name] = f
	}
	c.objects, c.keys = map[int]Object{}, map[string]int{}
	return &c
}

func (c *collection) keyField() string {
	if c == nil || c.key == "" {
		return "name"
	}
	return c.key
}

// keep puts an object that has its id among the others.
func (c *collection) keep(o Object) {
	c.objects[o.slot()] = o
	if c.taken != "" {
		c.keys[strings.ToLower(o.name())] = o.id()
	}
}

// forget frees a key.
func (c *collection) forget(key string) { delete(c.keys, strings.ToLower(key)) }

// freeKey checks a key for an object; self is the id of the one that may have it already.
func (c *collection) freeKey(key string, self int) error {
	legal := c.legal
	if legal == nil {
		legal = checkName
	}
	if err := legal(key); err != nil {
		return err
	}
	if id, ok := c.keys[strings.ToLower(key)]; ok && id != self {
		if c.takenText != "" {
			return conflict(c.taken, "%s", strings.ReplaceAll(c.takenText, "%s", key))
		}
		return conflict(c.taken, "An entity with this name already exists")
	}
	return nil
}

// get returns the object of an id as it stands in a path.
func (c *collection) get(id string) (Object, error) { return c.within(nil, id) }

// within is get for what the object of the path before it holds, if there is one.
func (c *collection) within(holder Object, id string) (Object, error) {
	number, err := strconv.Atoi(id)
	if err != nil {
		if c.idName != "" {
			return nil, errIDType(c.idName)
		}
		return nil, errMalformedID
	}
	if c.local {
		number = slotWithin(holder.id(), number)
	}
	o, err := c.find(number)
	if err == nil && holder != nil && o.int(c.in) != holder.id() {
		err = c.foreign(holder)
	}
	return o, err
}

func (c *collection) find(id int) (Object, error) {
	if o, ok := c.objects[id]; ok {
		return o, nil
	}
	text := c.absentText
	if text == "" {
		text = c.noun + " not found"
	}
	return nil, notFound(c.absent, "%s", strings.ReplaceAll(text, "%d", itoa(id)))
}

// all returns the objects in the order of their ids.
func (c *collection) all() []Object {
	objects := make([]Object, 0, len(c.objects))
	for _, o := range c.objects {
		objects = append(objects, o)
	}
	byID(objects)
	return objects
}

// where returns the objects whose field is a number, in the order of their ids.
func (c *collection) where(field string, value int) []Object {
	var objects []Object
	for _, o := range c.objects {
		if o.int(field) == value {
			objects = append(objects, o)
		}
	}
	byID(objects)
	return objects
}

func byID(objects []Object) {
	sort.Slice(objects, func(i, j int) bool { return objects[i].slot() < objects[j].slot() })
}

// readNew checks the body of a creation against the table and returns its values, converted.
// refused are fields that this way of creating does not take.
func (c *collection) readNew(body map[string]any, refused ...string) (map[string]any, error) {
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

// readChange checks the body of an update against the table and returns its values, converted.
func (c *collection) readChange(body map[string]any) (map[string]any, error) {
	if len(body) == 0 {
		return nil, errEmpty
	}
	names := sortedKeys(body)
	for _, name := range names {
		f := c.byName[name]
		switch {
		case f == nil && c.unknownAttribute != nil:
			return nil, c.unknownAttribute(name)
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
