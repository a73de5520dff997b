package infinibox

import "maps"

// Object is one object of the array: the values of its stored fields by their JSON names.
// Names that begin with a dot are the simulator's own and are never given out.
type Object map[string]any

// home is where an object keeps the collection that it belongs to.
const home = ".home"

func (o Object) of() *collection { c, _ := o[home].(*collection); return c }
func (o Object) id() int         { return o.int("id") }
func (o Object) name() string    { return o.text(o.of().keyField()) }

// slot is the number that an object is kept under: its id, or what is made of its holder's id and its own where ids count
// anew within each holder.
func (o Object) slot() int {
	if c := o.of(); c != nil && c.local {
		return slotWithin(o.int(c.in), o.id())
	}
	return o.id()
}

func slotWithin(holder, id int) int { return holder<<32 | id }

func (o Object) int(name string) int     { i, _ := o[name].(int); return i }
func (o Object) bool(name string) bool   { b, _ := o[name].(bool); return b }
func (o Object) text(name string) string { s, _ := o[name].(string); return s }
func (o Object) list(name string) []any  { l, _ := o[name].([]any); return l }

// make returns a new object with all initial values and those given; add gives it an id.
func (a *Array) make(c *collection, values map[string]any) Object {
	o := Object{home: c}
	for _, f := range c.fields {
		if _, ok := c.computed[f.name]; !ok {
			o[f.name] = f.initial
		}
	}
	if _, ok := c.byName["created_at"]; ok {
		now := a.now()
		o["created_at"], o["updated_at"] = now, now
	}
	if _, ok := c.byName["tenant_id"]; ok {
		o["tenant_id"] = defaultTenant
	}
	maps.Copy(o, values)
	return o
}

// add gives a new object its id and puts it into its collection.
func (a *Array) add(o Object) {
	c := o.of()
	switch {
	case c.number != nil:
		o["id"] = c.number(a, o)
	case c.minor:
		o["id"] = a.nextMinorID()
	default:
		o["id"] = a.nextID()
	}
	c.keep(o)
	a.record("CREATED", o)
}

// remove takes an object out, with its metadata.
func (a *Array) remove(o Object) {
	c := o.of()
	a.record("DELETED", o)
	delete(c.objects, o.slot())
	c.forget(o.name())
	if c.metadata != "" { // ids are unique among what carries metadata alone
		a.dropMetadata(o.id())
	}
}

// touch notes that an object was changed.
func (a *Array) touch(o Object) {
	if _, ok := o["updated_at"]; ok {
		o["updated_at"] = a.now()
	}
}

// value is what a client sees of one field.
func (a *Array) value(o Object, name string) any {
	if compute, ok := o.of().computed[name]; ok {
		return compute(a, o)
	}
	value, ok := o[name]
	if !ok && o.of().delivered != nil {
		return o.of().byName[name].initial
	}
	return value
}

// shows tells whether clients see a field of an object.
func (c *collection) shows(o Object, f *field) bool {
	return !f.hidden && (c.has == nil || c.has(o, f.name))
}

// render is an object as a client sees it, with the fields asked for or with all.
func (a *Array) render(o Object, fields []string) map[string]any {
	c := o.of()
	out := map[string]any{}
	if fields == nil {
		for _, f := range c.fields {
			if c.shows(o, f) {
				out[f.name] = a.value(o, f.name)
			}
		}
		return out
	}
	for _, name := range fields {
		if f, ok := c.byName[name]; ok && c.shows(o, f) {
			out[name] = a.value(o, name)
		}
	}
	return out
}

// renderAll is a list of objects as a client sees it.
func (a *Array) renderAll(objects []Object, fields []string) []any {
	out := []any{}
	for _, o := range objects {
		out = append(out, a.render(o, fields))
	}
	return out
}

// asObject is a value as an object; of anything else nil.
func asObject(value any) map[string]any {
	m, _ := value.(map[string]any)
	return m
}

// idOf and nameOf are what an object shows of another one, which may not be there.
func idOf(o Object) any { return o["id"] }

func nameOf(o Object) any {
	if o == nil {
		return nil
	}
	return o.name()
}
