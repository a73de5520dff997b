package access_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
	simulator "github.com/storage-as-code/terraform-provider-storage/internal/simulator/infinibox"
)

// password complies with every policy that the tests have.
const password = "Correct-horse-1"

func users(t *testing.T) acctest.Suite {
	b := acctest.NewInfiniBox(t)
	name := acctest.Name(b)
	least := acctest.Attrs{
		"name": name, "email": "joe@example.com", "role": "READ_ONLY", "password_wo": password, "password_wo_version": 1,
	}
	return acctest.Suite{
		Lab: b, Type: "storage_infinibox_user", Plural: "users", Path: "users",
		Least:      least,
		Most:       least.With(acctest.Attrs{"role": "POOL_ADMIN", "enabled": true, "enforce_user_password_policy": true}),
		Unverified: map[string]string{"password_wo_version": "a version is the configuration's; the array knows none"},
		Changes: map[string]acctest.Change{
			"name":    {Through: []any{name, b.Name("renamed")}, Drift: put("users", "name", b.Name("drifted"))},
			"email":   {Through: []any{"joe@example.com", "jane@example.com"}, Drift: put("users", "email", "drifted@example.com")},
			"role":    {Through: []any{"READ_ONLY", "POOL_ADMIN", "ADMIN"}, Drift: put("users", "role", "READ_ONLY")},
			"enabled": {Through: []any{true, false, true}, Drift: acctest.Post("users", "disable", nil)},
			"enforce_user_password_policy": {
				Through: []any{true, false, true}, Danger: "a password that the array's policy would refuse", Drift: put("users", "enforce_user_password_policy", false),
			},
			"password_wo_version": {Through: []any{1, acctest.Attrs{"password_wo": password + "-next", "password_wo_version": 2}}},
		},
		Bad: append(acctest.BadNames(),
			bad("email", "joe", "no e-mail address"),
			bad("email", "Joe <joe@example.com>", "no e-mail address"),
			bad("email", "joe@example.com.", "no e-mail address"),
			bad("role", "admin", `must be written "ADMIN"`),
			bad("role", "OWNER", "use one of ADMIN"),
			bad("password_wo", "Pässword-12", "ASCII characters only"),
			bad("password_wo", "short", "has fewer than 8 characters"),
			acctest.Bad{Attribute: "password_wo_version", Says: "must be configured together", Set: acctest.Attrs{"password_wo": nil}},
			acctest.Bad{Attribute: "password_wo_version", Says: "A new user needs a password", Set: acctest.Attrs{"password_wo": nil, "password_wo_version": nil}},
		),
	}
}

// userOf writes a user.
func userOf(name string, more acctest.Attrs) string {
	return resource("user", "u", acctest.Attrs{
		"name": name, "email": "u@example.com", "role": "ADMIN", "password_wo": password, "password_wo_version": 1,
	}.With(more))
}

// Whatever would lock out the user whom the provider works as is refused, whatever else
// the plan does; of others it is not.
func TestAccUserKeepsProviderIn(t *testing.T) {
	t.Parallel()
	const me = "terraform"
	b := acctest.SimulateInfiniBox(t, simulator.Options{})
	id := b.Create("users", map[string]any{"name": me, "email": "u@example.com", "role": "ADMIN", "password": password})
	asMe := b.Provider(acctest.Attrs{"username": me, "password": password})
	kept := acctest.Attrs{"password_wo": nil, "password_wo_version": nil}
	cli := acctest.NewCLI(t)
	cli.Write(asMe, userOf(me, kept))
	if err := cli.Import("storage_infinibox_user.u", "name="+me); err != nil {
		t.Fatal(err)
	}
	cli.Plan(asMe, userOf(me, kept)).Succeeds(t).Plans(t, map[string]string{})
	for verb, more := range map[string]acctest.Attrs{
		"disables":               {"enabled": false},
		"gives another role":     {"role": "READ_ONLY"},
		"renames":                {"name": "other"},
		"gives another password": {"password_wo": password + "2", "password_wo_version": 2},
	} {
		cli.Plan(asMe, userOf(me, kept.With(more))).Refuses(t, "The provider would lock itself out", "whom this plan "+verb)
	}
	cli.Plan(asMe).Refuses(t, "The provider would lock itself out", "whom this plan deletes")
	cli.Apply(asMe, userOf(me, kept.With(acctest.Attrs{"email": "new@example.com"}))).Succeeds(t)
	// Another administrator may.
	cli.Apply(b.Provider(nil), userOf(me, kept.With(acctest.Attrs{"email": "new@example.com", "enabled": false}))).Succeeds(t)
	cli.Apply(b.Provider(nil)).Succeeds(t)
	if _, err := b.Do("GET", fmt.Sprintf("users/%v", id), nil); err == nil {
		t.Error("the user is still there")
	}
}

