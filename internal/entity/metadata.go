package entity

import (
	"context"
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

// pairsOf is a map attribute's content; nil where it is null or unknown.
func pairsOf(value attr.Value) map[string]string {
	m, ok := value.(types.Map)
	if !ok || m.IsNull() || m.IsUnknown() {
		return nil
	}
	pairs := make(map[string]string, len(m.Elements()))
	for key, v := range m.Elements() {
		pairs[key], _ = textOf(v)
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

// withDefaults is what Terraform keeps on an object: the provider's default
// pairs, and the object's own over them.
func (k *Kind) withDefaults(s *Session, own attr.Value) attr.Value {
	if own.IsUnknown() {
		return types.MapUnknown(types.StringType)
	}
	if m, ok := own.(types.Map); ok {
		for _, v := range m.Elements() {
			if v.IsUnknown() {
				return types.MapUnknown(types.StringType)
			}
		}
	}
	all := k.defaults(s)
	maps.Copy(all, pairsOf(own))
	if len(all) == 0 {
		return noPairs
	}
	return pairsValue(all)
}

// defaults are the provider's default pairs, in a map of its own.
func (k *Kind) defaults(s *Session) map[string]string {
	all := map[string]string{}
	if !k.NoDefaults {
		maps.Copy(all, s.DefaultMetadata)
	}
	return all
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
			if s.DefaultMetadata[key] != text {
				own[key] = text
			}
		}
		if len(own) == 0 {
			state[metadataName] = noPairs
		} else {
			state[metadataName] = pairsValue(own)
		}
	} else if own != nil {
		state[metadataName] = pairsValue(present(own, found))
	}
	if all = present(all, found); len(all) == 0 {
		state[metadataAllName] = noPairs
	} else {
		state[metadataAllName] = pairsValue(all)
	}
	return nil
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
