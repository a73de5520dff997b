package infinibox

import (
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"regexp"
	"strings"
)

// The Active Directory domain that the array has joined, if it has: there is one at most, and it has no id.

const (
	longestDomain      = 255
	longestDomainAdmin = 256 // of a name
	longestDomainPass  = 128
	mostTranslated     = 2048
	faultyAccount      = "Cannot authenticate with the domain, probably because the system's machine account in the domain is faulty."
)

func newActiveDirectory() *collection {
	return newCollection(collection{
		path: "activedirectory/domains", noun: "Active Directory domain", key: "domain",
		checks: map[string]func(ch *change) error{
			"domain": checkDomainName,
			"username": func(ch *change) error {
				return adminTooLong(ch.after.text("username"), "")
			},
			"password": func(ch *change) error {
				return adminTooLong("", ch.after.text("password"))
			},
			"preferred_ips": func(ch *change) error { return ch.a.checkPreferredIPs(ch.after.list("preferred_ips")) },
		},
	}, `
		domain                text     required
		org_unit              text     create  =""
		preferred_ips         list     create  =[]
		username              text     required hidden
		password              text     required hidden
		unix_services_enabled boolean  =false
		uid_attribute_name    text     =""
		gid_attribute_name    text     =""
		max_translated_groups integer
		tenant_id             integer
	`)
}

func (a *Array) activeDirectoryRoutes(r router) {
	base := "/" + a.activeDirectory.path
	r.read(base, func(rq *request) (any, error) {
		if a.domain() == nil {
			return nil, nil // that is the answer: none
		}
		return a.render(a.domain(), pluck(rq.query)), nil
	})
	r.write(http.MethodPost, base, administrators, a.joinDomain)
	r.writeWith(http.MethodPost, base+"/leave", by(administrators, "force"), a.leaveDomain)
	r.write(http.MethodPost, base+"/set_preferred_ips", administrators, a.setPreferredIPs)
	r.write(http.MethodPost, base+"/set_unix_services", administrators, a.setUnixServices)
	r.write(http.MethodPost, base+"/set_max_translated_groups", administrators, a.setTranslatedGroups)
	r.list(base+"/user_query", a.queryDomainUser)
}

// domain is the domain that was joined, or nil.
func (a *Array) domain() Object { return a.activeDirectory.objects[0] }

// joined is the domain, which must have been joined.
func (a *Array) joined() (Object, error) {
	if o := a.domain(); o != nil {
		return o, nil
	}
	return nil, conflict("ACTIVE_DIRECTORY_NOT_JOINED", "This system has not joined any Active Directory domain")
}

var domainName = regexp.MustCompile(`^([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)*[A-Za-z]([A-Za-z0-9-]{0,61}[A-Za-z0-9])$`)

// isDomainName takes names by the rules of DNS; what ends in a number or a single letter is meant for an address.
func isDomainName(name string) bool {
	return len(name) <= longestDomain && domainName.MatchString(name)
}

func checkDomainName(ch *change) error {
	switch name := ch.after.text("domain"); {
	case len(name) > longestDomain:
		return conflict("ACTIVE_DIRECTORY_DOMAIN_NAME_TOO_LONG", "The Active Directory domain name is too long")
	case !isDomainName(name):
		return conflict("ACTIVE_DIRECTORY_DOMAIN_NAME_INVALID", "The Active Directory domain name is not valid")
	}
	return nil
}

func adminTooLong(username, password string) error {
	switch {
	case len(username) > longestDomainAdmin:
		return conflict("ACTIVE_DIRECTORY_ADMIN_USERNAME_TOO_LONG", "The Administrator account name is too long")
	case len(password) > longestDomainPass:
		return conflict("ACTIVE_DIRECTORY_ADMIN_PASSWORD_TOO_LONG", "The Administrator account password is too long")
	}
	return nil
}

// checkPreferredIPs checks which domain controllers are asked first.
func (a *Array) checkPreferredIPs(given []any) error {
	if most := a.limits.PreferredIPs; len(given) > most {
		return conflict("ACTIVE_DIRECTORY_PREFERRED_IPS_COUNT_LIMIT", "The number of Active Directory domain controllers exceeds the limit of %d", most)
	}
	for _, item := range given {
		text, _ := item.(string)
		if address, err := netip.ParseAddr(text); (err != nil || !address.Is4()) && !isDomainName(text) {
			return badRequest("INVALID_IP_ADDRESS", "IP address '%v' is invalid. A preferred IP must be a valid IPv4 address or a valid domain name", item)
		}
	}
	return nil
}

