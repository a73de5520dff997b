// Package brownfield writes the configuration that takes over what is on a system already:
// a resource for every object, with names of its own and references in place of ids, and
// the import blocks that go with them.
package brownfield

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
)

// Options are what a person may choose.
type Options struct {
	// Only and Except name resources, without "storage_": those that are written, where
	// there are any, and those that are not.
	Only, Except []string
	// Snapshots says that snapshots are written too, which come and go.
	Snapshots bool
}

// Estate is the configuration of what is there.
type Estate struct {
	// Count is how many objects of each type there are.
	Count map[string]int
	// Left says why what is there, or may be, is not written: by type.
	Left map[string]string
	// Files are the configuration, by their names.
	Files map[string][]byte
}

// Read reads the systems that the environment tells how to reach, and writes what is there
// as a configuration.
func Read(ctx context.Context, systems []*entity.System, o Options) (*Estate, error) {
	if err := o.check(systems); err != nil {
		return nil, err
	}
	e := &estate{byID: map[reference]*object{}, left: map[string]string{}}
	var reached []string
	for _, s := range systems {
		session, problems := s.FromEnvironment(ctx)
		if problems.HasError() {
			return nil, told(problems)
		}
		if session == nil {
			continue
		}
		reached = append(reached, s.Name)
		err := e.read(ctx, s, session, o)
		if session.End != nil {
			err = errors.Join(err, session.End(context.WithoutCancel(ctx)))
		}
		if err != nil {
			return nil, err
		}
	}
	if reached == nil {
		return nil, errors.New("the environment names no system: set INFINIBOX_ENDPOINT, INFINIBOX_USERNAME and INFINIBOX_PASSWORD, or the like of another system")
	}
	e.label()
	e.refer()
	return &Estate{Count: e.count(), Left: e.left, Files: e.files(reached)}, nil
}

// Write writes the configuration into a directory that has none yet.
func (e *Estate) Write(dir string) error {
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return err
	}
	there, err := filepath.Glob(filepath.Join(dir, "*.tf"))
	if err != nil {
		return err
	}
	if len(there) > 0 {
		return fmt.Errorf("%s has a configuration already, such as %s: name an empty directory", dir, there[0])
	}
	for _, name := range slices.Sorted(maps.Keys(e.Files)) {
		if err := os.WriteFile(filepath.Join(dir, name), e.Files[name], 0o600); err != nil {
			return err
		}
	}
	return nil
}

// check refuses names that are no resource's.
func (o Options) check(systems []*entity.System) error {
	known := map[string]bool{}
	for _, s := range systems {
		for _, k := range s.Kinds {
			known[k.TypeName()] = k.IsManaged()
		}
	}
	for _, name := range slices.Concat(o.Only, o.Except) {
		if !known[typeName(name)] {
			return fmt.Errorf("there is no resource %s", typeName(name))
		}
	}
	return nil
}

// chooses reports whether a person wants a type.
func (o Options) chooses(name string) bool {
	is := func(other string) bool { return typeName(other) == name }
	return (o.Only == nil || slices.ContainsFunc(o.Only, is)) && !slices.ContainsFunc(o.Except, is)
}

func typeName(name string) string { return "storage_" + strings.TrimPrefix(name, "storage_") }

// told are the errors of a system that could not be reached.
func told(problems diag.Diagnostics) error {
	all := make([]error, 0, len(problems))
	for _, p := range problems.Errors() {
		all = append(all, fmt.Errorf("%s: %s", p.Summary(), p.Detail()))
	}
	return errors.Join(all...)
}
