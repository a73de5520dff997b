package entity

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
)

// idName is the attribute that holds what a system gives an object to be known by: a
// number, or a text.
const idName = "id"

// label is the attribute that people know an object by, unique among those of the same
// owners; "" where there is none.
func (k *Kind) label() string {
	if k.Identity.NamedBy != "" {
		return k.Identity.NamedBy
	}
	if k.hasFact("name") {
		return "name"
	}
	return ""
}

func (k *Kind) hasLabel() bool { return k.label() != "" }

func (k *Kind) hasFact(name string) bool {
	_, ok := k.Facts.find(name)
	return ok
}

// labelField is the label's name in the API, and labelIn what an object has there.
func (k *Kind) labelField() string {
	f, _ := k.Facts.find(k.label())
	return f.field
}

func (k *Kind) labelIn(o api.Object) string {
	value, _ := api.FieldOf(o, k.labelField())
	text, _ := value.(string)
	return text
}

// isWithin reports whether an object has what its name is unique within, as far as v says
// what that is.
func (k *Kind) isWithin(o api.Object, v Values) bool {
	for _, name := range k.Identity.NamedIn {
		f, _ := k.Facts.find(name)
		want := v[name]
		if !v.says(name) {
			continue
		}
		if value, err := f.read(o); err != nil || !same(f.shape, want, value) {
			return false
		}
	}
	return true
}

// saysWithin reports whether v says all that a name is unique within.
func (k *Kind) saysWithin(v Values) bool {
	return !slices.ContainsFunc(k.Identity.NamedIn, func(name string) bool { return !v.says(name) })
}

// asked are the values of a data source's configuration, without what a name is unique
// within where that does not say it.
func (k *Kind) asked(config Values) Values {
	v := maps.Clone(config)
	for _, name := range k.Identity.NamedIn {
		if v.Null(name) {
			delete(v, name)
		}
	}
	return v
}

// distinctions are the API's names of what tells objects of one name from each other.
func (k *Kind) distinctions() []string {
	var fields []string
	if k.isHeld() {
		for _, w := range k.Identity.Match {
			fields = append(fields, w.Field)
		}
	}
	for _, name := range k.Identity.NamedIn {
		f, _ := k.Facts.find(name)
		fields = append(fields, f.field)
	}
	return fields
}

// isDated reports whether the system tells when an object was made.
func (k *Kind) isDated() bool { return k.hasFact(createdField) }

// isFindable reports whether an object can be looked for of which nothing has told the
// id.
func (k *Kind) isFindable() bool {
	return k.isFoundByKey() || k.hasLabel() || k.Presence == ToldOnce // to make that again does no harm
}

// isFindable reports whether the object that is being made can be looked for: not by a
// name that the system has yet to choose.
func (w *writing) isFindable() bool {
	byLabel := w.kind.hasLabel() && !w.kind.isFoundByKey()
	return w.kind.isFindable() && (!byLabel || w.want.Known(w.kind.label()))
}

// mustLook reports whether only a look right before a creation tells, after an answer
// was lost, that what is there was not there before.
func (k *Kind) mustLook() bool {
	return k.keyedByUser() || k.hasLabel() && k.keyedByID() && !k.isDated()
}

// idIn is the id that an object of the system has, as text; "" where it has none.
func (k *Kind) idIn(o api.Object) string {
	f, ok := k.Facts.find(idName)
	if !ok {
		return ""
	}
	value, err := f.read(o)
	if err != nil {
		return ""
	}
	return plain(value)
}

// idFields are the API's names of what tells an object's id and label.
func (k *Kind) idFields() []string {
	f, _ := k.Facts.find(idName)
	fields := []string{f.field}
	if k.hasLabel() {
		fields = append(fields, k.labelField())
	}
	return fields
}

// owned is an object with what its path tells and its answer need not: its owners.
func (k *Kind) owned(o api.Object, v Values) api.Object {
	if o == nil {
		return nil
	}
	copied := false
	for _, name := range k.parents() {
		f, ok := k.Facts.find(name)
		if _, told := api.FieldOf(o, f.field); !ok || told || !v.Known(name) {
			continue
		}
		if encoded, err := f.shape.encode(v[name]); err == nil {
			if !copied {
				o, copied = maps.Clone(o), true // it may be a listing's
			}
			api.SetField(o, f.field, encoded)
		}
	}
	return o
}

// parsed is a fact's value of a text, as in an import id.
func (f Fact) parsed(text string) (attr.Value, error) {
	if _, isNumber := f.shape.(integer); isNumber {
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return nil, fmt.Errorf("%q is not a number", text)
		}
		return f.shape.decode(n)
	}
	if strings.TrimSpace(text) == "" {
		return nil, fmt.Errorf("%s is empty", f.name)
	}
	return f.shape.decode(text)
}
