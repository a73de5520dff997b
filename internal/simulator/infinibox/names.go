package infinibox

import "strings"

const maxNameLength = 65

// checkName applies the array's rule for names. The reference gives the length, and refuses *, comma, slash,
// question mark and what is not ASCII; it never says what is allowed. The simulator takes the cautious set:
// ASCII letters and digits, space, and the marks - _ . and refuses names of dots alone.
func checkName(name string) error {
	if n := len([]rune(name)); n < 1 || n > maxNameLength {
		return badRequest("INVALID_NAME_LENGTH", "Name must be of length between 1 and %d characters", maxNameLength)
	}
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
