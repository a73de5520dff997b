package infinibox

import (
	"fmt"
	"maps"
	"path"
	"strings"
)

// What clients have written into a filesystem is not simulated, but for what others depend on: which directories and
// files there are, the access that they grant, and how long WORM keeps them. A seed makes it; it goes along with the
// filesystem's contents into snapshots and back.

// SeedFile is a file or directory of a filesystem. The directories above it come with it.
type SeedFile struct {
	FilesystemID  int               `json:"filesystem_id"`
	Path          string            `json:"path"`
	Directory     bool              `json:"directory,omitempty"`
	RetainedUntil int               `json:"retained_until,omitempty"` // until when WORM locks it, in milliseconds
	ACL           map[string]string `json:"acl,omitempty"`            // what a directory permits, by SID
}

func (a *Array) plantFile(f SeedFile) error {
	filesystem := a.filesystems.objects[f.FilesystemID]
	if filesystem == nil {
		return fmt.Errorf("file %s: there is no filesystem %d", f.Path, f.FilesystemID)
	}
	if !strings.HasPrefix(f.Path, "/") {
		return fmt.Errorf("file %q: the path does not begin with a slash", f.Path)
	}
	clean := path.Clean(f.Path)
	files := files(filesystem)
	for above := path.Dir(clean); above != "/"; above = path.Dir(above) {
		files[above] = map[string]any{"directory": true}
	}
	if clean != "/" {
		files[clean] = map[string]any{"directory": f.Directory, "retained_until": f.RetainedUntil}
	}
	filesystem[".files"] = files
	if f.ACL != nil {
		var entries []any
		for _, sid := range sortedKeys(f.ACL) {
			entries = append(entries, ace(sid, f.ACL[sid]))
		}
		setACL(filesystem, clean, entries)
	}
	return nil
}

// files are the seeded files and directories of a filesystem by path, in a map of the caller's own.
func files(filesystem Object) map[string]any {
	known, _ := filesystem[".files"].(map[string]any)
	copied := map[string]any{}
	maps.Copy(copied, known)
	return copied
}

// What there is at a path.
const (
	nothing   = ""
	aFile     = "file"
	directory = "directory"
)

// at tells what there is at a path of a filesystem: its root, what TreeQs have made, and what was seeded.
func (a *Array) at(filesystem Object, path string) string {
	if path == "/" {
		return directory
	}
	for _, treeq := range a.treeqsOf(filesystem) {
		if treeq.text("path") == path {
			return directory
		}
	}
	known, _ := filesystem[".files"].(map[string]any)
	entry, ok := known[path].(map[string]any)
	switch {
	case !ok:
		return nothing
	case entry["directory"] == true:
		return directory
	}
	return aFile
}

// within tells whether a path is a directory's own or below it.
func within(path, directory string) bool {
	return directory == "/" || path == directory || strings.HasPrefix(path, directory+"/")
}

// hasLockedFiles tells whether WORM still keeps files of a filesystem.
func (a *Array) hasLockedFiles(filesystem Object) bool {
	for _, entry := range files(filesystem) {
		if until, _ := entry.(map[string]any)["retained_until"].(int); isWORM(filesystem) && until > a.clock() {
			return true
		}
	}
	return false
}

// copyContents gives a filesystem the contents of another one.
func (a *Array) copyContents(from, to Object) {
	a.copyTreeQs(from, to)
	to[".files"], to[".acls"] = from[".files"], from[".acls"]
}
