package entity

import (
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	listschema "github.com/hashicorp/terraform-plugin-framework/list/schema"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
)

// orderByName is how a kind with plain filters is sorted, in place of sort.
const orderByName = "order_by"

// argument is the fact as an argument of a listing, which compares with one
// value: of a set, with one of its members.
func (f Fact) argument(doc string) schema.Attribute {
	if _, isNumber := f.shape.(integer); isNumber {
		return schema.Int64Attribute{Optional: true, MarkdownDescription: doc}
	}
	argument := schema.StringAttribute{Optional: true, MarkdownDescription: doc}
	for _, c := range f.checks {
		if words, ok := c.(oneOf); ok {
			argument.Validators = []validator.String{words}
		}
	}
	return argument
}

// listArgument is the same argument of a list resource.
func listArgument(a schema.Attribute) listschema.Attribute {
	switch a := a.(type) {
	case schema.Int64Attribute:
		return listschema.Int64Attribute{Optional: true, MarkdownDescription: a.MarkdownDescription}
	case schema.ListAttribute:
		return listschema.ListAttribute{Optional: true, ElementType: a.ElementType, MarkdownDescription: a.MarkdownDescription}
	case schema.StringAttribute:
		return listschema.StringAttribute{Optional: true, Validators: a.Validators, MarkdownDescription: a.MarkdownDescription}
	}
	panic(fmt.Sprintf("no argument of a list resource for %T", a)) // a shape that argument does not make
}

// plainFilters are the arguments of a listing that is filtered by equality.
func (k *Kind) plainFilters() map[string]schema.Attribute {
	attributes := map[string]schema.Attribute{}
	for _, f := range k.Facts {
		if f.isFilterable() {
			attributes[f.name] = f.argument("Lists only what has this value. " + f.doc)
		}
	}
	if sortable := k.sortable(); len(sortable) > 0 {
		attributes[orderByName] = schema.ListAttribute{
			Optional: true, ElementType: types.StringType,
			MarkdownDescription: "Fields to sort by, the first first; each upwards, or downwards with ` desc` behind it, as in `\"" + sortable[0] +
				" desc\"`. Fields that can be sorted by: `" + strings.Join(sortable, "`, `") + "`.",
		}
	}
	return attributes
}

func (k *Kind) sortable() []string { return k.Facts.names(func(f Fact) bool { return f.isSortable() }) }

// plainQuery reads the arguments that plainFilters describes.
func (k *Kind) plainQuery(q *api.Query, config Values, diags *diag.Diagnostics) {
	for _, f := range k.Facts {
		if f.isFilterable() && config.Known(f.name) {
			q.Filters = append(q.Filters, api.Filter{Field: f.field, Operator: api.Equal, Values: []string{plain(config[f.name])}})
		}
	}
	for i, v := range elementsOf(config[orderByName]) {
		order, known := textOf(v)
		if !known {
			continue
		}
		name, direction, _ := strings.Cut(strings.TrimSpace(order), " ")
		f, ok := k.Facts.find(name)
		switch {
		case !ok || !f.isSortable():
			diags.AddAttributeError(path.Root(orderByName).AtListIndex(i), "Cannot sort by this field",
				fmt.Sprintf("%s cannot be sorted by %q. Use one of: %s.", sentenceCase(strings.ReplaceAll(k.Plural, "_", " ")), name, strings.Join(k.sortable(), ", ")))
		case direction == "" || direction == "asc":
			q.Sort = append(q.Sort, f.field)
		case direction == "desc":
			q.Sort = append(q.Sort, "-"+f.field)
		default:
			diags.AddAttributeError(path.Root(orderByName).AtListIndex(i), "Unknown direction",
				fmt.Sprintf("%q is no direction: write %q or %q.", direction, name+" asc", name+" desc"))
		}
	}
}

// checkScope refuses a listing that is confined in two ways at once.
func (k *Kind) checkScope(config Values, diags *diag.Diagnostics) {
	for _, group := range k.groups() {
		var given []string
		for _, name := range group {
			if value, ok := config[name]; ok && !value.IsNull() {
				given = append(given, name)
			}
		}
		if len(given) > 1 {
			diags.AddAttributeError(path.Root(given[1]), "Invalid attribute combination",
				fmt.Sprintf("At most one of %s can be set.", strings.Join(given, " and ")))
		}
	}
}
