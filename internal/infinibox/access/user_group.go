package access

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"regexp"
	"slices"
	"strings"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox/common"
)

const (
	ofDirectory = "Ldap"
	ofProvider  = "Sso"
)

// ssoRoles are those that a group of an identity provider may have.
var ssoRoles = map[string]bool{"ADMIN": true, "POOL_ADMIN": true, "READ_ONLY": true}

// UserGroup lets the members of a group, which others keep, work with the array.
var UserGroup = entity.Kind{
	System: common.System,
	Name:   "user_group",
	Plural: "user_groups",
	Path:   accounts,
	Doc: "A group of users whom an LDAP directory, an Active Directory or an SSO identity provider knows, with the role that its members have on the array. " +
		"A group with the role `POOL_ADMIN` can be among the `owners` of a pool.",
	Identity: entity.Identity{Match: ofType(ofDirectory, ofProvider), NamedIn: []string{"sso_identity_provider_id"}},
	Planning: entity.Planning{Check: checkGroup},
	Creation: entity.Creation{InUse: []string{accounts + "/{id}/pools"}},
	Deletion: entity.Deletion{
		Danger: "Its members can no longer log in by it, and no longer own its pools. Of a group of an SSO identity provider, all users who are logged in through that provider are logged out.",
		Loses:  ownedPools,
	},
	Explain: explainGroup,
	Listing: entity.Listing{List: listGroups},
	Facts: entity.Facts{
		entity.ID(),
		entity.Enum("type", ofDirectory, ofProvider).Required().
			Doc("Who knows the members: a directory (LDAP or Active Directory), or an SSO identity provider."),
		common.Named(entity.Text("name").Required().Mutable().LongestOf(65)).Queryable().
			Doc("The name. That of a group of an SSO identity provider is what the provider calls it in what it says of a user; no two groups of one provider have the same."),
		role().Required().Mutable().
			Doc("What the members may do. A group of an SSO identity provider is `ADMIN`, `POOL_ADMIN` or `READ_ONLY`."),
		entity.Ref("users_repository_id").Field("ldap_id").Required().Of("type", ofDirectory).To("users_repository").
			Doc("The id of the users repository."),
		entity.Text("dn").Required().Mutable().Of("type", ofDirectory).Ignoring(normalDN).AsWritten().OncePer("users_repository_id").Checked("a distinguished name", checkDN).
			Doc("The distinguished name of the group in its directory, such as `\"cn=storage-admins,ou=groups,dc=example,dc=com\"`."),
		entity.Ref("sso_identity_provider_id").Field("idp_id").Required().Of("type", ofProvider).To("sso_identity_provider").
			Doc("The id of the SSO identity provider."),

		roles(),
		entity.Text("users_repository_name").Field("ldap_name").Doc("The name of the users repository."),
		entity.Text("sso_identity_provider_name").Field("idp_name").Doc("The name of the SSO identity provider."),
	},
}

func checkGroup(ctx context.Context, p *entity.Plan) {
	if p.Deletes() {
		warnOfRoles(ctx, p, "this group, or by it of the array")
		return
	}
	if p.Before != nil && p.Changes("role") {
		warnOfRoles(ctx, p, "this group")
	}
	role := p.After.Text("role")
	switch {
	case !p.Changes("role") || role == "":
	case p.After.Text("type") == ofProvider && !ssoRoles[role]:
		p.Refuse("role", "A group of an SSO identity provider cannot have this role", role+" is for local users, and for groups of a directory. Use ADMIN, POOL_ADMIN or READ_ONLY.")
	case p.After.Text("type") == ofDirectory && role == "INFINIDAT":
		p.Refuse("role", "A group of a directory cannot have this role", "INFINIDAT is the vendor's own. Use another role.")
	}
}

// listGroups lists those of the directories and those of the identity providers, which the
// array lists apart.
func listGroups(ctx context.Context, s *entity.Session, _ entity.Values, q api.Query) iter.Seq2[api.Object, error] {
	return func(yield func(api.Object, error) bool) {
		var found []api.Object
		for _, path := range []string{"users/ldap_groups", "users/sso_groups"} {
			for o, err := range s.Client.List(ctx, path, q) {
				if err != nil {
					yield(nil, err)
					return
				}
				found = append(found, o)
			}
		}
		if len(q.Sort) > 0 {
			slices.SortStableFunc(found, func(a, b api.Object) int { return compare(a, b, q.Sort) })
		}
		for _, o := range found {
			if !yield(o, nil) {
				return
			}
		}
	}
}

// compare orders groups as the array would: by ids, and by names without their case.
func compare(a, b api.Object, by []string) int {
	for _, field := range by {
		field, descending := strings.CutPrefix(field, "-")
		x, xErr := common.Number(a[field])
		y, yErr := common.Number(b[field])
		order := cmp.Compare(x, y)
		if xErr != nil || yErr != nil {
			order = strings.Compare(strings.ToLower(fmt.Sprint(a[field])), strings.ToLower(fmt.Sprint(b[field])))
		}
		if descending {
			order = -order
		}
		if order != 0 {
			return order
		}
	}
	return 0
}

// ownedPools names the pools that would have an owner less.
func ownedPools(ctx context.Context, s *entity.Session, account entity.Values) []string {
	pools := common.Collect(ctx, s, api.Path(accounts, account.Int("id"), "pools"), api.Query{Fields: []string{"id", "name"}})
	if len(pools) == 0 {
		return nil
	}
	return []string{"It owns the pools " + common.Few(common.QuotedNames(pools)) + "."}
}

// normalDN is a distinguished name as directories compare it: without case, and without
// spaces around what separates its parts.
func normalDN(dn string) string {
	parts := strings.Split(dn, ",")
	for i, part := range parts {
		name, value, _ := strings.Cut(part, "=")
		parts[i] = strings.ToLower(strings.TrimSpace(name) + "=" + strings.TrimSpace(value))
	}
	return strings.Join(parts, ",")
}

func checkDN(dn string) error {
	if strings.TrimSpace(dn) == "" {
		return errors.New("the distinguished name is empty")
	}
	return nil
}

// takenDN is the distinguished name that the array refuses.
var takenDN = regexp.MustCompile(`Distinguished Name '([^']*)' provided is already mapped`)

// explainGroup says which group has the distinguished name already.
func explainGroup(ctx context.Context, s *entity.Session, group entity.Values, err error) string {
	taken := takenDN.FindStringSubmatch(err.Error())
	if api.CodeOf(err) != "DUPLICATE_DISTINGUISHED_NAME" || taken == nil {
		return ""
	}
	repository := group.Int("users_repository_id")
	for _, other := range common.Collect(ctx, s, "users/ldap_groups", api.Query{}) {
		in, _ := common.Number(other["ldap_id"])
		if dn, _ := other["dn"].(string); in == repository && normalDN(dn) == normalDN(taken[1]) {
			return fmt.Sprintf("That group has the id %v. Import it in place of making another, or give this one another dn.", other["id"])
		}
	}
	return ""
}
