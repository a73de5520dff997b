package entity

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
)

// tenure is what the resources of one run say of names: which are kept by what is
// in the state, which are planned to be created, and which are being created.
type tenure struct {
	mu                      sync.Mutex
	kept, planned, creation map[string]int
}

// watchesNames reports whether the kind's names, or those of its parts, tell an
// orphan from what another resource has.
func (k *Kind) watchesNames() bool {
	return k.Orphan != nil && (k.hasName() || k.Orphan.parts != nil)
}

// tenureFacts are the attributes that an object holds its names by.
func (k *Kind) tenureFacts() []string {
	if k.hasName() {
		return []string{"name"}
	}
	return k.Orphan.parts.ToldBy
}

func (k *Kind) tenure(s *Session) *tenure {
	t := Note[tenure](s, "tenure of names")
	t.mu.Lock()
	if t.kept == nil {
		t.kept, t.planned, t.creation = map[string]int{}, map[string]int{}, map[string]int{}
	}
	return t // locked
}

func nameKey(collection, name string) string { return collection + "\x00" + strings.ToLower(name) }

// tenureKeys are what an object holds, by what is known of it; none where that is
// not enough.
func (k *Kind) tenureKeys(s *Session, v Values) []string {
	if k.hasName() {
		if !v.Known("name") {
			return nil
		}
		return []string{nameKey(k.path(v), v.Text("name"))}
	}
	parts := k.Orphan.parts
	keys := parts.Keys(v)
	for i, key := range keys {
		keys[i] = k.path(v) + "\x00" + key
	}
	return append(keys, parts.nameKeys(parts.Held(s, v))...)
}

func (p *Parts) nameKeys(names []string) []string {
	keys := make([]string, len(names))
	for i, name := range names {
		keys[i] = nameKey(p.Collection, name)
	}
	return keys
}

// plannedKeys are what an object holds that is to be created.
func (k *Kind) plannedKeys(ctx context.Context, s *Session, v Values) ([]string, error) {
	keys := k.tenureKeys(s, v)
	if k.hasName() {
		return keys, nil
	}
	names, err := k.Orphan.parts.Planned(ctx, s, v)
	return append(keys, k.Orphan.parts.nameKeys(names)...), err
}

// claim notes that a creation is under way; its end is called when it is over.
func (w *writing) claim(ctx context.Context) (end func(), err error) {
	if !w.kind.watchesNames() {
		return func() {}, nil
	}
	if w.claims, err = w.kind.plannedKeys(ctx, w.session, w.want); err != nil {
		return nil, err
	}
	t := w.kind.tenure(w.session)
	for _, key := range w.claims {
		t.creation[key]++
	}
	t.mu.Unlock()
	return func() {
		t := w.kind.tenure(w.session)
		for _, key := range w.claims {
			delete(t.planned, key)
		}
		t.mu.Unlock()
	}, nil
}

// onlyCreation reports whether this is the first creation of the run under the
// name: what a second one finds is the first one's.
func (w *writing) onlyCreation() bool {
	t := w.kind.tenure(w.session)
	defer t.mu.Unlock()
	return !slices.ContainsFunc(w.claims, func(key string) bool { return t.creation[key] != 1 })
}

// noteName notes what a plan does with a name, and refuses to create under a name
// that another resource keeps: no order of operations makes that possible, and
// the object must not be taken for an orphan. It reports whether the name is kept.
func (k *Kind) noteName(ctx context.Context, p *Planning) (kept bool) {
	if !k.watchesNames() || p.Before == nil && p.After == nil {
		return false
	}
	if p.Before != nil && (p.After == nil || slices.ContainsFunc(k.tenureFacts(), p.Changes)) {
		k.release(p.Session, k.tenureKeys(p.Session, p.Before))
		return false
	}
	free := true
	if p.Before != nil {
		free = k.tenant(p.Session, p.After, false)
	} else if keys, err := k.plannedKeys(ctx, p.Session, p.After); err != nil {
		p.diags.Append(k.refusal(ctx, p.Session, "plan", p.After, err))
	} else {
		if p.Forced {
			k.release(p.Session, keys)
		}
		free = k.tenantOf(p.Session, keys, true)
	}
	switch {
	case free:
	case k.hasName():
		p.Refuse("name", fmt.Sprintf("Two resources have the same name %q", p.After.Text("name")),
			fmt.Sprintf("A %s with this name is managed already by another resource of this configuration, and another is to be created. "+
				"Choose another name; or where the resource was renamed in the configuration, say so with a moved block.", k.title()))
	default:
		p.Refuse("", fmt.Sprintf("Two resources are the same %s, in whole or in part", k.title()),
			"What this resource would be made of is managed already by another resource of this configuration. "+
				"Choose other names; or where the resource was renamed in the configuration, say so with a moved block.")
	}
	return p.Before != nil
}

// release forgets that names are kept: what has them gives them up.
func (k *Kind) release(s *Session, keys []string) {
	t := k.tenure(s)
	for _, key := range keys {
		delete(t.kept, key)
	}
	t.mu.Unlock()
}

// tenant notes the names of an object as kept, or as planned to be created, and
// reports whether that can be.
func (k *Kind) tenant(s *Session, v Values, creating bool) bool {
	return k.tenantOf(s, k.tenureKeys(s, v), creating)
}

// tenantOf is tenant by keys. A creation that no state has yet is planned as often
// as Terraform likes.
func (k *Kind) tenantOf(s *Session, keys []string, creating bool) bool {
	t := k.tenure(s)
	defer t.mu.Unlock()
	notes, others := t.kept, t.planned
	if creating {
		notes, others = t.planned, t.kept
	}
	free := true
	for _, key := range keys {
		notes[key]++
		free = free && others[key] == 0
	}
	return free
}
