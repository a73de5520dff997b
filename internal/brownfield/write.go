package brownfield

import (
	"cmp"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"
	"github.com/zclconf/go-cty/cty"

	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
)

// files are the configuration: a file for each area, one for the imports, one for the
// secrets, and one for the provider.
func (e *estate) files(systems []string) map[string][]byte {
	all := map[string]*hclwrite.File{"providers.tf": providerFile(systems)}
	file := func(name string) *hclwrite.Body {
		if all[name] == nil {
			all[name] = hclwrite.NewEmptyFile()
		}
		return all[name].Body()
	}
	if len(e.objects) > 0 {
		say(file("imports.tf"), "These take over what is there. Once they are applied, this file can go.")
		file("imports.tf").AppendNewline()
	}
	slices.SortStableFunc(e.objects, func(a, b *object) int {
		if a.kind == b.kind {
			return cmp.Compare(a.label, b.label)
		}
		return 0
	})
	for _, o := range e.objects {
		variables := o.variables()
		for _, name := range slices.Sorted(maps.Keys(variables)) {
			if all["variables.tf"] == nil {
				say(file("variables.tf"), "What is secret, no system tells. To let Terraform set one, give the variable a",
					"value, and the resource a version beside it (password_wo_version = 1).")
			}
			secret(file("variables.tf"), variables[name], o, name)
		}
		o.write(file(identifier(o.area)+".tf"), variables)
		o.importInto(file("imports.tf"))
	}
	written := map[string][]byte{}
	for name, f := range all {
		written[name] = hclwrite.Format(f.Bytes())
	}
	return written
}

// providerFile names the provider, and where the systems are. How to log in stays in the
// environment.
func providerFile(systems []string) *hclwrite.File {
	f := hclwrite.NewEmptyFile()
	required := f.Body().AppendNewBlock("terraform", nil).Body().AppendNewBlock("required_providers", nil).Body()
	required.SetAttributeValue("storage", cty.ObjectVal(map[string]cty.Value{"source": cty.StringVal("storage-as-code/storage")}))
	f.Body().AppendNewline()
	block := f.Body().AppendNewBlock("provider", []string{"storage"}).Body()
	say(block, "The user and the password are in the environment.")
	for _, name := range systems {
		settings := cty.EmptyObjectVal
		if endpoint := os.Getenv(strings.ToUpper(name) + "_ENDPOINT"); endpoint != "" {
			settings = cty.ObjectVal(map[string]cty.Value{"endpoint": cty.StringVal(endpoint)})
		}
		block.SetAttributeValue(name, settings)
	}
	return f
}

// say writes comments.
func say(body *hclwrite.Body, lines ...string) {
	for _, line := range lines {
		body.AppendUnstructuredTokens(hclwrite.Tokens{{Type: hclsyntax.TokenComment, Bytes: []byte("# " + line + "\n")}})
	}
}

// variables are the names of the variables of what is secret, by attribute.
func (o *object) variables() map[string]string {
	all := map[string]string{}
	for _, name := range o.Secrets {
		all[name] = strings.TrimPrefix(o.TypeName(), "storage_") + "_" + o.label + "_" + strings.TrimSuffix(name, "_wo")
	}
	return all
}

// secret declares a variable. A null sets nothing.
func secret(body *hclwrite.Body, variable string, o *object, attribute string) {
	body.AppendNewline()
	v := body.AppendNewBlock("variable", []string{variable}).Body()
	v.SetAttributeRaw("type", hclwrite.TokensForIdentifier("string"))
	v.SetAttributeValue("description", cty.StringVal(attribute+" of "+o.address()+"."))
	v.SetAttributeValue("default", cty.NullVal(cty.String))
	v.SetAttributeValue("ephemeral", cty.True)
	v.SetAttributeValue("sensitive", cty.True)
}

func (o *object) address() string { return o.TypeName() + "." + o.label }

// said are the arguments that the configuration says: what is as the system makes it by
// itself is left out.
func (o *object) said() []entity.Argument {
	return slices.DeleteFunc(slices.Clone(o.arguments), func(a entity.Argument) bool {
		value := o.Values[a.Name]
		return !o.Values.Known(a.Name) || a.Defaulted && (isEmpty(value) || isDefault(o.TypeName(), a.Name, value))
	})
}

