package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
)

// The CLI writes the whole state after each object that it has made, so that an apply of
// ten thousand takes far longer than all else that is measured, and by no provider's fault.
// Their states are written here: the CLI applies one object, and the state gets its like for
// the others.

// prepare makes the objects of a contender, and the state that has them.
func (b *benchmark) prepare(ctx context.Context, c *contender, n int) error {
	if err := b.configure(c, 1); err != nil {
		return err
	}
	if err := b.run(ctx, c, "apply -auto-approve", "Apply complete!"); err != nil {
		return err
	}
	if err := multiply(filepath.Join(c.cli.Dir, "terraform.tfstate"), n, func(i int, o map[string]any) error { return c.like(b, i, o) }); err != nil {
		return err
	}
	return b.configure(c, n)
}

// multiply writes into a state with one object of a resource "each" its like for every
// index up to n.
func multiply(file string, n int, like func(i int, attributes map[string]any) error) error {
	text, err := os.ReadFile(filepath.Clean(file))
	if err != nil {
		return err
	}
	var state map[string]any
	if err := decode(text, &state); err != nil {
		return err
	}
	resource := each(state)
	if resource == nil {
		return fmt.Errorf("%s has no resource \"each\" with one object", file)
	}
	first := resource["instances"].([]any)[0]
	pattern, err := json.Marshal(first)
	if err != nil {
		return err
	}
	instances := []any{first}
	for i := 1; i < n; i++ {
		var one map[string]any
		if err := decode(pattern, &one); err != nil {
			return err
		}
		one["index_key"] = i
		attributes, _ := one["attributes"].(map[string]any)
		if err := like(i, attributes); err != nil {
			return err
		}
		instances = append(instances, one)
	}
	resource["instances"] = instances
	if text, err = json.Marshal(state); err != nil {
		return err
	}
	return os.WriteFile(file, text, 0o600)
}

// each is the resource "each" of a state; nil where it has not one object.
func each(state map[string]any) map[string]any {
	resources, _ := state["resources"].([]any)
	for _, r := range resources {
		resource, _ := r.(map[string]any)
		if instances, _ := resource["instances"].([]any); resource["name"] == "each" && len(instances) == 1 {
			return resource
		}
	}
	return nil
}

// decode reads JSON without a loss in its numbers.
func decode(text []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	return d.Decode(into)
}

// How the object of an index differs from the first.

func likeData(_ *benchmark, i int, o map[string]any) error {
	o["id"] = fmt.Sprintf("00000000-0000-4000-8000-%012d", i)
	for _, name := range []string{"input", "output"} {
		o[name] = map[string]any{"value": fmt.Sprintf("object-%d", i), "type": "string"}
	}
	return nil
}

func likeSmall(_ *benchmark, i int, o map[string]any) error {
	o["name"] = fmt.Sprintf("object-%d", i)
	o["id"] = o["name"]
	return nil
}

func likeSmallReferring(_ *benchmark, i int, o map[string]any) error {
	o["name"] = fmt.Sprintf("object-%d-of-bench", i)
	o["id"] = o["name"]
	return nil
}

func likeVolume(b *benchmark, i int, o map[string]any) error {
	return b.likeVolume(fmt.Sprintf("volume-%d", i), o)
}

func likePooledVolume(b *benchmark, i int, o map[string]any) error {
	return b.likeVolume(fmt.Sprintf("pooled-%d", i), o)
}

// likeVolume makes the volume on the array too.
func (b *benchmark) likeVolume(name string, o map[string]any) error {
	pool, err := o["pool_id"].(json.Number).Int64()
	if err != nil {
		return err
	}
	made, err := b.createVolume(name, pool)
	o["name"], o["id"], o["serial"] = name, made["id"], made["serial"]
	return err
}