func (a *Array) joinDomain(rq *request) (any, error) {
	body, err := rq.fields()
	if err != nil {
		return nil, err
	}
	delete(body, "tenant_id") // the vendor's SDK may send it; there is one tenant
	ch, err := a.propose(rq, a.activeDirectory, body)
	if err != nil {
		return nil, err
	}
	o := ch.after
	directory := a.directoryOf(o.name())
	switch {
	case a.domain() != nil:
		return nil, conflict("ACTIVE_DIRECTORY_ALREADY_JOINED", "This system has already joined Active Directory '%s'", a.domain().name())
	case directory == nil || directory.Faulty:
		return nil, conflict("ACTIVE_DIRECTORY_JOIN_DOMAIN_FAILED", "Failed to join Active Directory domain '%s': %s", o.name(), faultyAccount)
	case !directory.admits(o.text("username"), o.text("password")):
		return nil, errDomainCredentials("Join", o)
	}
	if o.text("org_unit") == "" { // where Active Directory keeps computers
		o["org_unit"] = "CN=Computers,DC=" + strings.ReplaceAll(directory.Domain, ".", ",DC=")
	}
	delete(o, "username")
	delete(o, "password")
	o["id"] = 0
	a.activeDirectory.keep(o)
	return created{a.render(o, nil)}, nil
}

func errDomainCredentials(verb string, domain Object) error {
	return conflict("ACTIVE_DIRECTORY_ADMIN_CREDENTIALS_INVALID", "%s Active Directory domain '%s' failed: Incorrect administrator credentials", verb, domain.name())
}

// leaveDomain leaves the domain with an administrator's consent, or, by force, without asking the domain. The clients
// of its users are disconnected.
func (a *Array) leaveDomain(rq *request) (any, error) {
	body, err := rq.onlyFields("username", "password")
	if err != nil {
		return nil, err
	}
	force, ok := toBool(rq.query.Get("force"))
	if rq.query.Has("force") && !ok {
		return nil, errField(rq.query.Get("force"))
	}
	var credentials [2]string
	for i, name := range []string{"username", "password"} {
		text, ok := body[name].(string)
		switch {
		case body[name] == nil && !force:
			return nil, errMissing(name)
		case body[name] != nil && !ok:
			return nil, errField(name)
		}
		credentials[i] = text
	}
	if err := adminTooLong(credentials[0], credentials[1]); err != nil {
		return nil, err
	}
	o, err := a.joined()
	if err != nil {
		return nil, err
	}
	if err := rq.needApproval("Leaving Active Directory domain '%s' will deny further access for domain users", o.name()); err != nil {
		return nil, err
	}
	directory := a.directoryOf(o.name())
	switch {
	case force:
	case directory == nil || directory.Faulty:
		return nil, conflict("ACTIVE_DIRECTORY_LEAVE_DOMAIN_FAILED", "Failed to leave Active Directory domain '%s': %s", o.name(), faultyAccount)
	case !directory.admits(credentials[0], credentials[1]):
		return nil, errDomainCredentials("Leave", o)
	}
	a.remove(o)
	a.dropSessionsOf("domain", o.name())
	return "OK", nil
}

func (a *Array) setPreferredIPs(rq *request) (any, error) {
	value, err := decode(rq.body)
	given, ok := value.([]any)
	if err != nil || !ok {
		return nil, errMalformed
	}
	if err := a.checkPreferredIPs(given); err != nil {
		return nil, err
	}
	o, err := a.joined()
	if err != nil {
		return nil, err
	}
	if directory := a.directoryOf(o.name()); directory == nil || directory.Faulty {
		return nil, conflict("ACTIVE_DIRECTORY_SET_PREFERRED_IPS_FAILED", "Failed to set the domain controllers for Active Directory domain '%s': %s", o.name(), faultyAccount)
	}
	o["preferred_ips"] = given
	return a.render(o, nil), nil
}

// unixServices are what the array asks the domain about users of UNIX.
var unixServices = newCollection(collection{}, `
	unix_services_enabled boolean  required
	uid_attribute_name    text     create  ="uidNumber"
	gid_attribute_name    text     create  ="gidNumber"
	max_translated_groups integer  create  =16
`)

