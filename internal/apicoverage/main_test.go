package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestReport(t *testing.T) {
	t.Parallel()
	if n := len(list()); n != 440 {
		t.Errorf("%d operations, want 440", n)
	}
	dir := t.TempDir()
	records := `{"method":"POST","route":"/api/rest/volumes/{id}/restore","object":"storage_infinibox_volume_restore","test":"TestA"}
{"method":"POST","route":"/api/rest/volumes/{id}/restore","object":"","test":"TestB"}
`
	if err := os.WriteFile(filepath.Join(dir, "1.jsonl"), []byte(records), 0o600); err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	if err := run(t.Context(), []string{dir}, &out); err != nil {
		t.Fatal(err)
	}
	for line := range strings.SplitSeq(out.String(), "\n") {
		switch fields := strings.Fields(line); {
		case strings.Contains(line, "POST /volumes/{id}/restore"):
			if !strings.Contains(line, "storage_infinibox_volume_restore") || !strings.Contains(line, "TestA (+1)") {
				t.Error(line)
			}
		case len(fields) == 3 && fields[0] == "all":
			if fields[1] != "1" || fields[2] != "440" {
				t.Error(line)
			}
			return
		}
	}
	t.Errorf("no total in\n%s", out.String())
}
