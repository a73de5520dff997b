package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
	"github.com/storage-as-code/terraform-provider-storage/internal/provider"
)

var madeUp = []*entity.System{(&entity.System{}).With(entity.Area{
	Title: "Depot: Shelves",
	Kinds: []*entity.Kind{{
		System:   "depot",
		Name:     "box",
		Plural:   "boxes",
		Planning: entity.Planning{Weighs: []entity.Consent{{Doing: "put it on another box", Reason: "Both may fall."}}},
		Deletion: entity.Deletion{Danger: "What is in the box is lost."},
		Facts:    entity.Facts{entity.Integer("height").Required().Danger("What is on top falls.")},
	}},
	Actions: []*entity.Action{{
		System: "depot", Name: "box_tip", Danger: "It falls over.",
		Weighs: []entity.Weighing{{When: "with `far = true`", Reason: "It does not stand up again."}},
	}},
})}

// pages writes pages to finish.
func pages(t *testing.T, texts map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range texts {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestPagesAreFinished(t *testing.T) {
	t.Parallel()
	empty := "---\nsubcategory: \"\"\n---\n"
	dir := pages(t, map[string]string{
		"index.md": "---\n---\n", "resources/depot_box.md": empty, "data-sources/depot_boxes.md": empty, "actions/depot_box_tip.md": empty,
		"functions/bytes.md": empty, "guides/danger.md": "---\nsubcategory: \"Guides\"\n---\n" + string(dangers) + "<!-- run: apply -->\n```hcl\n```\n\n<!-- others: PUT x {} -->\n<!-- quiet -->\n\nThe end.\n",
	})
	if err := finish(dir, madeUp); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"resources/depot_box.md": `subcategory: "Depot: Shelves"`, "data-sources/depot_boxes.md": `subcategory: "Depot: Shelves"`,
		"actions/depot_box_tip.md": `subcategory: "Depot: Shelves"`, "functions/bytes.md": `subcategory: "Sizes"`,
		"guides/danger.md": "### Depot: Shelves\n\n| | needs approval to | because |\n|---|---|---|\n" +
			"| [`storage_depot_box`](../resources/depot_box.md) | delete or replace it | What is in the box is lost. |\n" +
			"|  | change `height` | What is on top falls. |\n" +
			"|  | put it on another box | Both may fall. |\n" +
			"| [`storage_depot_box_tip`](../actions/depot_box_tip.md) | invoke it | It falls over. |\n" +
			"|  | invoke it with `far = true` | It does not stand up again. |\n```hcl\n```\n\nThe end.\n",
	} {
		text, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(text), want) {
			t.Errorf("%s is:\n%s", name, text)
		}
	}
}

func TestPageWithoutAreaIsRefused(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"resources/depot_shelf.md": "---\nsubcategory: \"\"\n---\n", "guides/some.md": "---\nsubcategory: \"\"\n---\n", "resources/depot_box.md": "---\n---\n",
	} {
		if err := finish(pages(t, map[string]string{name: text}), madeUp); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// No page of the docs is without one, and no area without a page.
func TestEveryPageHasAnArea(t *testing.T) {
	t.Parallel()
	under := map[string]bool{}
	found, err := filepath.Glob("../../docs/*/*.md")
	if err != nil || len(found) < 100 {
		t.Fatalf("%d pages, %v", len(found), err)
	}
	for _, path := range found {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if !hasArea(text) {
			t.Errorf("%s has no subcategory", path)
			continue
		}
		under[string(listedUnder.FindSubmatch(text)[1])] = true
	}
	for _, s := range provider.Systems("docs") {
		for _, a := range s.Areas {
			if !under[a.Title] {
				t.Errorf("no page is listed under %q", a.Title)
			}
		}
	}
}
