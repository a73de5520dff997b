// Package vscan holds the entities of ONTAP Vscan, the scanning of NAS files for
// viruses: the pools of scanners that an SVM lets in, and what became of their
// connections. Each file is one entity.
package vscan

import (
	"context"
	"fmt"
	"iter"
	"net/http"
	"regexp"
	"strings"
	"sync"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
)

const system = "ontap"

// Kinds are the entities of this package.
func Kinds() []*entity.Kind { return []*entity.Kind{&ScannerPool, &ServerStatus} }

// Area is all of this package.
func Area() entity.Area { return entity.Area{Title: "ONTAP: Vscan", Kinds: Kinds()} }

var uuidText = regexp.MustCompile(`(?i)^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)

// uuid is a fact that is the UUID of an object of the cluster.
func uuid(name string) entity.Fact {
	return entity.Text(name).Ignoring(strings.ToLower).Checked("a UUID", func(s string) error {
		if !uuidText.MatchString(s) {
			return fmt.Errorf("%q is not a UUID: write one such as 02c9e252-41be-11e9-81d5-00a0986138f7", s)
		}
		return nil
	})
}

// svm is a storage virtual machine, as far as Vscan needs to know it.
type svm struct{ name, uuid string }

// svms yields the cluster's SVMs for which a field has a value.
func svms(ctx context.Context, s *entity.Session, where []api.Filter) iter.Seq2[svm, error] {
	return func(yield func(svm, error) bool) {
		for o, err := range s.Client.List(ctx, "svm/svms", api.Query{Filters: where}) {
			name, _ := o["name"].(string)
			uuid, _ := o["uuid"].(string)
			if !yield(svm{name, uuid}, err) || err != nil {
				return
			}
		}
	}
}

// svmBy finds the SVM whose name or uuid has a value.
func svmBy(ctx context.Context, s *entity.Session, field, value string) (svm, error) {
	for found, err := range svms(ctx, s, api.Where(field, value)) {
		if err != nil {
			return svm{}, err
		}
		// A cluster that ignores an unknown filter must not make us take another SVM.
		if field == "name" && found.name == value || field == "uuid" && strings.EqualFold(found.uuid, value) {
			return found, nil
		}
	}
	return svm{}, &api.Error{
		Reason: api.NotFound, Operation: "GET svm/svms", Status: http.StatusNotFound, Field: "svm." + field,
		Message: fmt.Sprintf("There is no SVM with the %s %q", field, value),
		Remedy:  whichSVMs(ctx, s),
	}
}

// svmsThere are the cluster's SVMs as one plan has found them.
type svmsThere struct {
	mu     sync.Mutex
	listed bool
	found  []svm
	err    error
}

// all are the SVMs; they are listed once.
func (t *svmsThere) all(ctx context.Context, s *entity.Session) ([]svm, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.listed {
		return t.found, t.err
	}
	t.listed = true
	for one, err := range svms(ctx, s, nil) {
		if t.err = err; err != nil {
			break
		}
		t.found = append(t.found, one)
	}
	return t.found, t.err
}

// whichSVMs names some of the SVMs that there are.
func whichSVMs(ctx context.Context, s *entity.Session) string {
	var there []svm
	for found, err := range svms(ctx, s, nil) {
		if err != nil {
			return ""
		}
		there = append(there, found)
	}
	return namesOf(there)
}

// namesOf names up to ten SVMs.
func namesOf(there []svm) string {
	const most = 10
	if len(there) == 0 {
		return "The cluster shows this user no SVM at all."
	}
	var names []string
	for _, one := range there[:min(most, len(there))] {
		names = append(names, one.name)
	}
	if len(there) > most {
		names = append(names, "...")
	}
	return "The cluster has: " + strings.Join(names, ", ") + "."
}
