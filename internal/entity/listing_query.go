package entity

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
)

// operators of a filter, with the number of values each takes; -1 means any.
var operators = map[api.Operator]int{
	api.Equal: 1, api.NotEqual: 1, api.Less: 1, api.LessOrEqual: 1, api.Greater: 1, api.GreaterOrEqual: 1, api.Like: 1,
	api.IsNull: 0, api.IsNotNull: 0, api.Between: 2, api.In: -1, api.NotIn: -1,
}

func operatorNames() []string {
	var names []string
	for o := range operators {
		names = append(names, string(o))
	}
	slices.Sort(names)
	return names
}

func filterAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"field": schema.StringAttribute{Required: true, MarkdownDescription: "The field to compare."},
		"operator": schema.StringAttribute{
			Optional: true,
			MarkdownDescription: "`eq`, `neq`, `lt`, `leq`, `gt`, `geq`, `like` (contains, whatever the case), `in`, `notin`, `between` (both ends included), " +
				"`is` or `isnot` (null; without values). Where it is not set: `eq` for one value, `in` for several.",
		},
		"values": schema.ListAttribute{
			Optional: true, ElementType: types.StringType,
			MarkdownDescription: "What to compare with. Capacities can be written with a unit (`\"1TB\"`), points in time in RFC 3339.",
		},
	}
}

// query reads the arguments of a listing and reports what is wrong with them.
// What is not known yet is passed over.
func (k *Kind) query(config Values, diags *diag.Diagnostics) api.Query {
	q := api.Query{Limit: int(config.Int(limitName))}
	if config.Known(limitName) && q.Limit < 1 {
		diags.AddAttributeError(path.Root(limitName), "Invalid limit", "A limit is at least 1.")
	}
	k.checkScope(config, diags)
	if k.Listing.Plain {
		k.plainQuery(&q, config, diags)
		return q
	}
	for i, v := range elementsOf(config[filtersName]) {
		at := path.Root(filtersName).AtListIndex(i)
		if o, ok := v.(types.Object); ok && !o.IsUnknown() {
			if f, ok := k.filter(o.Attributes(), at, diags); ok {
				q.Filters = append(q.Filters, f)
			}
		}
	}
	for i, v := range elementsOf(config[sortName]) {
		name, known := textOf(v)
		if !known {
			continue
		}
		bare, down := strings.CutPrefix(name, "-")
		f, ok := k.Facts.find(bare)
		if !ok || !f.isSortable() {
			diags.AddAttributeError(path.Root(sortName).AtListIndex(i), "Cannot sort by this field",
				fmt.Sprintf("%s cannot be sorted by %q. Use one of: %s.", strings.ReplaceAll(k.Plural, "_", " "), bare,
					strings.Join(k.Facts.names(func(f Fact) bool { return f.isSortable() }), ", ")))
			continue
		}
		if down {
			q.Sort = append(q.Sort, "-"+f.field)
		} else {
			q.Sort = append(q.Sort, f.field)
		}
	}
	return q
}

func (k *Kind) filter(given Values, at path.Path, diags *diag.Diagnostics) (api.Filter, bool) {
	name, known := textOf(given["field"])
	if !known {
		return api.Filter{}, false
	}
	f, ok := k.Facts.find(name)
	if !ok || !f.isFilterable() {
		diags.AddAttributeError(at.AtName("field"), "Cannot filter by this field",
			fmt.Sprintf("%s cannot be filtered by %q. Use one of: %s.", strings.ReplaceAll(k.Plural, "_", " "), name,
				strings.Join(k.Facts.names(func(f Fact) bool { return f.isFilterable() }), ", ")))
		return api.Filter{}, false
	}
	members := elementsOf(given["values"])
	filter := api.Filter{Field: f.field, Operator: api.Operator(given.Text("operator"))}
	if filter.Operator == "" {
		filter.Operator = api.Equal
		if len(members) > 1 {
			filter.Operator = api.In
		}
	}
	takes, ok := operators[filter.Operator]
	switch {
	case given["operator"].IsUnknown() || given["values"].IsUnknown():
		return api.Filter{}, false
	case !ok:
		diags.AddAttributeError(at.AtName("operator"), "Unknown operator",
			fmt.Sprintf("%q is not an operator. Use one of: %s.", filter.Operator, strings.Join(operatorNames(), ", ")))
		return api.Filter{}, false
	case takes >= 0 && len(members) != takes, takes < 0 && len(members) == 0:
		diags.AddAttributeError(at.AtName("values"), "Wrong number of values", wrongCount(filter.Operator, takes, len(members)))
		return api.Filter{}, false
	}
	for _, v := range members {
		value, known := textOf(v)
		if !known {
			return api.Filter{}, false
		}
		sent, err := f.filterValue(value)
		if err != nil {
			diags.AddAttributeError(at.AtName("values"), "Invalid value", fmt.Sprintf("%s: %s", name, sentence(err.Error())))
			return api.Filter{}, false
		}
		filter.Values = append(filter.Values, sent)
	}
	return filter, true
}

func wrongCount(o api.Operator, takes, has int) string {
	switch takes {
	case -1:
		return fmt.Sprintf("The operator %q takes at least one value.", o)
	case 0:
		return fmt.Sprintf("The operator %q compares with null and takes no values; it has %d.", o, has)
	case 1:
		return fmt.Sprintf("The operator %q takes one value; it has %d.", o, has)
	}
	return fmt.Sprintf("The operator %q takes %d values; it has %d.", o, takes, has)
}

// filterValue is a value as the API's query language spells it.
func (f Fact) filterValue(value string) (string, error) {
	switch s := f.shape.(type) {
	case integer:
		if _, err := strconv.ParseInt(value, 10, 64); err != nil {
			return "", fmt.Errorf("%q is not a whole number", value)
		}
	case decimal:
		if _, err := strconv.ParseFloat(value, 64); err != nil {
			return "", fmt.Errorf("%q is not a number", value)
		}
	case boolean:
		if value != "true" && value != "false" {
			return "", fmt.Errorf("%q is neither true nor false", value)
		}
	case capacity:
		return asText(s.encode(types.StringValue(value)))
	case moment:
		sent, err := asText(s.encode(types.StringValue(value)))
		if err != nil {
			return "", fmt.Errorf("%q is not a point in time such as 2026-01-31T00:00:00Z", value)
		}
		return sent, nil
	case text:
		return s.normalise(value), nil
	}
	return value, nil
}

// asText is what is sent, as a filter spells it.
func asText(sent any, err error) (string, error) { return fmt.Sprint(sent), err }
