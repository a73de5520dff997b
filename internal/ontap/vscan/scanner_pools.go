package vscan

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
)

// listPools lists the pools of one SVM, or of every SVM in turn: the API has no
// listing across SVMs.
func listPools(ctx context.Context, s *entity.Session, scope entity.Values, q api.Query) iter.Seq2[api.Object, error] {
	pools := func(yield func(api.Object, error) bool) {
		for owner, err := range owners(ctx, s, scope) {
			if err != nil {
				yield(nil, err)
				return
			}
			for o, err := range s.Client.List(ctx, poolsOf(owner.uuid), q) {
				if err != nil {
					yield(nil, err)
					return
				}
				if !yield(within(owner, o), nil) {
					return
				}
			}
		}
	}
	if len(q.Sort) > 0 && !scope.Known("svm_name") && !scope.Known("svm_uuid") {
		return sorted(pools, q.Sort)
	}
	return pools
}

// owners are the SVMs that a scope names, else all.
func owners(ctx context.Context, s *entity.Session, scope entity.Values) iter.Seq2[svm, error] {
	field, value := "uuid", scope.Text("svm_uuid")
	if scope.Known("svm_name") {
		field, value = "name", scope.Text("svm_name")
	}
	if value == "" {
		return svms(ctx, s, nil)
	}
	return func(yield func(svm, error) bool) { yield(svmBy(ctx, s, field, value)) }
}

// sorted puts in order what several SVMs have each sorted by themselves.
func sorted(pools iter.Seq2[api.Object, error], order []string) iter.Seq2[api.Object, error] {
	return func(yield func(api.Object, error) bool) {
		var all []api.Object
		for o, err := range pools {
			if err != nil {
				yield(nil, err)
				return
			}
			all = append(all, o)
		}
		slices.SortStableFunc(all, func(a, b api.Object) int {
			for _, field := range order {
				bare, down := strings.CutPrefix(field, "-")
				n := cmp.Compare(textAt(a, bare), textAt(b, bare))
				if down {
					n = -n
				}
				if n != 0 {
					return n
				}
			}
			return 0
		})
		for _, o := range all {
			if !yield(o, nil) {
				return
			}
		}
	}
}

// textAt is a field of an object, which may be within another: "cluster.name".
func textAt(o api.Object, field string) string {
	name, rest, nested := strings.Cut(field, ".")
	if !nested {
		return fmt.Sprint(o[name])
	}
	inner, _ := o[name].(api.Object)
	return textAt(inner, rest)
}
