package main

import (
	"slices"
	"strings"
	"testing"
)

func TestDigest(t *testing.T) {
	tests := map[string]struct {
		stdout, stderr string
		want           []string
	}{
		"objects that only an index tells apart": {
			stdout: `
  # storage_infinibox_pool.db will be created
  + resource "storage_infinibox_pool" "db" {
      + name = "db"
    }

  # storage_infinibox_volume.data[0] will be updated in-place
  ~ resource "storage_infinibox_volume" "data" {
        id   = 1001
      ~ size = "500GB" -> "750GB"
        # (9 unchanged attributes hidden)
    }

  # storage_infinibox_volume.data[1] will be updated in-place
  ~ resource "storage_infinibox_volume" "data" {
      ~ size = "500GB" -> "750GB"
    }

Plan: 1 to add, 2 to change, 0 to destroy.
storage_infinibox_pool.db: Creating...
storage_infinibox_pool.db: Creation complete after 0s [id=1000]

Apply complete! Resources: 1 added, 2 changed, 0 destroyed.
`,
			want: []string{
				"+ storage_infinibox_pool.db will be created",
				"~ storage_infinibox_volume.data[0 … 1] will be updated in-place",
				`    ~ size = "500GB" -> "750GB"`,
				"Plan: 1 to add, 2 to change, 0 to destroy.",
				"Apply complete! Resources: 1 added, 2 changed, 0 destroyed.",
			},
		},
		"problems that only a name tells apart": {
			stdout: "Warning: Careful\n\nOf this.\n\nstorage_infinibox_pool.db: Destroying... [id=1000]\nnoise\n",
			stderr: `
Error: Deleting volume "db-2" (id 1002) is not approved

  with storage_infinibox_volume.data[1],
  on main.tf line 54, in resource "storage_infinibox_volume" "data":
  54: resource "storage_infinibox_volume" "data" {

Its data is lost.

To approve it, say so.

Error: Deleting volume "db-1" (id 1001) is not approved

  with storage_infinibox_volume.data[0],
  on main.tf line 54, in resource "storage_infinibox_volume" "data":
  54: resource "storage_infinibox_volume" "data" {

Its data is lost.

To approve it, say so.

Error: Deleting pool "db" (id 1000) is not approved

The pool goes.

To approve it, say so.
`,
			want: []string{
				"Warning: Careful", "  Of this.",
				`Error: Deleting volume "db-1" (id 1001) is not approved (and 1 more like it)`,
				"  with storage_infinibox_volume.data[0]", "  Its data is lost.", "  To approve it, say so.",
				`Error: Deleting pool "db" (id 1000) is not approved`, "  The pool goes.",
			},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got := digest(test.stdout, test.stderr)
			if !slices.Equal(got, test.want) {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(test.want, "\n"))
			}
		})
	}
}
