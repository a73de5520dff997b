package access

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"unicode"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox/common"
)

// policy is what the array asks of passwords; nil where it does not tell.
type policy struct {
	once  sync.Once
	rules api.Object
}

func policyOf(ctx context.Context, s *entity.Session) api.Object {
	asked := entity.Note[policy](s, "password policy")
	asked.once.Do(func() {
		answer, err := s.Client.Do(ctx, api.Request{Method: http.MethodGet, Path: "users/password_policy"})
		if list, ok := answer.([]any); err == nil && ok && len(list) > 0 {
			asked.rules, _ = list[0].(api.Object)
		}
	})
	return asked.rules
}

// checkPassword refuses a new user without a password, and a password that the array's
// policy refuses, as far as the plan knows it.
func checkPassword(ctx context.Context, p *entity.Plan) {
	const secret, version = "password_wo", "password_wo_version"
	if p.After == nil || !p.Changes(version) {
		return
	}
	if p.Before == nil && p.Config.Null(version) {
		p.Refuse(version, "A new user needs a password", "Set password_wo, and password_wo_version to any number; another number sends the password again.")
		return
	}
	enforced := p.After.Unknown("enforce_user_password_policy") || p.After.Bool("enforce_user_password_policy")
	if !p.Config.Known(secret) || !enforced && p.Before != nil {
		return
	}
	if wrong := breaks(policyOf(ctx, p.Session), p.After.Text("name"), p.Config.Text(secret)); len(wrong) > 0 {
		p.Refuse(version, "The password does not comply with the array's policy", "password_wo "+strings.Join(wrong, ", and ")+".")
	}
}

// breaks says what of a policy a password breaks.
func breaks(policy api.Object, name, password string) []string {
	var wrong []string
	number := func(rule string) (int, bool) {
		n, err := common.Number(policy[rule])
		return int(n), err == nil && n > 0
	}
	if least, ok := number("min_length"); ok && len(password) < least {
		wrong = append(wrong, fmt.Sprintf("has fewer than %d characters", least))
	}
	if most, ok := number("max_length"); ok && len(password) > most {
		wrong = append(wrong, fmt.Sprintf("has more than %d characters", most))
	}
	symbol := func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }
	for _, class := range []struct {
		rule, what string
		has        func(rune) bool
	}{
		{"lowercase", "small letter", unicode.IsLower},
		{"uppercase", "capital letter", unicode.IsUpper},
		{"digit", "digit", unicode.IsDigit},
		{"symbol", "symbol", symbol},
	} {
		if policy[class.rule] == true && !strings.ContainsFunc(password, class.has) {
			wrong = append(wrong, "has no "+class.what)
		}
	}
	if policy["no_username"] == true && name != "" && strings.EqualFold(name, password) {
		wrong = append(wrong, "is the user's name")
	}
	return wrong
}

// explainPassword says what the policy is that a password was refused by.
func explainPassword(ctx context.Context, s *entity.Session, _ entity.Values, err error) string {
	if api.CodeOf(err) != "USER_PASSWORD_DOES_NOT_COMPLY_WITH_POLICY" {
		return ""
	}
	text := "The data source storage_infinibox_password_policy tells what the array asks of passwords."
	if last, numErr := common.Number(policyOf(ctx, s)["reuse_limit"]); numErr == nil && last > 0 {
		text += fmt.Sprintf(" None of a user's last %d passwords can be had again: where the user, being disabled, has this one already, take password_wo and its version out, or another password.", last)
	}
	return text
}
