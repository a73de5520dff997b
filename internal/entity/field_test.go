package entity

import (
	"reflect"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// A field can be a path into objects within the object.
func TestFieldPaths(t *testing.T) {
	o := Object{"name": "p", "svm": Object{"uuid": "u", "name": nil}, "cluster": nil}
	for _, test := range []struct {
		field string
		value any
		ok    bool
	}{
		{"name", "p", true}, {"svm.uuid", "u", true}, {"svm.name", nil, true}, {"svm", o["svm"], true},
		{"role", nil, false}, {"svm.role", nil, false}, {"cluster.name", nil, false}, {"name.first", nil, false},
	} {
		if value, ok := fieldOf(o, test.field); ok != test.ok || !reflect.DeepEqual(value, test.value) {
			t.Errorf("%s: %v %v", test.field, value, ok)
		}
	}
	body := Object{}
	setField(body, "cluster.name", "c")
	setField(body, "cluster.uuid", "u")
	setField(body, "role", "idle")
	if want := (Object{"cluster": Object{"name": "c", "uuid": "u"}, "role": "idle"}); !reflect.DeepEqual(body, want) {
		t.Error(body)
	}
}

func words(list ...string) []attr.Value {
	var values []attr.Value
	for _, word := range list {
		values = append(values, types.StringValue(word))
	}
	return values
}

// What is compared in a normal form is sent in it, or as the user wrote it.
func TestAsWritten(t *testing.T) {
	user := types.SetValueMust(types.StringType, words("A", "b"))
	system := types.SetValueMust(types.StringType, words("B", "a"))
	for want, f := range map[string]Fact{"a": Texts("users", foldCase), "A": Texts("users", foldCase).AsWritten()} {
		if sent, err := f.shape.encode(user); err != nil || sent.([]any)[0] != want {
			t.Error(sent, err)
		}
		if !same(f.shape, user, system) {
			t.Error("case makes a difference")
		}
	}
}
