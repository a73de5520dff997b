package entity

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"strings"
	"sync"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/types"
)

// Orphan says how to know an object again that a run has made and could not put
// into its state, because it was killed in between. Nothing on such an object
// tells for certain where it comes from, so it is taken over only where there is
// no sign of anybody else: see orphaned.
type Orphan struct {
	// signs are fields that are null, false, zero or empty as long as nobody uses
	// the object.
	signs []string
	// empty are collections in which there is something as soon as somebody uses the
	// object; "{id}" stands for its id.
	empty []string
	// byKey says that what the user gave identifies the object: there can be no
	// other, and no sign is asked for.
	byKey bool
}

// OrphanUnless knows an orphan by its name and age, unless one of the fields shows
// that the object is in use: they are null, false, zero or empty otherwise.
func OrphanUnless(fields ...string) *Orphan { return &Orphan{signs: fields} }

// AndWithout names collections that are empty as long as nobody uses the object;
// "{id}" stands for its id.
func (o *Orphan) AndWithout(collections ...string) *Orphan {
	o.empty = collections
	return o
}

// OrphanByKey is for relations, which what the user gave identifies: whoever made
// one that is as the configuration says, it is what was asked for.
func OrphanByKey() *Orphan { return &Orphan{byKey: true} }

const (
	// orphanAge is how old an orphan may be, by the system's clock.
	orphanAge = time.Hour
	// orphanWork is how long the run that made it may have worked on it.
	orphanWork = time.Minute

	createdField = "created_at"
	updatedField = "updated_at"
)

// orphaned returns the object that is in the way of a creation, where it is what
// an interrupted run of this very configuration has left behind. All of this must
// hold: it has the very name and is all that the configuration says; it was made
// within the hour, and nobody changed it later than a minute after; it is not in
// use; it has no metadata of others; and no other resource of this run has, makes
// or takes it.
func (w *writing) orphaned(ctx context.Context, refusal error) (Object, bool) {
	k := w.kind
	reason := ReasonOf(refusal)
	if k.Orphan == nil || reason != NameTaken && reason != AlreadyThere || ctx.Err() != nil {
		return nil, false
	}
	o, err := w.findOurs(ctx)
	if err != nil {
		return nil, false
	}
	if w.foreign = w.signOfOthers(o); w.foreign != "" {
		return nil, false
	}
	if w.foreign, err = w.foreignUse(ctx, o); err != nil || w.foreign != "" {
		return nil, false
	}
	if k.Metadata {
		if w.foreign, err = w.foreignPair(ctx, o); err != nil || w.foreign != "" {
			return nil, false
		}
	}
	return o, true
}

// signOfOthers says why an object may be somebody else's; "" where there is no
// sign of that.
func (w *writing) signOfOthers(o Object) string {
	k := w.kind
	switch unlike := w.unlike(o); {
	case w.session.NeverAdopt:
		return "the provider's settings say never_adopt"
	case unlike != "":
		return "its " + unlike + " is another than the configuration's"
	case k.Orphan.byKey:
		return ""
	case o["name"] != w.want.Text("name"):
		return "its name is spelled otherwise"
	case !w.onlyCreation():
		return "another resource of this configuration has the same name"
	}
	if unlike := w.unlikeLater(o); unlike != "" {
		return "its " + unlike + " is another than the configuration's"
	}
	now, known := w.session.Client.ServerTime()
	made, err := integerOf(o[createdField])
	changed, err2 := integerOf(o[updatedField])
	switch age := now.Sub(time.UnixMilli(made)); {
	case err != nil || err2 != nil || !known:
		return "its age is not known"
	case age > orphanAge:
		return "it was created more than an hour ago"
	case time.UnixMilli(changed).Sub(time.UnixMilli(made)) > orphanWork:
		return "it was changed after it was created"
	}
	for _, field := range k.Orphan.signs {
		if !isNothing(o[field]) {
			return fmt.Sprintf("it is in use (%s is %v)", field, o[field])
		}
	}
	return ""
}

// isNothing reports whether a field of an object says that there is none.
func isNothing(value any) bool {
	switch v := value.(type) {
	case nil:
		return true
	case bool:
		return !v
	case []any:
		return len(v) == 0
	}
	return fmt.Sprint(value) == "0" || value == ""
}

// unlikeLater names an attribute that is neither as the configuration has it nor
// as creation leaves it, of those that a run sets after the creation; and of those
// that the configuration leaves out. A boolean can only be one of the two.
func (w *writing) unlikeLater(o Object) string {
	for _, f := range w.kind.resourceFacts() {
		if !f.settable() || f.secret || f.local || !f.late && (f.use != given || w.want.Known(f.name)) {
			continue
		}
		value, err := f.read(o)
		_, isBool := f.shape.(boolean)
		set, isSet := f.shape.(collection)
		switch {
		case err != nil:
			return f.name
		case isBool, value.IsNull():
		case isSet && len(set.minus(elementsOf(value), elementsOf(w.want[f.name]))) == 0:
		case w.want.Known(f.name) && same(f.shape, w.want[f.name], value):
		default:
			return f.name
		}
	}
	return ""
}

// foreignUse says which of the collections that show a use of the object is not
// empty.
func (w *writing) foreignUse(ctx context.Context, o Object) (string, error) {
	for _, template := range w.kind.Orphan.empty {
		path := strings.ReplaceAll(template, "{id}", Path(o["id"]))
		for _, err := range w.session.Client.List(ctx, path, Query{Limit: 1}) {
			return fmt.Sprintf("it is in use (there are %s)", path), err
		}
	}
	return "", nil
}

