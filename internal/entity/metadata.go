package entity

import (
	"context"
	"errors"
	"fmt"
	"maps"

	"github.com/hashicorp/terraform-plugin-framework-validators/mapvalidator"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// CheckKey refuses what would be another path once it is a segment of one: such a
// pair could never be read or removed by itself.
func CheckKey(key string) error {
	switch key {
	case "", ".", "..":
		return fmt.Errorf("%q is no key: a pair under it could never be read or removed by itself", key)
	}
	return nil
}

func checkKeys() validator.Map {
	return mapvalidator.KeysAre(stringCheck{what: "a key", check: CheckKey})
}

// pairsOf is a map attribute's content; nil where it is null or unknown. A null
// element is an absent key.
func pairsOf(value attr.Value) map[string]string {
	m, ok := value.(types.Map)
	if !ok || m.IsNull() || m.IsUnknown() {
		return nil
	}
	elements := m.Elements()
	pairs := make(map[string]string, len(elements))
	for key, v := range elements {
		if !v.IsNull() {
			pairs[key], _ = textOf(v)
		}
	}
	return pairs
}

func pairsValue(pairs map[string]string) attr.Value {
	values := make(map[string]attr.Value, len(pairs))
	for key, text := range pairs {
		values[key] = types.StringValue(text)
	}
	return types.MapValueMust(types.StringType, values)
}

var noPairs = types.MapNull(types.StringType)

// likeBefore is the state's spelling of planned pairs that mean the same: the two
// differ in null elements alone.
func likeBefore(before, after attr.Value) attr.Value {
	had := pairsOf(before)
	if had == nil || after.IsUnknown() || hasUnknown(after) || !maps.Equal(had, pairsOf(after)) {
		return after
	}
	return before
}

func hasUnknown(value attr.Value) bool {
	m, _ := value.(types.Map)
	for _, v := range m.Elements() {
		if v.IsUnknown() {
			return true
		}
	}
	return false
}

// withDefaults is what Terraform keeps on an object: the provider's default pairs,
// and the object's own over them. It is unknown as a whole where a part of it is,
// because that part may turn out to be null, which is no pair.
func (k *Kind) withDefaults(s *Session, own attr.Value) attr.Value {
	layers := []attr.Value{own}
	if k.Metadata != WithoutDefaults {
		layers = []attr.Value{s.DefaultMetadata, own}
	}
	all := map[string]attr.Value{}
	for _, layer := range layers {
		if layer.IsUnknown() {
			return types.MapUnknown(types.StringType)
		}
		m, _ := layer.(types.Map)
		for key, v := range m.Elements() {
			if !v.IsNull() {
				all[key] = v
			}
		}
	}
	for _, v := range all {
		if v.IsUnknown() {
			return types.MapUnknown(types.StringType)
		}
	}
	if len(all) == 0 {
		return noPairs
	}
	return types.MapValueMust(types.StringType, all)
}

// isDefault reports whether a pair that was found is one of the provider's. Of a
// default that is not known yet the key tells.
func isDefault(s *Session, key, text string) bool {
	v, ok := s.DefaultMetadata.Elements()[key]
	if !ok {
		return false
	}
	is, known := textOf(v)
	return v.IsUnknown() || known && is == text
}

// readMetadata brings the pairs that Terraform keeps on the object up to date in
// its state. Of an imported object it takes all pairs that are there. It asks
// nothing of the system where there is nothing to know.
func readMetadata(ctx context.Context, s *Session, state Values, imported bool) error {
	own, all := pairsOf(state[metadataName]), pairsOf(state[metadataAllName])
	if len(all) == 0 && !imported {
		return nil
	}
	found, err := s.Metadata.Get(ctx, idOf(state))
	if err != nil {
		return err
	}
	if imported {
		own, all = map[string]string{}, found
		for key, text := range found {
			if !isDefault(s, key, text) {
				own[key] = text
			}
		}
		if len(own) == 0 {
			state[metadataName] = noPairs
		} else {
			state[metadataName] = pairsValue(own)
		}
	} else if own != nil {
		state[metadataName] = withNulls(state[metadataName], present(own, found))
	}
	if all = present(all, found); len(all) == 0 {
		state[metadataAllName] = noPairs
	} else {
		state[metadataAllName] = pairsValue(all)
	}
	return nil
}

// withNulls are pairs as a map attribute, with the null elements that it had.
func withNulls(had attr.Value, pairs map[string]string) attr.Value {
	values := pairsValue(pairs).(types.Map).Elements()
	m, _ := had.(types.Map)
	for key, v := range m.Elements() {
		if v.IsNull() {
			values[key] = v
		}
	}
	return types.MapValueMust(types.StringType, values)
}

// present is what found holds of the keys of wanted.
func present(wanted, found map[string]string) map[string]string {
	kept := map[string]string{}
	for key := range wanted {
		if text, ok := found[key]; ok {
			kept[key] = text
		}
	}
	return kept
}

// writeMetadata makes the object's pairs those of after, where Terraform kept
// those of before.
func writeMetadata(ctx context.Context, s *Session, id string, before, after attr.Value) error {
	if after.IsUnknown() {
		return errors.New("it is not known yet what pairs the object is to have")
	}
	had, want := pairsOf(before), pairsOf(after)
	changed := map[string]string{}
	for key, text := range want {
		if old, ok := had[key]; !ok || old != text {
			changed[key] = text
		}
	}
	if len(changed) > 0 {
		if err := s.Metadata.Put(ctx, id, changed); err != nil {
			return err
		}
	}
	for key := range had {
		if _, keep := want[key]; !keep {
			if err := s.Metadata.Delete(ctx, id, key); err != nil {
				return err
			}
		}
	}
	return nil
}
