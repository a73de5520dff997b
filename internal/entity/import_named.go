package entity

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
)

// idSuffix ends the name of an attribute that is the id of another object.
const idSuffix = "_" + idName

// parseKey reads "KEY=VALUE,KEY=VALUE". What is the id of another object may be its name:
// "volume=NAME" for "volume_id=1001".
func (k *Kind) parseKey(ctx context.Context, s *Session, id string) (Values, error) {
	key := Values{}
	for part := range strings.SplitSeq(id, ",") {
		name, value, err := k.parsePart(ctx, s, part)
		if err != nil {
			return nil, err
		}
		key[name] = value
	}
	return key, nil
}

func (k *Kind) parsePart(ctx context.Context, s *Session, part string) (name string, value attr.Value, err error) {
	name, text, ok := strings.Cut(part, "=")
	f, known := k.Facts.find(name)
	if !known {
		f, known = k.Facts.find(name + idSuffix)
		kinds := s.namedKinds(k, f)
		if known = known && len(kinds) > 0; ok && known {
			text, err = s.idOfNamed(ctx, kinds, text)
		}
	}
	if !ok || !known {
		return "", nil, fmt.Errorf("%q is not a key and its value", part)
	}
	if err == nil {
		value, err = f.parsed(text)
	}
	return f.name, value, err
}

// idOfNamed is the id of the object of one of the kinds that has the name.
func (s *Session) idOfNamed(ctx context.Context, kinds []*Kind, name string) (id string, err error) {
	nouns := make([]string, len(kinds))
	for i, k := range kinds {
		nouns[i] = k.title()
		o, err := k.findByName(ctx, s, Values{k.label(): types.StringValue(name)}, k.idFields())
		switch {
		case api.ReasonOf(err) == api.NotFound:
		case err != nil:
			return "", err
		case id != "" && id != k.idIn(o):
			return "", fmt.Errorf("more than one %s has the name %q: say which is meant by its id", strings.Join(nouns[:i+1], " or "), name)
		default:
			id = k.idIn(o)
		}
	}
	if id == "" {
		return "", &api.Error{Reason: api.NotFound, Message: fmt.Sprintf("There is no %s with the name %q", strings.Join(nouns, " or "), name)}
	}
	return id, nil
}

// namedKinds are the kinds of which a fact is an id, as far as they have names that no two
// have alike.
func (s *Session) namedKinds(k *Kind, f Fact) []*Kind {
	names := k.namesOf(f)
	return slices.DeleteFunc(slices.Clone(s.kinds), func(other *Kind) bool {
		return !slices.Contains(names, other.Name) || !other.hasLabel() || !other.keyedByID() || len(other.parents()) > 0
	})
}

// namesOf are the kinds that a fact refers to: as To says, or Identity.Refers, or else the
// fact's own name.
func (k *Kind) namesOf(f Fact) []string {
	of, isID := strings.CutSuffix(f.name, idSuffix)
	switch {
	case f.to != nil:
		return f.to
	case k.Identity.Refers[f.name] != nil:
		return k.Identity.Refers[f.name]
	case isID && f.name != "":
		return []string{of}
	}
	return nil
}

// namedForms are the forms of an import id with names in place of the ids in a key.
func (k *Kind) namedForms(s *Session, key []string) string {
	var forms []string
	for _, name := range key {
		of, isID := strings.CutSuffix(name, idSuffix)
		if f, _ := k.Facts.find(name); isID && len(s.namedKinds(k, f)) > 0 {
			forms = append(forms, of+"=NAME for "+name+"=1001")
		}
	}
	if forms == nil {
		return ""
	}
	return "; also " + strings.Join(forms, ", ")
}
