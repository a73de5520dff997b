package infinibox

import (
	"net/http"
	"slices"
	"strings"
)

const maxNameLength = 65

// checkName applies the array's rule for names. The reference gives the length, and refuses *, comma, slash,
// question mark and what is not ASCII; it never says what is allowed. The simulator takes the cautious set:
// ASCII letters and digits, space, and the marks - _ . and refuses names of dots alone.
func checkName(name string) error { return checkNameUpTo(name, maxNameLength) }

// checkNameUpTo is checkName for names of another length.
func checkNameUpTo(name string, longest int) error {
	if n := len([]rune(name)); n < 1 || n > longest {
		return badRequest("INVALID_NAME_LENGTH", "Name must be of length between 1 and %d characters", longest)
	}
	return checkCharacters(name)
}

// checkCharacters is what checkName says of characters.
func checkCharacters(name string) error {
	if !legalCharacters(name) || strings.Trim(name, ". ") == "" {
		return badRequest("INVALID_CHARACTERS_IN_NAME", "Invalid characters in name '%s'", name)
	}
	return nil
}

func legalCharacters(name string) bool {
	for _, r := range name {
		letter := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
		if !letter && !strings.ContainsRune(" -_.", r) {
			return false
		}
	}
	return true
}

var errDomainName = &apiError{"INVALID_CHARACTERS_IN_DOMAIN_NAME", http.StatusBadRequest, "Invalid domain name"}

// hasFold tells whether a text is among others, whatever their case.
func hasFold(texts []string, text string) bool {
	return slices.ContainsFunc(texts, func(other string) bool { return strings.EqualFold(other, text) })
}

// texts reads a list of texts; null is none.
func texts(name string, value any) ([]string, error) {
	if value == nil {
		return nil, nil
	}
	items, ok := value.([]any)
	if !ok {
		return nil, errField(name)
	}
	var out []string
	for _, item := range items {
		text, ok := item.(string)
		if !ok {
			return nil, errField(name)
		}
		out = append(out, text)
	}
	return out, nil
}
