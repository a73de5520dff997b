package infinibox

import (
	"regexp"
	"strings"
)

// reservedShares are names that SMB itself uses.
var reservedShares = []string{"IPC$", "ADMIN$", "PRINT$"}

// notInNames are the characters that Windows takes in no name of a share, a user or a group.
const notInNames = `"/\[]:;|=,+*?<>`

func windowsName(name string) bool {
	return !strings.ContainsAny(name, notInNames) && !strings.ContainsFunc(name, func(r rune) bool { return r < ' ' || r == 127 })
}

// checkWindowsName applies the rules for names of SMB users and groups.
func checkWindowsName(name string, longest int) error {
	if n := len([]rune(name)); n < 1 || n > longest {
		return badRequest("INVALID_NAME_LENGTH", "Name must be of length between 1 and %d characters", longest)
	}
	if !windowsName(name) || strings.Contains(name, "@") || strings.Trim(name, ". ") == "" {
		return badRequest("INVALID_CHARACTERS_IN_NAME", "Invalid characters in name '%s'", name)
	}
	return nil
}

// checkShareName checks the name of a new share. Home shares may have the same name, as users see their own of them.
func checkShareName(ch *change) error {
	name := ch.after.text("name")
	switch n := len([]rune(name)); {
	case n < 1 || n > longestShareName:
		return badRequest("INVALID_NAME_LENGTH", "Name must be of length between 1 and %d characters", longestShareName)
	case strings.Trim(name, ".") == "":
		return conflict("SHARE_INVALID_NAME", "This share name is invalid: cannot be comprised of only dots")
	case contains(reservedShares, strings.ToUpper(name)):
		return conflict("SHARE_NAME_IS_RESERVED", "The share name '%s' is a reserved name and cannot be used", name)
	case !windowsName(name):
		return conflict("INVALID_SHARE_PATH", "'%s' is not a valid share name. Filesystem ID '%d'. Share ID '%d'", name, ch.after.int("filesystem_id"), ch.a.lastID+1)
	}
	for _, other := range ch.a.shares.all() {
		switch {
		case !strings.EqualFold(other.name(), name):
		case !isHome(ch.after) || !isHome(other):
			return conflict("SHARE_NAME_CONFLICT", "A share named '%s' already exists", other.name())
		case other["filesystem_id"] == ch.after["filesystem_id"] && rootFolder(other) == rootFolder(ch.after):
			return conflict("HOME_SHARE_CONFLICT", "A home share with this name and base path already exists on this filesystem")
		}
	}
	return nil
}

// expansion is a variable in the template of a home share: the user, the domain, or a part of the user's name.
var expansion = regexp.MustCompile(`%.?`)

// isTemplate tells whether a text expands to a directory for each user.
func isTemplate(text string) bool {
	seen := map[string]bool{}
	for _, variable := range expansion.FindAllString(text, -1) {
		if !contains([]string{"%u", "%d", "%D", "%0", "%1", "%2"}, variable) || seen[strings.ToLower(variable)] {
			return false
		}
		seen[strings.ToLower(variable)] = true
	}
	return strings.HasSuffix(text, "%u")
}

// checkHomeShare checks what only home shares have.
func checkHomeShare(ch *change, filesystem Object) error {
	base := ch.after.text("internal_base_path")
	switch {
	case isSnapshot(filesystem):
		return conflict("HOME_SHARES_NOT_ALLOWED_ON_SNAPSHOTS", "Home shares cannot be created on snapshots")
	case !isWindows(filesystem):
		return conflict("INCORRECT_FILESYSTEM_FOR_HOME_SHARE", "Home shares can only be created on WINDOWS security-style filesystems")
	case !strings.HasPrefix(base, "/") || ch.a.at(filesystem, base) != directory:
		return conflict("INVALID_HOME_SHARE_BASE_PATH", "Home share base path must be an existing directory and begin with a '/'")
	}
	for _, field := range []string{"name", "user_directory"} {
		if !isTemplate(ch.after.text(field)) {
			return conflict("INVALID_HOME_SHARE_EXPANSION_TEMPLATE", "Home share '%s' may contain up to one occurrence of each of the expansion variables (%%u, %%d/%%D, %%0, %%1, %%2) and must end in %%u", field)
		}
	}
	return nil
}
