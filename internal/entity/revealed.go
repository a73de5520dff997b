package entity

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
)

// storeName is the attribute by which a user says that a secret which the system makes
// goes into the state.
func (f Fact) storeName() string { return "store_generated_" + f.name }

// revealed are the facts that the system tells once.
func (k *Kind) revealed() Facts {
	var facts Facts
	for _, f := range k.Facts {
		if f.revealed {
			facts = append(facts, f)
		}
	}
	return facts
}

// secretAttributes are the attributes of a secret in the resource.
func (k *Kind) secretAttributes(f Fact) map[string]schema.Attribute {
	doc := f.doc + f.variantDoc() + " Terraform keeps it in no state and no plan."
	version := fmt.Sprintf("Any number; a change of it sends `%s` again.", f.writeOnlyName())
	switch {
	case f.unread:
		version = fmt.Sprintf("Any number, which stands in the state for `%s`. That is sent at creation alone: a change of the number sends nothing.", f.writeOnlyName())
	case !f.isMutable():
		version = fmt.Sprintf("Any number; a change of it replaces the %s, with what `%s` is then. Of an imported %s the first is only noted.", k.title(), f.writeOnlyName(), k.title())
	}
	if f.revealed {
		doc += fmt.Sprintf(" Where it is not set, the system makes one, and `%s` is needed.", f.storeName())
	}
	attributes := map[string]schema.Attribute{
		f.writeOnlyName(): schema.StringAttribute{Optional: true, Sensitive: true, WriteOnly: true, MarkdownDescription: doc, Validators: checksOf[validator.String](f)},
		f.versionName():   schema.Int64Attribute{Optional: true, MarkdownDescription: version},
	}
	if f.revealed {
		attributes[f.storeName()] = schema.BoolAttribute{
			Optional: true,
			MarkdownDescription: fmt.Sprintf("Whether the secret that the system makes, where `%s` is not set, is stored in the state, as `%s`. Whoever reads the state can read it then. "+
				"The system tells it once, when the %s is created: an imported one has none to store.", f.writeOnlyName(), f.name, k.title()),
		}
		attributes[f.name] = schema.StringAttribute{
			Computed: true, Sensitive: true,
			MarkdownDescription: fmt.Sprintf("The secret that the system has made, where `%s` is true; null otherwise.", f.storeName()),
		}
	}
	return attributes
}

// oneSecret refuses a secret of the user's own beside the word that the system's is to
// be stored.
type oneSecret struct{ kind *Kind }

func (c oneSecret) Description(context.Context) string         { return "one secret" }
func (c oneSecret) MarkdownDescription(context.Context) string { return "one secret" }

func (c oneSecret) ValidateResource(ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse) {
	config := valuesIn(ctx, req.Config, &resp.Diagnostics)
	for _, f := range c.kind.revealed() {
		if config.Known(f.writeOnlyName()) && config.Bool(f.storeName()) {
			resp.Diagnostics.AddAttributeError(path.Root(f.storeName()), "There is no generated secret to store",
				fmt.Sprintf("%s sets the secret, so that the system makes none. Leave one of %s and %s out.", f.writeOnlyName(), f.writeOnlyName(), f.storeName()))
		}
	}
}

// replacesSecret reports whether the change of a secret, of which its version tells,
// replaces the object. Of an imported object it is not known which secret it has.
func (f Fact) replacesSecret(before, after Values) bool {
	was, will := before[f.versionName()], after[f.versionName()]
	switch {
	case f.isMutable() || same(integer{}, will, was):
		return false
	case was.IsNull():
		return before.Known(f.name) // its own takes the place of the system's
	case will.IsNull():
		return f.revealed && after.Bool(f.storeName())
	}
	return true
}

// planRevealed plans what becomes of secrets that the system tells once, and refuses to
// have one made that nobody would ever know, or that would be in the state unasked.
func (r *managed) planRevealed(p *Plan) {
	for _, f := range r.kind.revealed() {
		own, store := !p.Config.Null(f.writeOnlyName()), p.After[f.storeName()]
		stored := !store.IsNull() && (store.IsUnknown() || p.After.Bool(f.storeName()))
		is := r.kind.existence(f, p.After)
		switch {
		case is == missing, own && (p.Before == nil || p.Replaced), !stored && (p.Before != nil || is == undecided):
			p.After[f.name] = types.StringNull()
		case p.Before != nil && !p.Replaced:
			p.After[f.name] = p.Before[f.name]
			if p.Before.Null(f.name) && !p.Before.Bool(f.storeName()) {
				p.Warn("There is no secret to store", fmt.Sprintf("The system told the secret of %s once, when it was created, and that was not stored: %s stays null. To have one, replace the %s.",
					r.kind.named(p.Before), f.name, r.kind.title()))
			}
		case stored:
			p.After[f.name] = types.StringUnknown()
		default:
			p.Refuse(f.writeOnlyName(), fmt.Sprintf("The %s needs %s, or %s", r.kind.title(), f.writeOnlyName(), f.storeName()),
				fmt.Sprintf("The system would make a secret and tell it once, so that it would be known to nobody. There are two ways. "+
					"Set %s and %s to a secret of your own, as from an ephemeral resource: Terraform stores it nowhere. "+
					"Or set %s = true: the secret that the system makes is then in the state, as the sensitive attribute %s, and whoever reads the state can read it.",
					f.writeOnlyName(), f.versionName(), f.storeName(), f.name))
		}
	}
}

// reveal takes the secrets that the system has made from the answer of the creation. It
// is an error where that was lost: nothing else tells them.
func (w *writing) reveal(o api.Object) error {
	for _, f := range w.kind.revealed() {
		if !w.want[f.name].IsUnknown() {
			continue
		}
		told, _ := api.FieldOf(o, f.field)
		secret, ok := told.(string)
		if !ok || secret == "" {
			return fmt.Errorf("the system made the %s and told it in an answer that was lost. It tells it once", f.name)
		}
		w.held[f.name] = types.StringValue(secret)
	}
	return nil
}

// adoptRevealed takes over what a plan says of the stored secret.
func (w *writing) adoptRevealed(f Fact) {
	for _, name := range []string{f.storeName(), f.name} {
		if will := w.want[name]; will != nil && !will.IsUnknown() {
			w.held[name] = will
		}
	}
}
