package entity

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	datasource "github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/int64default"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

const (
	metadataName    = "metadata"
	metadataAllName = "metadata_all"
	timeoutsName    = "timeouts"
)

// resourceSchema is the schema of the managed resource.
func (k *Kind) resourceSchema(ctx context.Context) schema.Schema {
	attributes := map[string]schema.Attribute{timeoutsName: resourceTimeouts(ctx)}
	for _, f := range k.resourceFacts() {
		if f.secret {
			maps.Copy(attributes, k.secretAttributes(f))
			continue
		}
		attributes[f.name] = f.resourceAttribute(k.describe(f))
	}
	if k.dangerous() {
		attributes[approvedName] = schema.BoolAttribute{
			Optional: true,
			MarkdownDescription: "Whether dangerous operations on this object are approved. It outranks the provider's " +
				"`approve_dangerous_operations`, also when it is `false`.",
		}
	}
	if k.hasMetadata() {
		attributes[metadataName] = schema.MapAttribute{
			ElementType: types.StringType, Optional: true, Computed: true,
			MarkdownDescription: "Key-value pairs kept on the object. Only the keys set here are managed: others are left alone.",
			Validators:          []validator.Map{checkKeys()},
		}
		attributes[metadataAllName] = schema.MapAttribute{
			ElementType: types.StringType, Computed: true,
			MarkdownDescription: "All pairs that Terraform keeps on the object: `metadata` and the provider's `default_metadata`.",
		}
	}
	return schema.Schema{
		MarkdownDescription: k.resourceDoc(),
		Attributes:          attributes,
	}
}

// resourceDoc is the kind's text in the resource's docs: what it is, and what of it
// needs approval.
func (k *Kind) resourceDoc() string {
	consents := k.Consents()
	if len(consents) == 0 {
		return k.Doc
	}
	parts := []string{k.Doc + "\n\n~> **Dangerous operations.** A plan with one of these is refused until it is approved, by `approved = true` here or by the provider's `approve_dangerous_operations`:"}
	for _, c := range consents {
		parts = append(parts, "- **"+sentenceCase(c.Doing)+".** "+c.Reason)
	}
	return strings.Join(parts, "\n")
}

// describe is a fact's text in the resource's docs.
func (k *Kind) describe(f Fact) string {
	doc := f.doc + f.variantDoc()
	if block := f.block(); block > 0 {
		doc += fmt.Sprintf(" It is a multiple of %d bytes: the function `capacity_round_up` makes one of any size.", block)
	}
	if f.settable() && !f.isMutable() {
		doc += " Changing it replaces the " + k.title() + "."
	}
	if f.anew != nil {
		when := make([]string, len(f.anew))
		for i, c := range f.anew {
			when[i] = c.when
		}
		doc += " To " + strings.Join(when, " or ") + " replaces the " + k.title() + "."
	}
	if len(f.danger) > 0 {
		whens := make([]string, len(f.danger))
		for i, d := range f.danger {
			whens[i] = d.when
		}
		doc += " It needs approval to " + strings.Join(whens, ", or to ") + "."
	}
	return doc
}

func (f Fact) resourceAttribute(doc string) schema.Attribute {
	req := f.use == required && f.of == nil
	opt, comp := f.settable() && !req, f.computed()
	switch s := f.shape.(type) {
	case integer:
		return schema.Int64Attribute{Required: req, Optional: opt, Computed: comp, MarkdownDescription: doc, Validators: checksOf[validator.Int64](f)}
	case decimal:
		return schema.Float64Attribute{Required: req, Optional: opt, Computed: comp, MarkdownDescription: doc, Validators: checksOf[validator.Float64](f)}
	case boolean:
		return schema.BoolAttribute{Required: req, Optional: opt, Computed: comp, MarkdownDescription: doc}
	case text, capacity, duration:
		return schema.StringAttribute{Required: req, Optional: opt, Computed: comp, MarkdownDescription: doc, Validators: checksOf[validator.String](f)}
	case moment:
		return schema.StringAttribute{Required: req, Optional: opt, Computed: comp, MarkdownDescription: doc, CustomType: timetypes.RFC3339Type{}, Validators: checksOf[validator.String](f)}
	case pairs:
		return schema.MapAttribute{Required: req, Optional: opt, Computed: comp, MarkdownDescription: doc, ElementType: types.StringType, Validators: checksOf[validator.Map](f)}
	case collection:
		if of, isRecord := s.element.(record); isRecord {
			return schema.ListNestedAttribute{
				Required: req, Optional: opt, Computed: comp, MarkdownDescription: doc, Validators: checksOf[validator.List](f),
				NestedObject: schema.NestedAttributeObject{Attributes: of.facts.recordAttributes()},
			}
		}
		if s.ordered {
			return schema.ListAttribute{Required: req, Optional: opt, Computed: comp, MarkdownDescription: doc, ElementType: s.element.attrType(), Validators: checksOf[validator.List](f)}
		}
		return schema.SetAttribute{Required: req, Optional: opt, Computed: comp, MarkdownDescription: doc, ElementType: s.element.attrType(), Validators: checksOf[validator.Set](f)}
	}
	panic(fmt.Sprintf("fact %s: no attribute for shape %T", f.name, f.shape)) // a mistake in a table of facts
}