func (a *Array) setUnixServices(rq *request) (any, error) {
	body, err := rq.fields()
	if err != nil {
		return nil, err
	}
	given, err := unixServices.readNew(body)
	if err != nil {
		return nil, err
	}
	for _, name := range []string{"uid_attribute_name", "gid_attribute_name"} {
		if text, ok := given[name].(string); ok && (text == "" || strings.Trim(text, printable) != "") {
			return nil, errTogether(name, "must contain only printable US-ASCII characters")
		}
	}
	if most, ok := given["max_translated_groups"].(int); ok {
		if err := checkTranslated(most); err != nil {
			return nil, err
		}
	}
	o, err := a.joined()
	if err != nil {
		return nil, err
	}
	was := o.bool("unix_services_enabled")
	if given["unix_services_enabled"] == true {
		for _, f := range unixServices.fields {
			if value, said := given[f.name]; said {
				o[f.name] = value
			} else if !was {
				o[f.name] = f.initial
			}
		}
		return a.render(o, nil), nil
	}
	if len(given) > 1 {
		return nil, errTogether(sortedKeys(given)[0], "can only be specified when UNIX services are enabled")
	}
	if was {
		if err := rq.needApproval("Disabling UNIX services may cause some cross-protocol clients to lose access to the filesystem"); err != nil {
			return nil, err
		}
	}
	for _, f := range unixServices.fields {
		o[f.name] = a.activeDirectory.byName[f.name].initial
	}
	return a.render(o, nil), nil
}

// printable are the characters of US-ASCII that can be seen.
var printable = func() string {
	var all []byte
	for c := byte(' '); c < 127; c++ {
		all = append(all, c)
	}
	return string(all)
}()

func errTogether(name, condition string) error {
	return badRequest("PARAMETER_CONFLICT", "Parameter '%s' does not meet a condition: '%s'", name, condition)
}

func checkTranslated(most int) error {
	if most < 1 || most > mostTranslated {
		return errWrong("max_translated_groups", most, fmt.Sprintf("must be between 1 and %d", mostTranslated))
	}
	return nil
}

// setTranslatedGroups reads a bare number, as the preferred addresses are a bare list.
func (a *Array) setTranslatedGroups(rq *request) (any, error) {
	value, err := decode(rq.body)
	most, ok := toInt(value)
	if err != nil || !ok {
		return nil, errMalformed
	}
	if err := checkTranslated(most); err != nil {
		return nil, err
	}
	o, err := a.joined()
	if err != nil {
		return nil, err
	}
	if !o.bool("unix_services_enabled") {
		return nil, errTogether("max_translated_groups", "can only be specified when UNIX services are enabled")
	}
	o["max_translated_groups"] = most
	return a.render(o, nil), nil
}

// queryDomainUser looks users of the domain up by what the parameters say of them.
func (a *Array) queryDomainUser(rq *request) (any, error) {
	o, err := a.joined()
	if err != nil {
		return nil, err
	}
	meets, err := userQuery(rq.query)
	if err != nil {
		return nil, err
	}
	found := []any{}
	if directory := a.directoryOf(o.name()); directory != nil {
		for _, user := range directory.Users {
			if meets(directory, user) {
				found = append(found, map[string]any{
					"username": user.Username + "@" + directory.Domain, "name": user.Name, "sid": user.SID, "gsid": user.GSID,
					"uid": user.UID, "gid": user.GID, "tenant_id": defaultTenant,
				})
			}
		}
	}
	for _, name := range userQueries {
		rq.query.Del(name)
	}
	return plain(rq, "QueryDomainUser", found)
}

var userQueries = []string{"username", "sid", "uid"}

// userQuery reads what a look-up says of a user: at least one thing.
func userQuery(query url.Values) (func(d *Directory, user DirectoryUser) bool, error) {
	asked := map[string]string{}
	for _, name := range userQueries {
		if query.Has(name) {
			asked[name] = strings.TrimPrefix(query.Get(name), "eq:")
		}
	}
	if len(asked) == 0 {
		return nil, badRequest("MISSING_QUERY_PARAMETER", "A query parameter ('%s') is missing in the request", userQueries[0])
	}
	username, byName := asked["username"]
	sid, bySID := asked["sid"]
	text, byUID := asked["uid"]
	uid, isNumber := toInt(text)
	switch {
	case bySID && !isSID(sid):
		return nil, errSID(sid, "Active Directory user query", "sid")
	case byUID && !isNumber:
		return nil, errField("uid")
	case byUID && uid <= 0:
		return nil, errWrong("uid", uid, "uid > 0")
	}
	return func(d *Directory, user DirectoryUser) bool {
		return (!byName || d.isUser(user.Username, username)) && (!bySID || strings.EqualFold(user.SID, sid)) && (!byUID || user.UID == uid)
	}, nil
}
