package access

import (
	"context"
	"net/http"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox/common"
)

const systemSecurityPath = "system/security"

// systemSecurity is how well the array is secured.
var systemSecurity = &entity.Lookup{
	System: common.System,
	Name:   "system_security",
	What:   "security of the array",
	Doc:    "How the array is secured: its level, whether data is encrypted and where the keys are, and what a best practice of FIPS asks for, for a `check` to hold it to.",
	Facts: entity.Facts{
		entity.Text("system_security_state").Doc("The level of security, such as `FIPS1`."),
		entity.Bool("encryption_enabled").Doc("Whether data is encrypted on the drives."),
		entity.Text(kmsState).Doc("Whether the array's keys are on a key server, and whether that is reached: `DISABLED` or, for example, `CONNECTED`."),
		entity.Bool("is_local_users_disabled").Field("fips_best_practice.is_local_users_disabled").Doc("Whether local users cannot log in."),
		entity.Bool("is_http_redirection").Field("fips_best_practice.is_http_redirection").Doc("Whether plain HTTP is sent on to HTTPS."),
		entity.Bool("is_ldap_connections_secured").Field("fips_best_practice.is_ldap_connections_secured").Doc("Whether all LDAP repositories are reached by a secured connection."),
		entity.Bool("is_certificate_strength_sufficient").Field("fips_best_practice.is_certificate_strength_sufficient").Doc("Whether the key of the array's certificate is long enough."),
		entity.Integer("certificate_strength").Field("fips_best_practice.certificate_strength").Doc("The length of that key, in bits."),
		entity.Text("local_users_password_hash").Field("fips_best_practice.local_users_password_hash").Doc("How passwords of local users are kept, such as `SHA256`."),
		entity.Integer("num_users_password_hash_not_secured").Field("fips_best_practice.num_users_password_hash_not_secured").Doc("How many local users have a password that is still kept by a weaker hash."),
	},
	Ask: func(ctx context.Context, s *entity.Session, _ entity.Values) (api.Object, error) {
		return common.Object(s.Client.Do(ctx, api.Request{Method: http.MethodGet, Path: systemSecurityPath}))
	},
}