// recordAttributes are those of a record that a user writes.
func (fs Facts) recordAttributes() map[string]schema.Attribute {
	attributes := map[string]schema.Attribute{}
	for _, f := range fs {
		attributes[f.name] = f.withDefault(f.resourceAttribute(f.doc))
	}
	return attributes
}

// withDefault lets the plan show what is meant where the user says nothing.
func (f Fact) withDefault(a schema.Attribute) schema.Attribute {
	if f.otherwise == nil {
		return a
	}
	switch a := a.(type) {
	case schema.StringAttribute:
		a.Default = stringdefault.StaticString(f.otherwise.(types.String).ValueString())
		return a
	case schema.Int64Attribute:
		a.Default = int64default.StaticInt64(f.otherwise.(types.Int64).ValueInt64())
		return a
	case schema.BoolAttribute:
		a.Default = booldefault.StaticBool(f.otherwise.(types.Bool).ValueBool())
		return a
	}
	panic(fmt.Sprintf("fact %s: no default for shape %T", f.name, f.shape)) // a mistake in a table of facts
}

// dataAttribute is a fact in a data source, where all is read; inputs are what
// the object is looked up by.
func (f Fact) dataAttribute(input bool) datasource.Attribute {
	doc := f.doc
	if f.of != nil {
		doc += " Null unless " + f.of.doc() + "."
	}
	switch s := f.shape.(type) {
	case integer:
		return datasource.Int64Attribute{Optional: input, Computed: true, MarkdownDescription: doc}
	case decimal:
		return datasource.Float64Attribute{Optional: input, Computed: true, MarkdownDescription: doc}
	case boolean:
		return datasource.BoolAttribute{Optional: input, Computed: true, MarkdownDescription: doc}
	case text, capacity, duration:
		return datasource.StringAttribute{Optional: input, Computed: true, MarkdownDescription: doc}
	case moment:
		return datasource.StringAttribute{Optional: input, Computed: true, MarkdownDescription: doc, CustomType: timetypes.RFC3339Type{}}
	case record:
		return datasource.SingleNestedAttribute{Computed: true, MarkdownDescription: doc, Attributes: s.facts.dataAttributes(nil)}
	case pairs:
		return datasource.MapAttribute{Computed: true, MarkdownDescription: doc, ElementType: types.StringType}
	case collection:
		if r, ok := s.element.(record); ok {
			return datasource.ListNestedAttribute{Computed: true, MarkdownDescription: doc, NestedObject: datasource.NestedAttributeObject{Attributes: r.facts.dataAttributes(nil)}}
		}
		if s.ordered {
			return datasource.ListAttribute{Computed: true, MarkdownDescription: doc, ElementType: s.element.attrType()}
		}
		return datasource.SetAttribute{Computed: true, MarkdownDescription: doc, ElementType: s.element.attrType()}
	}
	panic(fmt.Sprintf("fact %s: no attribute for shape %T", f.name, f.shape)) // a mistake in a table of facts
}

// dataAttributes are the attributes of a data source, or of a nested object.
func (fs Facts) dataAttributes(inputs []string) map[string]datasource.Attribute {
	attributes := map[string]datasource.Attribute{}
	for _, f := range fs.readable() {
		attributes[f.name] = f.dataAttribute(slices.Contains(inputs, f.name))
	}
	return attributes
}

// identitySchema is what identifies an object across states.
func (k *Kind) identitySchema() identityschema.Schema {
	attributes := map[string]identityschema.Attribute{}
	for _, name := range k.key() {
		f, _ := k.Facts.find(name)
		// What is only given may be one of several that tell the object.
		alone := len(k.key()) == 1 || f.use != optional && f.of == nil
		switch f.shape.(type) {
		case integer:
			attributes[name] = identityschema.Int64Attribute{RequiredForImport: alone, OptionalForImport: !alone, Description: f.doc}
		default:
			attributes[name] = identityschema.StringAttribute{RequiredForImport: alone, OptionalForImport: !alone, Description: f.doc}
		}
	}
	return identityschema.Schema{Attributes: attributes}
}