// A replacement that is forced deletes too.
func TestAccUserKeepsProviderInWhenReplaced(t *testing.T) {
	t.Parallel()
	b := acctest.SimulateInfiniBox(t, simulator.Options{})
	cli := acctest.NewCLI(t)
	cli.Apply(b.Provider(nil), userOf("terraform", nil)).Succeeds(t)
	asMe := b.Provider(acctest.Attrs{"username": "terraform", "password": password})
	if err := cli.Terraform.Taint(t.Context(), "storage_infinibox_user.u"); err != nil {
		t.Fatal(err)
	}
	cli.Plan(asMe, userOf("terraform", nil)).Refuses(t, "The provider works as this user", "terraform untaint")
	if err := cli.Terraform.Untaint(t.Context(), "storage_infinibox_user.u"); err != nil {
		t.Fatal(err)
	}
	cli.Write(asMe, userOf("terraform", nil))
	cli.Replace("storage_infinibox_user.u").Refuses(t, "The provider would lock itself out", "whom this plan deletes")
	acctest.NewCLI(t).Plan(b.Provider(nil), userOf("Admin", nil)).Refuses(t, "The provider works as this user", "import it")
}

// What a password breaks of the array's policy is told at plan, and never the password.
// That it was used before only the array knows.
func TestAccUserPasswordPolicy(t *testing.T) {
	t.Parallel()
	const weak = "abcdefghij"
	b := acctest.SimulateInfiniBox(t, simulator.Options{Seed: []byte(
		`{"security": {"password_policy": {"min_length": 10, "max_length": 16, "reuse_limit": 3, "lowercase": true, "uppercase": true, "digit": true, "symbol": true, "no_username": true}}}`)})
	cli := acctest.NewCLI(t)
	provider := b.Provider(nil)
	given := func(secret string, version int) acctest.Attrs {
		return acctest.Attrs{"password_wo": secret, "password_wo_version": version}
	}
	for _, refused := range []*acctest.Outcome{
		cli.Plan(provider, userOf("joe", given(weak, 1))).Refuses(t, "does not comply", "has no capital letter", "has no digit", "has no symbol"),
		cli.Plan(provider, userOf("joe", given("ABC-1", 1))).Refuses(t, "has fewer than 10 characters", "has no small letter"),
		cli.Plan(provider, userOf("joe", given("Abcdefghijklmno-1", 1))).Refuses(t, "has more than 16 characters"),
	} {
		for _, secret := range []string{weak, "ABC-1", "Abcdefghijklmno-1"} {
			if strings.Contains(refused.Output, secret) {
				t.Errorf("the plan tells %s", secret)
			}
		}
	}
	cli.Apply(provider, userOf("joe", given("Correct-horse-1", 1))).Succeeds(t)
	cli.Apply(provider, userOf("joe", given("Correct-horse-2", 2))).Succeeds(t)
	cli.Apply(provider, userOf("joe", given("Correct-horse-1", 3))).Refuses(t, "USER_PASSWORD_DOES_NOT_COMPLY_WITH_POLICY", "last 3 passwords", "storage_infinibox_password_policy")
	// What is no longer enforced may be weak, once that is approved.
	lifted := given(weak, 4).With(acctest.Attrs{"enforce_user_password_policy": false})
	cli.Plan(provider, userOf("joe", lifted)).Refuses(t, "is dangerous and not approved")
	cli.Apply(provider, userOf("joe", lifted.With(acctest.Attrs{"approved": true}))).Succeeds(t)
}