// write writes the resource.
func (o *object) write(body *hclwrite.Body, variables map[string]string) {
	if len(body.Blocks()) > 0 {
		body.AppendNewline()
	}
	block := body.AppendNewBlock("resource", []string{o.TypeName(), o.label}).Body()
	for _, a := range o.said() {
		value := o.Values[a.Name]
		if id, isOne := value.(types.Int64); isOne && o.to[a.Name] != nil && o.refs[a.Name][id.ValueInt64()] == nil {
			say(block, "Of the object with this id, there is no resource here to refer to.")
		}
		block.SetAttributeRaw(a.Name, tokens(value, o.refs[a.Name]))
	}
	for _, name := range slices.Sorted(maps.Keys(variables)) {
		say(block, "No system tells this. With a value, and "+name+"_version = 1, Terraform sets it.")
		block.SetAttributeTraversal(name, traversal("var", variables[name]))
	}
}

func (o *object) importInto(body *hclwrite.Body) {
	if len(body.Blocks()) > 0 {
		body.AppendNewline()
	}
	block := body.AppendNewBlock("import", nil).Body()
	block.SetAttributeTraversal("to", traversal(o.TypeName(), o.label))
	block.SetAttributeValue("id", cty.StringVal(o.ImportID(o.Values)))
}

func traversal(root string, names ...string) hcl.Traversal {
	t := hcl.Traversal{hcl.TraverseRoot{Name: root}}
	for _, name := range names {
		t = append(t, hcl.TraverseAttr{Name: name})
	}
	return t
}

// tokens write a value; ids that are of an object refer to it.
func tokens(v attr.Value, to map[int64]*object) hclwrite.Tokens {
	switch v := v.(type) {
	case types.Int64:
		if o := to[v.ValueInt64()]; o != nil {
			return hclwrite.TokensForTraversal(traversal(o.TypeName(), o.label, "id"))
		}
		return hclwrite.TokensForValue(cty.NumberIntVal(v.ValueInt64()))
	case types.Float64:
		return hclwrite.TokensForValue(cty.NumberFloatVal(v.ValueFloat64()))
	case types.Bool:
		return hclwrite.TokensForValue(cty.BoolVal(v.ValueBool()))
	case basetypes.ListValue:
		return tuple(v.Elements(), to)
	case basetypes.SetValue:
		return set(v.Elements(), to)
	case basetypes.MapValue:
		return fields(v.Elements())
	case basetypes.ObjectValue:
		return fields(v.Attributes())
	}
	return hclwrite.TokensForValue(cty.StringVal(textOf(v)))
}

// tuple writes a list: objects on lines of their own.
func tuple(elements []attr.Value, to map[int64]*object) hclwrite.Tokens {
	all := make([]hclwrite.Tokens, len(elements))
	lines := false
	for i, e := range elements {
		all[i] = tokens(e, to)
		_, isObject := e.(basetypes.ObjectValue)
		lines = lines || isObject
	}
	if !lines {
		return hclwrite.TokensForTuple(all)
	}
	newline := &hclwrite.Token{Type: hclsyntax.TokenNewline, Bytes: []byte("\n")}
	list := hclwrite.Tokens{{Type: hclsyntax.TokenOBrack, Bytes: []byte("[")}, newline}
	for _, one := range all {
		list = append(append(list, one...), &hclwrite.Token{Type: hclsyntax.TokenComma, Bytes: []byte(",")}, newline)
	}
	return append(list, &hclwrite.Token{Type: hclsyntax.TokenCBrack, Bytes: []byte("]")})
}

// set writes a set, in an order of its own.
func set(elements []attr.Value, to map[int64]*object) hclwrite.Tokens {
	return tuple(slices.SortedFunc(slices.Values(elements), func(a, b attr.Value) int {
		return cmp.Compare(string(tokens(a, to).Bytes()), string(tokens(b, to).Bytes()))
	}), to)
}

func fields(of map[string]attr.Value) hclwrite.Tokens {
	var all []hclwrite.ObjectAttrTokens
	for _, name := range slices.Sorted(maps.Keys(of)) {
		if of[name].IsNull() {
			continue
		}
		key := hclwrite.TokensForValue(cty.StringVal(name))
		if hclsyntax.ValidIdentifier(name) {
			key = hclwrite.TokensForIdentifier(name)
		}
		all = append(all, hclwrite.ObjectAttrTokens{Name: key, Value: tokens(of[name], nil)})
	}
	return hclwrite.TokensForObject(all)
}

// textOf is a value's text.
func textOf(v attr.Value) string { return entity.Values{"": v}.ID("") }

func isEmpty(v attr.Value) bool {
	switch v := v.(type) {
	case basetypes.ListValue:
		return len(v.Elements()) == 0
	case basetypes.SetValue:
		return len(v.Elements()) == 0
	case basetypes.MapValue:
		return len(v.Elements()) == 0
	}
	return false
}

// isDefault reports whether the system would choose the value by itself.
func isDefault(name string, attribute string, v attr.Value) bool {
	value, known := defaults[name][attribute]
	return known && value == textOf(v)
}
