package api

import "net/url"

// Query selects objects of a collection.
type Query struct {
	Filters []Filter
	// Sort holds field names, each with a leading "-" for descending order.
	Sort []string
	// Fields limits what is returned of each object; none means all.
	Fields []string
	// Limit stops after that many objects; 0 means no limit.
	Limit int
	// Params are parameters of the operation's own.
	Params url.Values
}

// Filter is one condition on a field; a query's conditions are joined by AND.
type Filter struct {
	Field    string
	Operator Operator
	// Values holds one value, two for Between, any number for In and NotIn,
	// none for the null tests.
	Values []string
	// Unsent says that the system cannot be asked for it: what it answers is held to it.
	Unsent bool
}

// Operator is a comparison of the systems' query language.
type Operator string

// The operators of the InfiniBox query language, which the engine takes as its
// own vocabulary (reference: overview, "Filtering").
const (
	Equal          Operator = "eq"
	NotEqual       Operator = "neq"
	IsNull         Operator = "is"
	IsNotNull      Operator = "isnot"
	Less           Operator = "lt"
	LessOrEqual    Operator = "leq"
	Greater        Operator = "gt"
	GreaterOrEqual Operator = "geq"
	In             Operator = "in"
	NotIn          Operator = "notin"
	Between        Operator = "between"
	Like           Operator = "like"
)

// Where is the condition that a field equals a value.
func Where(field, value string) []Filter {
	return []Filter{{Field: field, Operator: Equal, Values: []string{value}}}
}
