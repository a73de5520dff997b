// Command licences checks that every module that the provider and its tests are built
// from has a licence that this project takes, and lists them.
package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/google/licensecheck"
)

// allowed are the licences that the project takes: those that ask of a user of the
// provider no more than its own, MPL-2.0, does. Unicode's is that of its tables of characters.
var allowed = []string{"Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT", "MPL-2.0", "Unicode-DFS-2016"}

// enough is how much of a text, in percent, must be that of known licences.
const enough = 75

var licenceFile = regexp.MustCompile(`(?i)^(un)?(licen[cs]e|copying)([-._].*)?$`)

// module is one that packages come from.
type module struct {
	Path, Version, Dir string
	Main               bool
	// packages are the directories of those.
	packages []string
}

func main() {
	if err := run(os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "licences:", err)
		os.Exit(1)
	}
}

// run checks the module in a directory, for all of the platforms that are named as GOOS.
func run(arguments []string, stdout io.Writer) error {
	if len(arguments) < 2 {
		return errors.New("usage: licences DIRECTORY GOOS, and more of these")
	}
	modules, err := dependencies(arguments[0], arguments[1:])
	if err != nil {
		return err
	}
	var flaws []error
	for _, m := range modules {
		found, err := m.licences()
		if err != nil {
			flaws = append(flaws, fmt.Errorf("%s %s: %w", m.Path, m.Version, err))
		}
		if _, err := fmt.Fprintf(stdout, "%-60s %-40s %s\n", m.Path, m.Version, strings.Join(found, ", ")); err != nil {
			return err
		}
	}
	return errors.Join(flaws...)
}

// dependencies are the modules of all packages of a module and of its tests, by path.
func dependencies(directory string, platforms []string) ([]*module, error) {
	all := map[string]*module{}
	for _, goos := range platforms {
		list := exec.CommandContext(context.Background(), "go", "list", "-deps", "-test", "-json=Dir,Module", "./...")
		list.Dir, list.Stderr = directory, os.Stderr
		list.Env = append(os.Environ(), "GOOS="+goos, "CGO_ENABLED=0")
		output, err := list.StdoutPipe()
		if err != nil {
			return nil, err
		}
		if err := list.Start(); err != nil {
			return nil, err
		}
		for decoder := json.NewDecoder(output); ; {
			var p struct {
				Dir    string
				Module *module
			}
			if err := decoder.Decode(&p); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				return nil, errors.Join(err, list.Wait())
			}
			if p.Module == nil || p.Module.Main {
				continue // the standard library, and this project
			}
			if all[p.Module.Path] == nil {
				all[p.Module.Path] = p.Module
			}
			if m := all[p.Module.Path]; !slices.Contains(m.packages, p.Dir) {
				m.packages = append(m.packages, p.Dir)
			}
		}
		if err := list.Wait(); err != nil {
			return nil, fmt.Errorf("go list for %s: %w", goos, err)
		}
	}
	if len(all) == 0 {
		return nil, errors.New("there are no dependencies, which cannot be")
	}
	var modules []*module
	for _, m := range all {
		modules = append(modules, m)
	}
	slices.SortFunc(modules, func(a, b *module) int { return cmp.Compare(a.Path, b.Path) })
	return modules, nil
}

// licences are those of a module: at its root, and beside its packages, which may have
// been copied from elsewhere.
func (m *module) licences() ([]string, error) {
	var found []string
	var flaws []error
	looked := map[string]bool{}
	for _, dir := range append([]string{m.Dir}, m.packages...) {
		for ; strings.HasPrefix(dir, m.Dir) && !looked[dir]; dir = filepath.Dir(dir) {
			looked[dir] = true
			entries, err := os.ReadDir(dir)
			if err != nil {
				return nil, err
			}
			for _, entry := range entries {
				if entry.IsDir() || !licenceFile.MatchString(entry.Name()) {
					continue
				}
				text, err := os.ReadFile(filepath.Join(dir, entry.Name()))
				if err != nil {
					return nil, err
				}
				names, err := judge(text)
				if err != nil {
					flaws = append(flaws, fmt.Errorf("%s: %w", filepath.Join(dir, entry.Name()), err))
				}
				found = append(found, names...)
			}
		}
	}
	slices.Sort(found)
	found = slices.Compact(found)
	if len(found) == 0 && len(flaws) == 0 {
		flaws = append(flaws, errors.New("no licence"))
	}
	return found, errors.Join(flaws...)
}

// judge names the licences of a text, and errs where one is not allowed or most of the
// text is of none.
func judge(text []byte) ([]string, error) {
	scanned := licensecheck.Scan(text)
	if scanned.Percent < enough {
		return nil, fmt.Errorf("%.0f %% of the text is of a known licence", scanned.Percent)
	}
	var names []string
	var flaws []error
	for _, match := range scanned.Match {
		names = append(names, match.ID)
		if !slices.Contains(allowed, match.ID) {
			flaws = append(flaws, fmt.Errorf("%s is not allowed", match.ID))
		}
	}
	return names, errors.Join(flaws...)
}