// foreignPair says what metadata on an object is not the configuration's.
func (w *writing) foreignPair(ctx context.Context, o Object) (string, error) {
	found, err := w.session.Metadata.Get(ctx, fmt.Sprint(o["id"]))
	if err != nil {
		return "", err
	}
	want := pairsOf(w.want[metadataAllName])
	for key, text := range found {
		if wanted, ok := want[key]; !ok || wanted != text {
			return fmt.Sprintf("it has metadata %q that the configuration does not give it", key), nil
		}
	}
	return "", nil
}

// takeOrphan takes the object as what the creation has made. What an orphan may
// lack, change brings: secrets, which nobody can compare, are sent again.
func (w *writing) takeOrphan(ctx context.Context, o Object) error {
	w.held = maps.Clone(w.want)
	for _, f := range w.kind.resourceFacts() {
		if f.secret {
			w.held[f.versionName()] = types.Int64Null()
		} else if !f.local {
			w.held[f.name] = types.StringUnknown() // replaced by what the object says
		}
	}
	if err := w.take(o); err != nil {
		return err
	}
	if w.kind.Metadata {
		found, err := w.session.Metadata.Get(ctx, idOf(w.held))
		if err != nil {
			return err
		}
		w.held[metadataName], w.held[metadataAllName] = noPairs, noPairs
		if len(found) > 0 {
			w.held[metadataAllName] = pairsValue(found)
		}
	}
	w.adopted = w.story(o)
	return nil
}

// story tells the user what was taken over, and why.
func (w *writing) story(o Object) string {
	why := "It was there already, just as the configuration describes it."
	if made, err := integerOf(o[createdField]); err == nil && !w.kind.Orphan.byKey {
		why = fmt.Sprintf("It has the name and all else that the configuration says, it was created at %s and not changed since, and nothing uses it.",
			time.UnixMilli(made).UTC().Format(time.RFC3339))
	}
	return why + " So it was taken for what an interrupted run of this configuration has left behind, and is managed from now on.\n\n" +
		"If it is somebody else's, take it out of the state again (terraform state rm) before anything else, and choose another name. " +
		"To have this refused, set never_adopt = true in the provider's " + w.kind.System + " block."
}

// notOrphaned adds to a refusal why the object in the way was not taken over.
func (w *writing) notOrphaned(err error) error {
	var said *Error
	if w.foreign == "" || !errors.As(err, &said) {
		return err
	}
	explained := *said
	explained.Remedy = strings.TrimSpace(explained.Remedy +
		" If an interrupted run has left it behind, it is taken over only where there is no sign of anybody else; here, " + w.foreign + ".")
	return &explained
}

// tenure is what the resources of one run say of names: which are kept by what is
// in the state, which are planned to be created, and which are being created.
type tenure struct {
	mu                      sync.Mutex
	kept, planned, creation map[string]int
}

// watchesNames reports whether the kind's names tell an orphan from what another
// resource has.
func (k *Kind) watchesNames() bool { return k.Orphan != nil && k.hasName() }

func (k *Kind) tenure(s *Session) *tenure {
	t := Note[tenure](s, "tenure of names")
	t.mu.Lock()
	if t.kept == nil {
		t.kept, t.planned, t.creation = map[string]int{}, map[string]int{}, map[string]int{}
	}
	return t // locked
}

func (k *Kind) tenureKey(v Values) string {
	return k.path(v) + "\x00" + strings.ToLower(v.Text("name"))
}

// claimed notes that a creation is under way; its end is called when it is over.
func (w *writing) claimed() (end func()) {
	if !w.kind.watchesNames() {
		return func() {}
	}
	t, key := w.kind.tenure(w.session), w.kind.tenureKey(w.want)
	t.creation[key]++
	t.mu.Unlock()
	return func() {
		t := w.kind.tenure(w.session)
		delete(t.planned, key)
		t.mu.Unlock()
	}
}

// onlyCreation reports whether this is the first creation of the run under the
// name: what a second one finds is the first one's.
func (w *writing) onlyCreation() bool {
	t := w.kind.tenure(w.session)
	defer t.mu.Unlock()
	return t.creation[w.kind.tenureKey(w.want)] == 1
}

// noteName notes what a plan does with a name, and refuses to create under a name
// that another resource keeps: no order of operations makes that possible, and
// the object must not be taken for an orphan.
func (k *Kind) noteName(p *Planning) {
	if !k.watchesNames() {
		return
	}
	if p.Before != nil && (p.After == nil || p.Changes("name")) {
		t := k.tenure(p.Session)
		delete(t.kept, k.tenureKey(p.Before))
		t.mu.Unlock()
		return
	}
	if p.After.Known("name") && !k.tenant(p.Session, p.After, p.Before == nil) {
		p.Refuse("name", fmt.Sprintf("Two resources have the same name %q", p.After.Text("name")),
			fmt.Sprintf("A %s with this name is managed already by another resource of this configuration, and another is to be created. "+
				"Choose another name; or where the resource was renamed in the configuration, say so with a moved block.", k.title()))
	}
}

// tenant notes a name as kept, or as planned to be created, and reports whether
// that can be. A creation that no state has yet is planned as often as Terraform
// likes.
func (k *Kind) tenant(s *Session, v Values, creating bool) bool {
	t, key := k.tenure(s), k.tenureKey(v)
	defer t.mu.Unlock()
	if creating {
		t.planned[key]++
		return t.kept[key] == 0
	}
	t.kept[key]++
	return t.planned[key] == 0
}
