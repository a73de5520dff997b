package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestReport(t *testing.T) {
	t.Parallel()
	if n := len(list()); n != 440 {
		t.Errorf("%d operations, want 440", n)
	}
	dir := t.TempDir()
	records := `{"method":"POST","route":"/api/rest/volumes/{id}/restore","object":"action storage_infinibox_volume_restore","test":"TestA"}
{"method":"POST","route":"/api/rest/volumes/{id}/restore","object":"","test":"TestB"}
{"method":"GET","route":"/api/rest/volumes","object":"","test":"TestB"}
{"method":"POST","route":"/api/rest/hosts","object":"storage_infinibox_host","test":"TestC"}
{"method":"POST","route":"/api/rest/hosts","object":"list storage_infinibox_host","test":"TestC"}
{"method":"POST","route":"/api/rest/hosts","object":"storage_infinibox_host_twin","test":"TestC"}
`
	if err := os.WriteFile(filepath.Join(dir, "1.jsonl"), []byte(records), 0o600); err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	if err := run(t.Context(), []string{dir}, &out); err == nil || err.Error() != "434 operations have no test" {
		t.Errorf("it ends with %v", err)
	}
	var have []string
	for line := range strings.SplitSeq(out.String(), "\n") {
		if len(line) > 200 || strings.TrimRight(line, " ") != line {
			t.Errorf("too wide, or blanks at its end: %q", line)
		}
		have = append(have, strings.Join(strings.Fields(line), " "))
	}
	for _, want := range []string{
		"volumes POST /volumes/{id}/restore action volume_restore TestA (+1)",
		"volumes GET /volumes (several at a time) TestB",
		"volumes POST /volumes/{id}/own_snapshot - -",
		"hosts POST /hosts (4 operations) resource host (+2) TestC",
		"GROUP COVERED OF",
		"volumes 2 20",
		"hosts 4 23",
		"all 6 440",
	} {
		if !slices.Contains(have, want) {
			t.Errorf("there is no line %q in\n%s", want, out.String())
		}
	}
}

func TestReportOfAll(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	var records strings.Builder
	for _, o := range list() {
		fmt.Fprintf(&records, "{\"method\":%q,\"route\":%q,\"test\":\"TestA\"}\n", o.method, "/api/rest"+o.path)
	}
	if err := os.WriteFile(filepath.Join(dir, "1.jsonl"), []byte(records.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := run(t.Context(), []string{dir}, io.Discard); err != nil {
		t.Error(err)
	}
}
