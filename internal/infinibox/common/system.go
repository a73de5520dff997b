package common

import "github.com/storage-as-code/terraform-provider-storage/internal/entity"

// EULA is what the array tells of its license agreement.
var EULA = entity.Facts{
	entity.Text("status").Doc("What became of it: `ACCEPTED` and `SNOOZED` are known."),
	entity.Text("eula_version").Doc("The version that is to be accepted."),
	entity.Text("eula_version_accepted").Doc("The version that was accepted."),
	entity.Text("accepted_by").Doc("The user who accepted it."),
	entity.Text("user_accepted_email").Doc("The user's mail address."),
	entity.Text("accepted_from").Doc("The address of the machine it was accepted from."),
	entity.Moment("accepted_on").Doc("When it was accepted."),
	entity.Moment("eula_first_snoozed_on").Doc("When it was first put off."),
	entity.Moment("last_snoozed_on").Doc("When it was last put off."),
	entity.Integer("eula_snooze_time").Doc("For how many minutes it is put off at a time."),
	entity.Integer("eula_time_left").Doc("How many minutes are left until it has to be accepted."),
}

// Security is what the array tells of how it is secured.
var Security = entity.Facts{
	entity.Text("system_security_state").Doc("The level of security, such as `FIPS1`."),
	entity.Bool("encryption_enabled").Doc("Whether data is encrypted on the drives."),
	entity.Text("kmip_connectivity_state").Doc("Whether the array's keys are on a key server, and whether that is reached: `DISABLED` or, for example, `CONNECTED`."),
	entity.Bool("is_local_users_disabled").Field("fips_best_practice.is_local_users_disabled").Doc("Whether local users cannot log in."),
	entity.Bool("is_http_redirection").Field("fips_best_practice.is_http_redirection").Doc("Whether plain HTTP is sent on to HTTPS."),
	entity.Bool("is_ldap_connections_secured").Field("fips_best_practice.is_ldap_connections_secured").Doc("Whether all LDAP repositories are reached by a secured connection."),
	entity.Bool("is_certificate_strength_sufficient").Field("fips_best_practice.is_certificate_strength_sufficient").Doc("Whether the key of the array's certificate is long enough."),
	entity.Integer("certificate_strength").Field("fips_best_practice.certificate_strength").Doc("The length of that key, in bits."),
	entity.Text("local_users_password_hash").Field("fips_best_practice.local_users_password_hash").Doc("How passwords of local users are kept, such as `SHA256`."),
	entity.Integer("num_users_password_hash_not_secured").Field("fips_best_practice.num_users_password_hash_not_secured").Doc("How many local users have a password that is still kept by a weaker hash."),
}
