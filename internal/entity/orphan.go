package entity

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"strings"
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
	// parts is what the object consists of, where it has no name of its own.
	parts *Parts
}

// Parts are objects of another kind, with names, that an object without a name
// consists of. Its created_at and updated_at are the first and the last of theirs.
type Parts struct {
	// Collection is where they are, and Field lists their ids in the object.
	Collection, Field string
	// ToldBy are the attributes that Keys and Held look at. Keys tell, by what the
	// user gave, each part from those of other objects.
	ToldBy []string
	Keys   func(v Values) []string
	// Held are the names of an object's parts, if they were read already, and Planned
	// those of an object that is to be created, as far as that can be known.
	Held    func(s *Session, v Values) []string
	Planned func(ctx context.Context, s *Session, v Values) ([]string, error)
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

// ConsistsOf is for objects without a name, which their parts' names tell apart.
func (o *Orphan) ConsistsOf(p Parts) *Orphan {
	o.parts = &p
	return o
}

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
	if w.foreign, err = w.foreignPair(ctx, o); err != nil || w.foreign != "" {
		return nil, false
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
	case k.hasName() && o["name"] != w.want.Text("name"):
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
		value, told := o[field]
		if !told {
			return fmt.Sprintf("nothing tells whether it is in use (there is no %s)", field)
		}
		if !IsNothing(value) {
			return fmt.Sprintf("it is in use (%s is %v)", field, value)
		}
	}
	return ""
}

// IsNothing reports whether a field of an object says that there is none.
func IsNothing(value any) bool {
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

// foreignPair says what metadata on an object, or on its parts, is not the
// configuration's.
func (w *writing) foreignPair(ctx context.Context, o Object) (string, error) {
	var carriers []any
	if parts := w.kind.Orphan.parts; parts != nil {
		carriers, _ = o[parts.Field].([]any)
	} else if w.kind.Metadata {
		carriers = []any{o["id"]}
	}
	want := pairsOf(w.want[metadataAllName])
	for _, id := range carriers {
		found, err := w.session.Metadata.Get(ctx, fmt.Sprint(id))
		if err != nil {
			return "", err
		}
		for key, text := range found {
			if wanted, ok := want[key]; !ok || wanted != text {
				return fmt.Sprintf("it has metadata %q that the configuration does not give it", key), nil
			}
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

// isYoung reports whether an object is of an age at which it can be taken over.
func (k *Kind) isYoung(ctx context.Context, s *Session, v Values) bool {
	o, err := k.find(ctx, s, v, false)
	if err != nil {
		return false
	}
	made, err := integerOf(o[createdField])
	now, known := s.Client.ServerTime()
	return err == nil && known && now.Sub(time.UnixMilli(made)) < orphanAge
}

// notOrphaned adds to a refusal why the object in the way was not taken over.
func (w *writing) notOrphaned(err error) error {
	if w.foreign == "" {
		return err
	}
	return withRemedy(err, "If an interrupted run has left it behind, it is taken over only where there is no sign of anybody else; here, "+w.foreign+".")
}

// withRemedy adds to what the user can do about an error.
func withRemedy(err error, more string) error {
	var said *Error
	if !errors.As(err, &said) {
		return err
	}
	explained := *said
	explained.Remedy = strings.TrimSpace(explained.Remedy + " " + more)
	return &explained
}
