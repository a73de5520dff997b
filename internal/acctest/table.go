package acctest

import (
	"fmt"
	"strings"
)

// Put changes a field of an object behind Terraform's back.
func Put(path, field string, value any) func(Object) Request {
	return func(o Object) Request {
		return Request{Method: "PUT", Path: fmt.Sprintf("%s/%v", path, o["id"]), Body: map[string]any{field: value}}
	}
}

// Post does an operation on an object behind Terraform's back.
func Post(path, operation string, body any) func(Object) Request {
	return func(o Object) Request {
		return Request{Method: "POST", Path: fmt.Sprintf("%s/%v/%s", path, o["id"], operation), Body: body}
	}
}

// BadValue is a bad value of one attribute.
func BadValue(attribute string, value any, says string) Bad {
	return Bad{Attribute: attribute, Set: Attrs{attribute: value}, Says: says}
}

// BadNames are names that nothing on an InfiniBox takes.
func BadNames() []Bad {
	return []Bad{
		BadValue("name", "", "1 to 65 characters"),
		BadValue("name", strings.Repeat("x", 66), "1 to 65 characters"),
		BadValue("name", "a*b", "characters that are not allowed"),
		BadValue("name", "größe", "characters that are not allowed"),
		BadValue("name", "a/b", "characters that are not allowed"),
		BadValue("name", "50%", "characters that are not allowed"),
		BadValue("name", "..", "neither a dot nor a space"),
	}
}

// NewPool makes a pool of 10TB.
func (b *InfiniBox) NewPool(label string) any {
	return b.Create("pools", map[string]any{"name": b.Name(label), "physical_capacity": 10_000_000_000_512, "virtual_capacity": 10_000_000_000_512})
}

// NewVolume makes a volume of 1GB.
func (b *InfiniBox) NewVolume(label string, pool any) any {
	return b.Create("volumes", map[string]any{"name": b.Name(label), "pool_id": pool, "size": 1_000_000_000})
}

// NewFilesystem makes a filesystem of 1GB.
func (b *InfiniBox) NewFilesystem(label string, pool any) any {
	return b.Create("filesystems", map[string]any{"name": b.Name(label), "pool_id": pool, "size": 1_000_000_000})
}

// NewHost makes a host without ports.
func (b *InfiniBox) NewHost(label string) any {
	return b.Create("hosts", map[string]any{"name": b.Name(label)})
}

// ArrayResource writes a resource of an InfiniBox.
func ArrayResource(kind, label string, arguments Attrs) string {
	return arguments.Block("resource", "storage_infinibox_"+kind, label)
}

// IDs are the ids of the objects that a request for a collection lists.
func (b *InfiniBox) IDs(path string) []any {
	b.t.Helper()
	found, err := b.Do("GET", path, nil)
	if err != nil {
		b.t.Fatal(err)
	}
	var ids []any
	for _, o := range found.([]any) {
		ids = append(ids, o.(map[string]any)["id"])
	}
	return ids
}
