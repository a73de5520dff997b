package common

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
)

// Attribute is the look-up of one field of an object by the name that the API gives
// it: what this version of the array has and the provider has no attribute for.
func Attribute(of *entity.Kind, id string) *entity.Lookup {
	noun := strings.ReplaceAll(of.Name, "_", " ")
	return &entity.Lookup{
		System: System, Name: of.Name + "_attribute", What: noun + " attribute",
		Doc: "One attribute of a " + noun + " under the name that the array's API gives it. It is for what no other data source tells, such as an attribute that a newer version of the array has added.",
		Arguments: entity.Facts{
			entity.Ref(id).Required().Doc("The id of the " + noun + "."),
			entity.Text("attribute").Required().Matching(regexp.MustCompile(`^\w+$`), `ASCII letters, digits and "_"`).
				Doc("The attribute's name in the array's API, where names, units and moments may differ from those of Terraform's attributes."),
		},
		Facts: AttributeFacts,
		Ask: func(ctx context.Context, s *entity.Session, v entity.Values) (api.Object, error) {
			return AttributeAt(ctx, s, api.Path(of.Path, v.Int(id), v.Text("attribute")))
		},
	}
}

// AttributeFacts are what is told of one field under the name that the API gives it.
var AttributeFacts = entity.Facts{
	entity.Text("value").Doc("The value as text; absent where the array has none, and where it is a list or an object."),
	entity.Text("json").Doc("The value as JSON, for `jsondecode`; `null` where the array has none."),
}

// AttributeAt is the field at a path, in AttributeFacts.
func AttributeAt(ctx context.Context, s *entity.Session, path string) (api.Object, error) {
	answer, err := Field(ctx, s, path)
	if err != nil {
		return nil, err
	}
	return TextAndJSON(answer)
}

// Lists come in pages: of the array's own size where none is asked for.
const (
	usualPage   = 50
	largestPage = 1000
)

// Field is one field of an object. A list is whole.
func Field(ctx context.Context, s *entity.Session, path string) (any, error) {
	return Whole(ctx, s, path, nil)
}

// Whole is the answer to a read. A list that may be more than a page is asked for again,
// whole, unless the query says which page is meant.
func Whole(ctx context.Context, s *entity.Session, path string, query url.Values) (any, error) {
	answer, err := s.Client.Do(ctx, api.Request{Method: http.MethodGet, Path: path, Query: query})
	if list, ok := answer.([]any); err != nil || !ok || len(list) < usualPage || query.Has("page") || query.Has("page_size") {
		return answer, err
	}
	paged := url.Values{"page_size": {strconv.Itoa(largestPage)}}
	maps.Copy(paged, query)
	var all []any
	for page := 1; ; page++ {
		paged.Set("page", strconv.Itoa(page))
		answer, err := s.Client.Do(ctx, api.Request{Method: http.MethodGet, Path: path, Query: paged})
		if err != nil {
			return nil, err
		}
		list, _ := answer.([]any)
		if all = append(all, list...); len(list) < largestPage {
			return all, nil
		}
	}
}

// TextAndJSON is an answer of any form: as value what is neither a list nor an object, and
// all as json.
func TextAndJSON(answer any) (api.Object, error) {
	encoded, err := json.Marshal(answer)
	if err != nil {
		return nil, err
	}
	o := api.Object{"json": string(encoded)}
	switch answer.(type) {
	case nil, []any, api.Object:
	default:
		o["value"] = fmt.Sprint(answer)
	}
	return o, nil
}

// AsJSON is a field of which no example shows what is in it.
func AsJSON(name string) entity.Fact {
	return entity.Text(name).From(func(o api.Object) any {
		text, err := json.Marshal(o[name])
		if err != nil || o[name] == nil {
			return nil
		}
		return string(text)
	})
}
