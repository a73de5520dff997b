package common

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
)

// Few names up to five things and counts the rest.
func Few(names []string) string {
	const most = 5
	if len(names) > most {
		return fmt.Sprintf("%s and %d more", strings.Join(names[:most], ", "), len(names)-most)
	}
	return strings.Join(names, ", ")
}

// QuotedNames are the quoted names of the objects that a query selects.
func QuotedNames(objects []api.Object) []string {
	names := make([]string, len(objects))
	for i, o := range objects {
		names[i] = fmt.Sprintf("%q", o["name"])
	}
	return names
}

// Collect lists objects for an explanation; what cannot be listed is left out.
func Collect(ctx context.Context, s *entity.Session, path string, q api.Query) []api.Object {
	var found []api.Object
	for o, err := range s.Client.List(ctx, path, q) {
		if err != nil {
			break
		}
		found = append(found, o)
	}
	return slices.Clip(found)
}

// NameOf is the name of an object; "" where it has none.
func NameOf(o api.Object) string {
	name, _ := o["name"].(string)
	return name
}

// Number is a whole number as the API gives it.
func Number(answer any) (int64, error) { return strconv.ParseInt(fmt.Sprint(answer), 10, 64) }

// Object is an answer that must be one.
func Object(answer any, err error) (api.Object, error) {
	o, _ := answer.(api.Object)
	return o, err
}

// Asked is a query for what has the known ones of the arguments.
func Asked(v entity.Values, names ...string) api.Query {
	var q api.Query
	for _, name := range names {
		if v.Known(name) {
			q.Filters = append(q.Filters, api.Where(name, v.ID(name))...)
		}
	}
	return q
}

// Listing is all of a list, as the field of an object.
func Listing(ctx context.Context, s *entity.Session, field, path string, q api.Query) (api.Object, error) {
	all := []any{}
	for o, err := range s.Client.List(ctx, path, q) {
		if err != nil {
			return nil, err
		}
		all = append(all, o)
	}
	return api.Object{field: all}, nil
}
