package infinibox

import (
	"maps"
	"net/http"
	"strings"
)

// How the objects of a collection are listed, read, created, changed and deleted, whatever they are: a collection's
// table says what is different about it. A request is checked as a whole before any of it is carried out, so that
// one that is refused leaves no trace.

// change is what a request is about to make of an object, or has made.
type change struct {
	rq     *request
	a      *Array
	before Object         // as it was; nil for a new one
	after  Object         // as it is going to be; once stored, the object itself
	values map[string]any // what the request says
}

// sets tells whether the request says anything of a field.
func (ch *change) sets(name string) bool { _, ok := ch.values[name]; return ok }

// isNew tells whether the object is about to be created.
func (ch *change) isNew() bool { return ch.before == nil }

// say sets a field as if the request had said so.
func (ch *change) say(name string, value any) { ch.values[name], ch.after[name] = value, value }

// serve registers the routes that a collection has.
func (r router) serve(a *Array, c *collection) {
	base := "/" + c.path
	if c.nested {
		base = "/" + a.holders[c.in].path + "/{id}/" + c.path
	}
	one := base + "/{id}"
	looks := r.by(c.readers)
	looks.list(base, func(rq *request) (any, error) { return a.listAll(rq, c) })
	looks.read(one, func(rq *request) (any, error) { return a.readOne(rq, c) })
	if !c.nested && c.creation != nil {
		looks.list(one+"/{attribute}", func(rq *request) (any, error) { return a.attribute(rq, c) })
	}
	if do := c.creation; do != nil {
		r.writeWith(http.MethodPost, base, do, func(rq *request) (any, error) { return a.create(rq, c) })
	}
	if do := c.updating; do != nil {
		r.writeWith(http.MethodPut, one, do, func(rq *request) (any, error) { return a.update(rq, c) })
	}
	if do := c.deletion; do != nil {
		r.writeWith(http.MethodDelete, one, do, func(rq *request) (any, error) { return a.deleteOne(rq, c) })
	}
}

// holderOfPath is the object whose path a nested collection is below.
func (rq *request) holderOfPath(c *collection) (Object, error) {
	holder, err := rq.a.holders[c.in].get(rq.path[0])
	if err == nil && c.closed != nil {
		err = c.closed(holder)
	}
	return holder, err
}

// object finds the object of the path, which the user must be allowed to see.
func (rq *request) object(c *collection) (Object, error) {
	id := rq.path[0]
	var holder Object
	if c.nested {
		var err error
		if holder, err = rq.holderOfPath(c); err != nil {
			return nil, err
		}
		id = rq.path[1]
	}
	o, err := c.within(holder, id)
	if err == nil && c.hides != nil {
		err = c.hides(rq, o)
	}
	return o, err
}

// own finds the object of the path, which the user must be allowed to change.
func (rq *request) own(c *collection) (Object, error) {
	o, err := rq.object(c)
	if err == nil {
		err = rq.mayChange(o)
	}
	return o, err
}

func (a *Array) listAll(rq *request, c *collection) (any, error) {
	objects := c.all()
	if c.nested {
		holder, err := rq.holderOfPath(c)
		if err != nil {
			return nil, err
		}
		objects = c.where(c.in, holder.id())
	}
	if c.hides != nil {
		var visible []Object
		for _, o := range objects {
			if c.hides(rq, o) == nil {
				visible = append(visible, o)
			}
		}
		objects = visible
	}
	return a.query(c, objects, rq.query, c.parameters...)
}

func (a *Array) readOne(rq *request, c *collection) (any, error) {
	o, err := rq.object(c)
	if err != nil {
		return nil, err
	}
	return a.render(o, pluck(rq.query)), nil
}

// attribute answers one field of one object; a list is paged.
func (a *Array) attribute(rq *request, c *collection) (any, error) {
	o, err := rq.object(c)
	if err != nil {
		return nil, err
	}
	f := c.byName[rq.path[1]]
	if f == nil || !c.shows(o, f) {
		return nil, notFound("ATTRIBUTE_NOT_FOUND", "Attribute not found: '%s'", rq.path[1])
	}
	value := a.value(o, f.name)
	if elements, ok := value.([]any); ok {
		return plain(rq, c.command, elements)
	}
	return value, nil
}

// create makes an object, or a snapshot where the body names a parent.
func (a *Array) create(rq *request, c *collection) (any, error) {
	body, err := rq.fields()
	if err != nil {
		return nil, err
	}
	if body["parent_id"] != nil && c.snapshot != nil {
		return c.snapshot(rq, body)
	}
	ch, err := a.propose(rq, c, body)
	if err != nil {
		return nil, err
	}
	a.add(ch.after)
	if c.stored != nil {
		c.stored(ch)
	}
	answer := a.render(ch.after, nil)
	if c.answersNew != nil {
		c.answersNew(ch, answer)
	}
	return created{answer}, nil
}

// propose makes the object that a body describes, and checks it.
func (a *Array) propose(rq *request, c *collection, body map[string]any) (*change, error) {
	if c.prepare != nil {
		if err := c.prepare(rq, body); err != nil {
			return nil, err
		}
	}
	values, err := c.readNew(body)
	if err != nil {
		return nil, err
	}
	if c.nested {
		holder, err := rq.holderOfPath(c)
		if err != nil {
			return nil, err
		}
		values[c.in] = holder.id()
	}
	ch := &change{rq: rq, a: a, after: a.make(c, values), values: values}
	if err := ch.mayPlace(c); err != nil {
		return nil, err
	}
	err = ch.verify(c)
	return ch, err
}

