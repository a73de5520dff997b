package common

import (
	"context"
	"fmt"
	"net/url"
	"slices"

	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
)

// The user's words on how two arrays part, which are parameters of the request that does it.
const (
	RetainStaging      = "retain_staging_area"
	KeepSerial         = "keep_serial_on_local"
	ForceNoCredentials = "force_if_no_remote_credentials" //nolint:gosec // the name of an argument
	ForceRemoteError   = "force_if_remote_error"
	ForceOnLocal       = "force_on_local"
	ForceOnTarget      = "force_on_target"
)

// Word is the user's word on how a request is meant.
func Word(f entity.Fact) entity.Fact { return f.Optional().Mutable().Instruction() }

// Said are the user's words as parameters of a request: those that there are.
func Said(v entity.Values, words ...string) url.Values {
	query := url.Values{}
	for _, word := range words {
		if v.Known(word) {
			query.Set(word, v.ID(word))
		}
	}
	return query
}

// OtherArray names the array at the other end of a link.
func OtherArray(ctx context.Context, s *entity.Session, link string) string {
	o, err := s.Client.Read(ctx, "links", link, []string{"id", "remote_system_name"})
	if name, ok := o["remote_system_name"].(string); err == nil && ok && name != "" {
		return fmt.Sprintf("%q", name)
	}
	return "the other array"
}

// IsForced reports whether a parting goes on where the other array has no part in it.
func IsForced(v entity.Values) bool {
	return slices.ContainsFunc([]string{ForceOnLocal, ForceOnTarget, ForceRemoteError, ForceNoCredentials}, v.Bool)
}

// LosesSerial says which of two active-active volumes hosts lose when these part. Where there
// are no words at all, nobody could have said it.
func LosesSerial(v entity.Values, far string) string {
	const either = "One of the two volumes gets another serial number: hosts that reach it there lose it."
	switch {
	case v == nil:
		return either
	case v.Null(KeepSerial):
		return either + " " + KeepSerial + " says which."
	case v.Bool(KeepSerial):
		return fmt.Sprintf("The volume on %s gets another serial number: hosts that reach it there lose it.", far)
	}
	return "The volume on this array gets another serial number: hosts that reach it here lose it."
}
