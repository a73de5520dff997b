package infinibox

import (
	"net/netip"
	"slices"
	"strings"
)

// access are the words for what a client of an export may do.
var access = &field{name: "access", kind: text, values: []string{"RW", "RO", "NONE"}}

// checkPermissions reads the rules of an export: which client may do what, and whether its root is root.
func checkPermissions(ch *change) error {
	given := ch.after.list("permissions")
	if len(given) > ch.a.limits.ExportPermissions {
		return badRequest("EXPORT_PERMISSION_CLIENTS_COUNT_LIMIT", "The number of export rules exceeds the system limit of %d", ch.a.limits.ExportPermissions)
	}
	rules := []any{}
	for _, item := range given {
		rule, err := readPermission(item)
		if err != nil {
			return err
		}
		rules = append(rules, rule)
	}
	ch.after["permissions"] = rules
	return nil
}

// readPermission reads one rule. What it does not say is as in the rule that an export begins with.
func readPermission(item any) (map[string]any, error) {
	given, ok := item.(map[string]any)
	if !ok {
		return nil, errField("permissions")
	}
	if err := only(given, "access", "client", "no_root_squash"); err != nil {
		return nil, err
	}
	rule := map[string]any{"access": "RW", "no_root_squash": true}
	if value, ok := given["access"]; ok {
		word, err := access.convert(value)
		if err != nil {
			return nil, err
		}
		rule["access"] = word
	}
	if value, ok := given["no_root_squash"]; ok {
		if rule["no_root_squash"], ok = toBool(value); !ok {
			return nil, errField("no_root_squash")
		}
	}
	if given["client"] == nil {
		return nil, errMissing("client")
	}
	client, ok := given["client"].(string)
	if !ok || !isClient(client) {
		return nil, errWrong("permissions", given["client"], "*, valid IP or IP range")
	}
	rule["client"] = client
	return rule, nil
}

// isClient tells whether a text means clients: all, an address, or a range of them.
func isClient(client string) bool {
	if client == "*" {
		return true
	}
	if _, err := netip.ParsePrefix(client); err == nil {
		return true
	}
	first, last, isRange := strings.Cut(client, "-")
	from, err := netip.ParseAddr(first)
	if err != nil || !isRange {
		return err == nil
	}
	to, err := netip.ParseAddr(last)
	return err == nil && from.BitLen() == to.BitLen() && !to.Less(from)
}

// grantsRoot tells whether any client's root is root on an export.
func grantsRoot(export Object) bool {
	return slices.ContainsFunc(export.list("permissions"), func(rule any) bool {
		return rule.(map[string]any)["no_root_squash"] == true
	})
}
