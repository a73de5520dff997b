package infinibox

import (
	"regexp"
	"slices"
)

// Bounds of what a filesystem may be given. A year of WORM has 365 days.
const (
	leastAtime          = 3600
	leastWORM, longWORM = 86400, 157680000
	longestSnapdir      = 255
)

var rootMode = regexp.MustCompile(`^[0-7]{3,4}$`)

// filesystemChecks check the fields that only filesystems have.
var filesystemChecks = map[string]func(ch *change) error{
	"used_capacity_warning":  thresholdCheck("used_capacity_warning"),
	"used_capacity_critical": thresholdCheck("used_capacity_critical"),
	"suspend_state":          checkSuspension,
	"worm_default_retention": checkWORMRetention,
	"worm_legal_hold":        checkLegalHold,
	"atime_granularity": func(ch *change) error {
		if ch.after.int("atime_granularity") < leastAtime {
			return conflict("ATIME_GRANULARITY_BELOW_MIN_LIMIT", "Cannot set the atime_granularity to less than %d seconds", leastAtime)
		}
		return nil
	},
	"snapdir_name": func(ch *change) error {
		name := ch.after.text("snapdir_name")
		switch {
		case name == "" || len(name) > longestSnapdir:
			return errWrong("snapdir_name", name, "size must be between 1 and 255")
		case !legalCharacters(name):
			return badRequest("INVALID_CHARACTERS_IN_NAME", "Invalid characters in name '%s'", name)
		}
		return nil
	},
	"root_mode": func(ch *change) error {
		if mode := ch.after.text("root_mode"); !rootMode.MatchString(mode) {
			return conflict("INVALID_FILESYSTEM_ROOT_MODE", "Invalid filesystem root mode '%s'", mode)
		}
		return nil
	},
	"posix_file_ownership": func(ch *change) error {
		if ch.after["security_style"] == "UNIX" {
			return conflict("UNSUPPORTED_FILESYSTEM_SECURITY_STYLE", "Setting Posix File Ownership is not supported on a unix filesystem")
		}
		return nil
	},
}

// checkSuspension keeps a filesystem going whose clients hold state on it.
func checkSuspension(ch *change) error {
	holds := func(o Object) bool { return o.bool("enabled") && (o.of() == ch.a.shares || o["nfs_version"] == nfs4) }
	access := append(ch.a.exportsOf(ch.before), ch.a.sharesOf(ch.before)...)
	if isSuspended(ch.after) && slices.ContainsFunc(access, holds) {
		return conflict("FILESYSTEM_SUSPEND_NOT_ALLOWED", "Filesystem '%s' cannot be suspended. The filesystem has active SMB shares and/or NFSv4 exports. Disable them and try again.", ch.before.name())
	}
	return nil
}

// isWORM tells whether files, once written, are kept as they are: write once, read many.
func isWORM(o Object) bool { return isFilesystem(o) && o["worm_level"] != "NONE" }

func checkWORMRetention(ch *change) error {
	retention := ch.after.int("worm_default_retention")
	switch {
	case !isWORM(ch.after):
		return conflict("UNSUPPORTED_WORM_DEFAULT_RETENTION", "worm_default_retention field cannot be set for non-WORM filesystems")
	case retention < leastWORM || retention > longWORM:
		return conflict("ILLEGAL_WORM_DEFAULT_RETENTION", "The filesystem's 'WORM default retention' value must be at least %d seconds and no more than %d seconds", leastWORM, longWORM)
	}
	return nil
}

func checkLegalHold(ch *change) error {
	switch {
	case !isWORM(ch.after):
		return conflict("UNSUPPORTED_WORM_LEGAL_HOLD", "worm_legal_hold field cannot be set for non-WORM filesystems")
	case ch.after["worm_legal_hold"] == nil:
		return conflict("ILLEGAL_WORM_LEGAL_HOLD", "The filesystem's 'WORM legal hold' value cannot be null")
	}
	return nil
}

// showMaxRetention adds to a listing what it shows only when asked: the longest retention of WORM filesystems.
func showMaxRetention(l *listing) {
	for _, item := range l.items {
		m := item.(map[string]any)
		if _, wanted := m["worm_max_retention"]; wanted && m["worm_level"] != "NONE" {
			m["worm_max_retention"] = longWORM
		}
	}
}
