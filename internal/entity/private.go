package entity

import (
	"context"
	"encoding/json"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
)

// memoryKey is the one key of an object's private state.
const memoryKey = "engine"

// memory is what the private state of an object keeps: what its attributes do not
// tell.
type memory struct {
	// Imported is set from import until a configuration that speaks of metadata is
	// applied: what the state has is what was found, not what was asked for. It says
	// importFound until the first read; what comes later is others'.
	Imported string `json:"imported,omitempty"`
	// Original is what an adopted object was before Terraform managed it, for the
	// destroy that gives it back.
	Original json.RawMessage `json:"original,omitempty"`
	// Given are the attributes of it that a configuration has set or changed: the others
	// are not given back, since whatever changed them was somebody else.
	Given []string `json:"given,omitempty"`
	// Unfinished is set while a creation has not ended well.
	Unfinished bool `json:"unfinished,omitempty"`
	// Asked holds what was last asked for of attributes that others have changed since.
	Asked map[string]json.RawMessage `json:"asked,omitempty"`
	// Plan is what a plan leaves for its second part, and for the operation that
	// carries it out.
	Plan *intent `json:"plan,omitempty"`
}

const (
	importFound = "found"
	importRead  = "read"
)

// intent is a plan's word on an object.
type intent struct {
	// Owner is the resource's name in the ledger. Terraform plans a replacement twice,
	// the second time with the new object alone, and hands over what the first has left.
	Owner string `json:"owner,omitempty"`
	// Kept says that the plan leaves the object as it is, or changes it: a second plan
	// is of a replacement that the user forces.
	Kept bool `json:"kept,omitempty"`
	// Approved is the word on the object's deletion.
	Approved *bool `json:"approved,omitempty"`
	// Refused is what the operation is to say in place of being carried out.
	Refused *message `json:"refused,omitempty"`
}

// message is what a user reads: a line, and what there is to say of it.
type message struct{ Summary, Detail string }

// privateState is what the framework hands over as one.
type privateState interface {
	GetKey(ctx context.Context, key string) ([]byte, diag.Diagnostics)
	SetKey(ctx context.Context, key string, value []byte) diag.Diagnostics
}

// recall reads an object's memory. One that cannot be read is empty.
func recall(ctx context.Context, private privateState) (m memory) {
	if text, _ := private.GetKey(ctx, memoryKey); text != nil && json.Unmarshal(text, &m) != nil {
		return memory{}
	}
	return m
}

// keep writes an object's memory.
func (m memory) keep(ctx context.Context, private privateState) diag.Diagnostics {
	return private.SetKey(ctx, memoryKey, m.encoded())
}

// encoded is nil where there is nothing to remember.
func (m memory) encoded() []byte {
	if m.Imported == "" && m.Original == nil && !m.Unfinished && len(m.Asked) == 0 && m.Plan == nil {
		return nil
	}
	text, err := json.Marshal(m)
	if err != nil {
		return nil // only texts that were JSON already: it cannot happen
	}
	return text
}

// notice remembers of what others have changed what was asked for, and forgets what
// is as asked again.
func (m *memory) notice(k *Kind, prior, found Values) {
	for _, f := range k.resourceFacts() {
		if !f.settable() || f.secret || f.untold() || prior[f.name] == nil || prior[f.name].IsUnknown() {
			continue
		}
		if asked, ok := m.asked(f); ok {
			if same(f.shape, asked, found[f.name]) {
				delete(m.Asked, f.name)
			}
			continue
		}
		if same(f.shape, prior[f.name], found[f.name]) {
			continue
		}
		if text, err := f.stored(prior[f.name]); err == nil {
			if m.Asked == nil {
				m.Asked = map[string]json.RawMessage{}
			}
			m.Asked[f.name] = text
		}
	}
}

// asked is what was last asked for of a fact that others have changed.
func (m *memory) asked(f Fact) (attr.Value, bool) {
	text, ok := m.Asked[f.name]
	if !ok {
		return nil, false
	}
	value, err := f.restored(text)
	return value, err == nil
}

// stored and restored turn a value into JSON and back.
func (f Fact) stored(value attr.Value) (json.RawMessage, error) {
	if value.IsNull() {
		return json.RawMessage("null"), nil
	}
	encoded, err := f.shape.encode(value)
	if err != nil {
		return nil, err
	}
	return json.Marshal(encoded)
}

func (f Fact) restored(text json.RawMessage) (attr.Value, error) {
	var answer any
	if err := decodeNumbers(text, &answer); err != nil {
		return nil, err
	}
	return f.shape.decode(answer)
}
