package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const applied = `{"version":4,"resources":[
	{"name":"all","instances":[{"attributes":{"id":1}}]},
	{"name":"each","instances":[{"index_key":0,"attributes":{"id":9007199254740993,"name":"v-0","size":"1GB"},"dependencies":["x.all"]}]}
]}`

func TestMultiply(t *testing.T) {
	file := filepath.Join(t.TempDir(), "terraform.tfstate")
	if err := os.WriteFile(file, []byte(applied), 0o600); err != nil {
		t.Fatal(err)
	}
	err := multiply(file, 3, func(i int, o map[string]any) error {
		o["id"], o["name"] = i, fmt.Sprintf("v-%d", i)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Clean(file))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`{"attributes":{"id":9007199254740993,"name":"v-0","size":"1GB"},"dependencies":["x.all"],"index_key":0}`,
		`{"attributes":{"id":2,"name":"v-2","size":"1GB"},"dependencies":["x.all"],"index_key":2}`,
		`{"instances":[{"attributes":{"id":1}}],"name":"all"}`,
	} {
		if !strings.Contains(string(text), want) {
			t.Errorf("the state lacks %s:\n%s", want, text)
		}
	}
	var state map[string]any
	if err := json.Unmarshal(text, &state); err != nil {
		t.Error(err)
	}
	if err := multiply(file, 3, nil); err == nil {
		t.Error("a state of several objects is multiplied")
	}
}

func TestTablesFindTheirPlaces(t *testing.T) {
	page := filepath.Join(t.TempDir(), "page.md")
	if err := os.WriteFile(page, []byte("a\n<!-- bench 100 -->\nold\n<!-- end -->\nb\n<!-- bench start -->\n<!-- end -->\nc\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := writePage(page, map[string]string{"100": "| new |\n", "start": "| started |\n", "7": "| nowhere |\n"}); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Clean(page))
	if err != nil {
		t.Fatal(err)
	}
	if want := "a\n<!-- bench 100 -->\n\n| new |\n\n<!-- end -->\nb\n<!-- bench start -->\n\n| started |\n\n<!-- end -->\nc\n"; string(text) != want {
		t.Errorf("the page is\n%s", text)
	}
}