// mayPlace checks that the object that is to hold a new one is there and may be changed.
func (ch *change) mayPlace(c *collection) error {
	if c.in != "" && c.in != "id" {
		if _, err := ch.a.holders[c.in].find(ch.after.int(c.in)); err != nil {
			return err
		}
	}
	if err := ch.rq.mayChange(ch.after); err != nil {
		return err
	}
	return ch.a.unlocked(ch.after)
}

func (a *Array) update(rq *request, c *collection) (any, error) {
	o, err := rq.own(c)
	if err != nil {
		return nil, err
	}
	body, err := rq.fields()
	if err != nil {
		return nil, err
	}
	if c.prepare != nil {
		if err := c.prepare(rq, body); err != nil {
			return nil, err
		}
	}
	values, err := c.readChange(body)
	if err != nil {
		return nil, err
	}
	if err := a.unlocked(o); err != nil {
		return nil, err
	}
	if err := a.change(rq, o, values); err != nil {
		return nil, err
	}
	a.touch(o)
	return a.render(o, nil), nil
}

// change gives an object other values, if it may have them.
func (a *Array) change(rq *request, o Object, values map[string]any) error {
	c := o.of()
	ch := &change{rq: rq, a: a, before: o, after: maps.Clone(o), values: values}
	maps.Copy(ch.after, values)
	if err := ch.verify(c); err != nil {
		return err
	}
	was := maps.Clone(o)
	maps.Copy(o, ch.after)
	ch.before, ch.after = was, o
	if c.taken != "" && ch.before.name() != o.name() {
		c.forget(ch.before.name())
		c.keep(o)
	}
	if c.stored != nil {
		c.stored(ch)
	}
	a.recordChange(was, o, values)
	return nil
}

// verify checks an object as it is going to be.
func (ch *change) verify(c *collection) error {
	if c.fill != nil {
		c.fill(ch)
	}
	for _, name := range sortedKeys(ch.values) {
		f := c.byName[name]
		if f.administrators && !ch.rq.isAdministrator() && !(ch.isNew() && ch.values[name] == f.initial) {
			return errUnauthorized("Method is not allowed for [%s]", ch.rq.role())
		}
	}
	if c.taken != "" && ch.sets(c.keyField()) {
		self := 0
		if !ch.isNew() {
			self = ch.before.id()
		}
		if err := c.freeKey(ch.after.name(), self); err != nil {
			return err
		}
	}
	if ch.isNew() && c.full != nil {
		if err := c.full(ch.a); err != nil {
			return err
		}
	}
	for _, name := range sortedKeys(ch.values) {
		if check := c.checks[name]; check != nil {
			if err := check(ch); err != nil {
				return err
			}
		}
	}
	if c.check != nil {
		return c.check(ch)
	}
	return nil
}

func (a *Array) deleteOne(rq *request, c *collection) (any, error) {
	o, err := rq.own(c)
	if err != nil {
		return nil, err
	}
	if c.danger != nil {
		if err := rq.needApproval("%s", c.danger(o)); err != nil {
			return nil, err
		}
	}
	if err := a.unlocked(o); err != nil {
		return nil, err
	}
	if c.keeps != nil {
		if err := c.keeps(rq, o); err != nil {
			return nil, err
		}
	}
	answer := a.render(o, nil)
	if c.delete != nil {
		c.delete(rq, o)
	} else {
		a.remove(o)
	}
	if c.answered != nil {
		c.answered(rq, o, answer)
	}
	return answer, nil
}

// holderOf is what an object belongs to: a pool to itself, a volume to its pool, an export to its filesystem.
func (a *Array) holderOf(o Object) Object {
	switch c := o.of(); c.in {
	case "":
		return nil
	case "id":
		return o
	default:
		return a.holders[c.in].objects[o.int(c.in)]
	}
}

// poolOf is the pool that an object is in, or nil.
func (a *Array) poolOf(o Object) Object {
	for o != nil && o.of() != a.pools {
		o = a.holderOf(o)
	}
	return o
}

// mayChange refuses a pool administrator what is in a pool that is not his. The message names what holds the object,
// but for the pool itself what is directly in the pool: a TreeQ's filesystem, a credential's account.
func (rq *request) mayChange(o Object) error {
	pool := rq.a.poolOf(o)
	if pool == nil || rq.owns(pool) {
		return nil
	}
	if c := o.of(); c.called != nil && o["id"] != nil {
		return forbidden("USER_IS_FORBIDDEN", "User '%s' is forbidden to modify %s", rq.user.name(), c.called(o))
	}
	holder := rq.a.holderOf(o)
	for next := rq.a.holderOf(holder); next.of() != rq.a.pools; next = rq.a.holderOf(next) {
		holder = next
	}
	noun := holder.of().noun
	if !strings.HasPrefix(noun, "S3 ") {
		noun = strings.ToLower(noun)
	}
	return forbidden("USER_IS_FORBIDDEN", "User '%s' is forbidden to modify %s '%s'", rq.user.name(), noun, holder.name())
}

// unlocked refuses to make or change what is in a locked pool.
func (a *Array) unlocked(o Object) error {
	if c := o.of(); c.lockable && a.poolOf(o).text("state") == "LOCKED" {
		return errPoolLocked
	}
	return nil
}

var errPoolLocked = &apiError{"ILLEGAL_POOL_STATE", http.StatusConflict, "Illegal pool state"}
