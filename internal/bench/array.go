package main

import (
	"fmt"
	"net/http"
)

// What is on the array before anything is measured, and beside it.

// create makes an object on the array, as somebody else would.
func (b *benchmark) create(path string, body map[string]any) (map[string]any, error) {
	_, result, err := b.array.Do(http.MethodPost, path, body)
	created, _ := result.(map[string]any)
	return created, err
}

// createPool creates the pool of the volumes that do not have one of their own.
func (b *benchmark) createPool() error {
	const capacity int64 = 1e15
	pool, err := b.create("pools", map[string]any{"name": "bench", "physical_capacity": capacity, "virtual_capacity": capacity})
	b.pool = pool["id"]
	return err
}

// createVolume creates one like those of the configurations.
func (b *benchmark) createVolume(name string, pool any) (map[string]any, error) {
	return b.create("volumes", map[string]any{"name": name, "pool_id": pool, "size": 1_000_000_000})
}

// createOthers fills the array up to so many volumes that are in no state.
func (b *benchmark) createOthers(n int) error {
	for ; b.others < n; b.others++ {
		if _, err := b.createVolume(fmt.Sprintf("theirs-%d", b.others), b.pool); err != nil {
			return err
		}
	}
	return nil
}