// An imported user may have the password of the configuration already, which the array
// gives to no user twice.
func TestAccUserHasItsPassword(t *testing.T) {
	t.Parallel()
	b := acctest.SimulateInfiniBox(t, simulator.Options{})
	b.Create("users", map[string]any{"name": "joe", "email": "u@example.com", "role": "ADMIN", "password": password})
	cli := acctest.NewCLI(t)
	cli.Write(b.Provider(nil), userOf("joe", nil))
	if err := cli.Import("storage_infinibox_user.u", "name=joe"); err != nil {
		t.Fatal(err)
	}
	config := userOf("joe", acctest.Attrs{"email": "new@example.com"})
	// The log-in that proves it may get no answer, which is no refusal.
	if err := b.Simulator.SetFaults("POST /users/login:cut-after"); err != nil {
		t.Fatal(err)
	}
	cli.Apply(b.Provider(nil), config).Succeeds(t)
	cli.Plan(b.Provider(nil), config).Succeeds(t).Plans(t, map[string]string{})
	if users := fmt.Sprint(b.Must("GET", "users/joe/by_username", nil)["email"]); users != "new@example.com" {
		t.Errorf("the user has the address %s", users)
	}
}

// With session_login, a run logs in once and out at its end.
func TestAccSessionIsClosed(t *testing.T) {
	t.Parallel()
	b := acctest.SimulateInfiniBox(t, simulator.Options{})
	provider := b.Provider(acctest.Attrs{"session_login": true})
	cli := acctest.NewTracedCLI(t, t.TempDir()+"/trace.log")
	cli.Apply(provider, userOf("joe", nil), resource("pool", "p", acctest.Attrs{"name": "p", "physical_capacity": "1TB"})).Succeeds(t)
	in, out := b.Requests("POST", "/api/rest/users/login"), b.Requests("POST", "/api/rest/users/logout")
	if in == 0 || in != out {
		t.Errorf("logged in %d times, out %d times", in, out)
	}
	for _, r := range b.Simulator.Requests() {
		if r.Status == 401 {
			t.Errorf("%s %s was refused", r.Method, r.Route)
		}
	}
}

// A pool is owned by users and groups that are there.
func TestAccPoolOwners(t *testing.T) {
	t.Parallel()
	b := acctest.SimulateInfiniBox(t, simulator.Options{})
	pat := b.Create("users", map[string]any{"name": "pat", "email": "pat@example.com", "role": "POOL_ADMIN", "password": password})
	group := b.Create("users", map[string]any{"type": "Sso", "name": "dbas", "idp_id": newProvider(b, "okta"), "role": "POOL_ADMIN"})
	pool := func(owners ...any) string {
		return resource("pool", "p", acctest.Attrs{"name": "p", "physical_capacity": "1TB", "owners": owners})
	}
	cli := acctest.NewCLI(t)
	cli.Plan(b.Provider(nil), pool(4711)).Refuses(t, "There is no user or user group with the id 4711")
	cli.Apply(b.Provider(nil), pool(pat, group)).Succeeds(t)
	cli.Plan(b.Provider(nil), pool(group, pat)).Succeeds(t).Plans(t, map[string]string{})
	cli.Apply(b.Provider(nil), pool(group)).Succeeds(t)
}

// What a POOL_ADMIN may do, and what the provider says of the rest.
func TestAccPoolAdministrator(t *testing.T) {
	t.Parallel()
	b := acctest.SimulateInfiniBox(t, simulator.Options{})
	pat := b.Create("users", map[string]any{"name": "pat", "email": "pat@example.com", "role": "POOL_ADMIN", "password": password})
	mine, theirs := b.NewPool("mine"), b.NewPool("theirs")
	b.Must("PUT", fmt.Sprintf("pools/%v", mine), map[string]any{"owners": []any{pat}})
	as := b.Provider(acctest.Attrs{"username": "pat", "password": password})
	volume := func(pool any) string {
		return resource("volume", "v", acctest.Attrs{"name": "v", "pool_id": pool, "size": "1GB"})
	}
	cli := acctest.NewCLI(t)
	cli.Apply(as, volume(mine)).Succeeds(t)
	cli.Plan(as, volume(mine)).Succeeds(t).Plans(t, map[string]string{})
	const remedy = "POOL_ADMIN works within the pools that the user owns"
	acctest.NewCLI(t).Apply(as, resource("volume", "w", acctest.Attrs{"name": "w", "pool_id": theirs, "size": "1GB"})).Refuses(t, remedy)
	acctest.NewCLI(t).Apply(as, userOf("joe", nil)).Refuses(t, `Could not create user "joe"`, remedy)
	acctest.NewCLI(t).Apply(as, resource("users_repository", "r", acctest.Attrs{"name": "r", "repository_type": "LDAP", "servers": []any{"10.0.0.1"}})).Refuses(t, remedy)
}
