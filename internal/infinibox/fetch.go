package infinibox

import (
	"context"
	"errors"
	"fmt"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
)

// asked is what one look at a collection asks the array for: the objects of ids, those
// from an id on, or else all.
type asked struct {
	ids    []string
	window bool
	from   int64
}

// answer is what the array says to that.
type answer struct {
	objects []api.Object
	pages   int   // the size of the collection; 0 where it does not show
	whole   bool  // it is the whole collection
	until   int64 // of a window: there are no others up to that id
}

// fetch asks the array: of a collection that is too large to be listed whole, and was not
// known to be, it brings the first page.
func (b *batch) fetch(ctx context.Context, asked asked) (answer, error) {
	switch {
	case b.source != nil && asked.ids != nil:
		return answer{}, nil
	case b.source != nil:
		return b.fetchSource(ctx)
	case asked.window:
		return b.fetchWindow(ctx, asked.from)
	}
	q := api.Query{Fields: b.fields}
	if ids := asked.ids; ids != nil {
		field := "id"
		for i, id := range ids {
			if name, ok := strings.CutPrefix(id, namePrefix); ok {
				field, ids[i] = "name", name
			}
		}
		slices.Sort(ids)
		q.Filters = []api.Filter{{Field: field, Operator: api.In, Values: slices.Compact(ids)}}
	}
	p, err := parameters(q)
	if err != nil {
		return answer{}, err
	}
	var objects []api.Object
	for number := 1; ; number++ {
		page, m, err := b.client.page(ctx, b.collection, p, number, pageSize)
		if err != nil {
			return answer{}, err
		}
		objects = append(objects, page...)
		switch {
		case asked.ids != nil:
			return answer{objects: objects}, nil
		case number >= m.PagesTotal || len(page) == 0:
			return answer{objects: objects, pages: m.PagesTotal, whole: true}, nil
		case number == 1 && m.PagesTotal > wholePages && b.pages == 0:
			return answer{objects: objects, pages: m.PagesTotal}, nil
		}
	}
}

// fetchSource lists a source's objects, unless that takes too many requests.
func (b *batch) fetchSource(ctx context.Context) (answer, error) {
	if b.pages == 0 {
		ctx = withMostPages(ctx, wholePagesUnsorted)
	}
	var objects []api.Object
	for object, err := range b.source.List(ctx, b.client) {
		if large, ok := errors.AsType[*sizeError](err); ok {
			return answer{pages: large.pages}, nil
		}
		if err != nil {
			return answer{}, err
		}
		objects = append(objects, object)
	}
	return answer{objects: objects, whole: true}, nil
}

// fetchWindow gets a page of the collection from an id on.
func (b *batch) fetchWindow(ctx context.Context, from int64) (answer, error) {
	p, err := parameters(api.Query{
		Fields: b.fields, Sort: []string{"id"},
		Filters: []api.Filter{{Field: "id", Operator: api.GreaterOrEqual, Values: []string{strconv.FormatInt(from, 10)}}},
	})
	if err != nil {
		return answer{}, err
	}
	objects, m, err := b.client.page(ctx, b.collection, p, 1, pageSize)
	if err != nil {
		return answer{}, err
	}
	last := from - 1
	for _, object := range objects {
		id, err := strconv.ParseInt(fmt.Sprint(object["id"]), 10, 64)
		if err != nil || id <= last {
			return answer{}, &api.Error{Operation: http.MethodGet + " " + b.collection, Message: "the array did not sort the objects by their ids"}
		}
		last = id
	}
	if m.PagesTotal <= 1 {
		last = math.MaxInt64
	}
	return answer{objects: objects, until: last}, nil
}

type mostPagesKey struct{}

// withMostPages makes listings end with a sizeError where they take more pages.
func withMostPages(ctx context.Context, pages int) context.Context {
	return context.WithValue(ctx, mostPagesKey{}, pages)
}

// sizeError is of a listing that takes more pages than it may.
type sizeError struct{ pages int }

func (e *sizeError) Error() string { return fmt.Sprintf("the listing takes %d pages", e.pages) }

// checkSize refuses a listing by the size that its first page tells.
func checkSize(ctx context.Context, pages int) error {
	if most, is := ctx.Value(mostPagesKey{}).(int); is && pages > most {
		return &sizeError{pages}
	}
	return nil
}
