package entity

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
)

// ImportState takes the entity's own forms, or an id, "name=NAME", or "KEY=VALUE,KEY=VALUE" for kinds that
// are identified by more than an id; or the identity of an import block.
func (r *managed) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	s := r.session(&resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	key, err := r.importKey(ctx, s, req)
	if err == nil {
		err = r.kind.deduce(ctx, s, key)
	}
	if err != nil {
		resp.Diagnostics.Append(r.kind.importRefusal(s, req.ID, err))
		return
	}
	for name, value := range key {
		resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root(name), value)...)
	}
	resp.Diagnostics.Append(r.setIdentity(ctx, resp.Identity, r.keyWithNulls(key))...)
	resp.Diagnostics.Append(memory{Imported: importFound}.keep(ctx, resp.Private)...)
}

func (r *managed) keyWithNulls(key Values) Values {
	full := Values{}
	for _, name := range r.kind.key() {
		full[name] = key[name]
		if full[name] == nil {
			f, _ := r.kind.Facts.find(name)
			full[name], _ = f.shape.decode(nil)
		}
	}
	return full
}

func (k *Kind) importRefusal(s *Session, id string, err error) diag.Diagnostic {
	summary := fmt.Sprintf("Could not import %s %q", k.title(), id)
	detail := sentence(err.Error())
	if api.ReasonOf(err) == api.NotFound {
		return diag.NewErrorDiagnostic(summary, detail)
	}
	forms := "the id (1001)"
	if k.Identity.Import.Forms != "" {
		forms = k.Identity.Import.Forms
	} else if owners := k.parents(); k.keyedByID() && len(owners) > 0 {
		forms = strings.Join(owners, "=1001,") + "=1001,id=1002"
		if k.hasLabel() {
			forms += " or " + strings.Join(owners, "=1001,") + "=1001," + k.label() + "=NAME"
		}
		forms += k.namedForms(s, owners)
	} else if !k.keyedByID() {
		forms = strings.Join(k.key(), "=1001,") + "=1001 (of those, the ones that apply)" + k.namedForms(s, k.key())
	} else if k.hasLabel() {
		forms += " or " + k.label() + "=NAME"
		if confines := k.confines(); len(confines) > 0 {
			forms += ", or " + strings.Join(confines, "=1002,") + "=1002," + k.label() + "=NAME where several have the name"
		}
	}
	return diag.NewErrorDiagnostic(summary, detail+"\n\nImport takes "+forms+".")
}

func (r *managed) importKey(ctx context.Context, s *Session, req resource.ImportStateRequest) (Values, error) {
	k := r.kind
	if k.Presence == ToldOnce {
		if req.ID == "" {
			return nil, fmt.Errorf("nothing reads a %s, so its identity does not do", k.title())
		}
		o, err := k.Identity.Import.Told(req.ID)
		if err != nil {
			return nil, err
		}
		return k.merge(Values{}, o)
	}
	if req.ID == "" && req.Identity != nil && !req.Identity.Raw.IsNull() {
		key := Values{}
		for _, name := range k.key() {
			f, _ := k.Facts.find(name)
			value, _ := f.shape.decode(nil)
			if _, isText := value.(types.String); isText {
				var t types.String
				req.Identity.GetAttribute(ctx, path.Root(name), &t)
				value = t
			} else {
				var n types.Int64
				req.Identity.GetAttribute(ctx, path.Root(name), &n)
				value = n
			}
			if !value.IsNull() {
				key[name] = value
			}
		}
		return key, nil
	}
	if k.Identity.Import.Key != nil {
		return k.Identity.Import.Key(ctx, s, req.ID)
	}
	if k.isOne() {
		id, err := k.Facts[0].read(nil)
		return Values{idName: id}, err
	}
	if name, ok := strings.CutPrefix(req.ID, k.label()+"="); ok && k.hasLabel() && k.keyedByID() && len(k.parents()) == 0 {
		return k.keyOfNamed(ctx, s, Values{k.label(): types.StringValue(name)})
	}
	if k.confinesIn(req.ID) {
		key, err := k.parseKey(ctx, s, req.ID)
		if err == nil && !key.Known(k.label()) {
			err = fmt.Errorf("%s is missing", k.label())
		}
		if err != nil {
			return nil, err
		}
		return k.keyOfNamed(ctx, s, key)
	}
	if k.keyedByID() && len(k.parents()) == 0 {
		f, _ := k.Facts.find(idName)
		id, err := f.parsed(strings.TrimPrefix(req.ID, "id="))
		if err != nil {
			return nil, fmt.Errorf("%q is not an id", req.ID)
		}
		return Values{idName: id}, nil
	}
	key, err := k.parseKey(ctx, s, req.ID)
	for _, name := range k.parents() {
		if err == nil && !key.Known(name) {
			err = fmt.Errorf("%s is missing", name)
		}
	}
	if err == nil && k.keyedByID() && !key.Known(idName) {
		return k.keyOfNamed(ctx, s, key)
	}
	return key, err
}

// confinesIn reports whether an import id begins by saying in what the name is unique.
func (k *Kind) confinesIn(id string) bool {
	return slices.ContainsFunc(k.confines(), func(name string) bool {
		return strings.HasPrefix(id, name+"=") || strings.HasPrefix(id, strings.TrimSuffix(name, idSuffix)+"=")
	})
}

// keyOfNamed is the key of the object that has the name, and the owners, of v.
func (k *Kind) keyOfNamed(ctx context.Context, s *Session, v Values) (Values, error) {
	o, err := k.findByName(ctx, s, v, k.idFields())
	if err != nil {
		return nil, err
	}
	f, _ := k.Facts.find(idName)
	id, err := f.read(o)
	key := Values{idName: id}
	for _, name := range k.parents() {
		key[name] = v[name]
	}
	return key, err
}
