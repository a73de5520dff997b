package testcore

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// HCL writes the configuration as a user would, so that the CLI can repeat it.
// Instances of one resource become one block, which tells their arguments by key.
func (c Config) HCL() string {
	var b strings.Builder
	for _, resource := range slices.Sorted(maps.Keys(c.resources())) {
		c.writeResource(&b, resource)
	}
	for _, m := range c.Moved {
		fmt.Fprintf(&b, "moved {\n  from = %s\n  to   = %s\n}\n", m.From, m.To)
	}
	for _, address := range slices.Sorted(maps.Keys(c.Imports)) {
		from := c.Imports[address]
		if from.Identity != nil {
			fmt.Fprintf(&b, "import {\n  to       = %s\n  identity = %s\n}\n", address, expression(from.Identity))
			continue
		}
		fmt.Fprintf(&b, "import {\n  to = %s\n  id = %q\n}\n", address, from.ID)
	}
	for _, resource := range c.Removed {
		fmt.Fprintf(&b, "removed {\n  from = %s\n  lifecycle {\n    destroy = false\n  }\n}\n", resource)
	}
	return b.String()
}

func (c Config) writeResource(b *strings.Builder, resource string) {
	var addresses []string
	for address := range c.Resources {
		if ResourceOf(address) == resource {
			addresses = append(addresses, address)
		}
	}
	slices.SortFunc(addresses, byKey)
	name := strings.TrimPrefix(resource, TypeOf(resource)+".")
	fmt.Fprintf(b, "resource %q %q {\n", TypeOf(resource), name)
	index := ""
	switch key := keyOf(addresses[0]); {
	case key == "":
	case key[0] == '"':
		index = "[each.key]"
		var all []string
		for _, address := range addresses {
			all = append(all, keyOf(address))
		}
		fmt.Fprintf(b, "  for_each = toset([%s])\n", strings.Join(all, ", "))
	default:
		index = "[count.index]"
		fmt.Fprintf(b, "  count = %d\n", len(addresses))
	}
	for _, argument := range c.arguments(addresses) {
		fmt.Fprintf(b, "  %s = %s\n", argument, c.argument(addresses, argument, index))
	}
	first := c.Resources[addresses[0]]
	if len(first.DependsOn) > 0 {
		fmt.Fprintf(b, "  depends_on = [%s]\n", strings.Join(first.DependsOn, ", "))
	}
	if first.CreateBeforeDestroy || len(first.ReplaceTriggeredBy) > 0 {
		b.WriteString("  lifecycle {\n")
		if first.CreateBeforeDestroy {
			b.WriteString("    create_before_destroy = true\n")
		}
		if len(first.ReplaceTriggeredBy) > 0 {
			fmt.Fprintf(b, "    replace_triggered_by = [%s]\n", strings.Join(first.ReplaceTriggeredBy, ", "))
		}
		b.WriteString("  }\n")
	}
	b.WriteString("}\n")
}

// arguments are those that any of the instances has.
func (c Config) arguments(addresses []string) []string {
	all := map[string]bool{}
	for _, address := range addresses {
		for name, value := range c.Resources[address].Arguments {
			if value != nil {
				all[name] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(all))
}

// argument is an argument's expression for all of the instances.
func (c Config) argument(addresses []string, name, index string) string {
	value := func(address string) any { return c.Resources[address].Arguments[name] }
	alike := !slices.ContainsFunc(addresses, func(address string) bool { return !reflect.DeepEqual(value(address), value(addresses[0])) })
	if alike {
		return expression(value(addresses[0]))
	}
	var all []string
	for _, address := range addresses {
		one := expression(value(address))
		if index == "[each.key]" {
			one = keyOf(address) + " = " + one
		}
		all = append(all, one)
	}
	if index == "[each.key]" {
		return "{ " + strings.Join(all, ", ") + " }" + index
	}
	return "[" + strings.Join(all, ", ") + "]" + index
}

// keyOf is what is between the brackets of an address; "" where it has none.
func keyOf(address string) string {
	_, key, _ := strings.Cut(address, "[")
	return strings.TrimSuffix(key, "]")
}

func byKey(a, b string) int {
	x, err1 := strconv.Atoi(keyOf(a))
	y, err2 := strconv.Atoi(keyOf(b))
	if err1 == nil && err2 == nil {
		return x - y
	}
	return strings.Compare(a, b)
}

// expression is a value in Terraform's language.
func expression(value any) string {
	switch v := value.(type) {
	case nil:
		return "null"
	case Ref:
		return v.Address + "." + v.Attribute
	case Unknown:
		return "terraform_data.unknown.id"
	case string:
		return strings.NewReplacer("${", "$${", "%{", "%%{").Replace(strconv.Quote(v))
	}
	r := reflect.ValueOf(value)
	switch r.Kind() {
	case reflect.Slice:
		var all []string
		for i := range r.Len() {
			all = append(all, expression(r.Index(i).Interface()))
		}
		return "[" + strings.Join(all, ", ") + "]"
	case reflect.Map:
		members, err := membersOf(r)
		if err != nil {
			return err.Error()
		}
		var all []string
		for _, key := range slices.Sorted(maps.Keys(members)) {
			all = append(all, fmt.Sprintf("%q = %s", key, expression(members[key])))
		}
		return "{ " + strings.Join(all, ", ") + " }"
	}
	text, err := json.Marshal(value)
	if err != nil {
		return err.Error()
	}
	return string(text)
}
