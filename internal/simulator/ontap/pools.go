package ontap

import (
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
)

func (c *cluster) svmListing(svms ...*SVM) *listing {
	l := &listing{keys: []string{"uuid", "name"}}
	for _, v := range svms {
		l.records = append(l.records, map[string]any{"uuid": v.UUID, "name": v.Name})
	}
	return l
}

func (c *cluster) listSVMs(r *request) (any, error) { return c.serve(c.svmListing(c.svms...), r) }

func (c *cluster) getSVM(r *request) (any, error) {
	v := c.svm(r.path[0])
	if v == nil {
		return nil, errNoEntry("uuid")
	}
	return c.one(c.svmListing(v), r)
}

// owner is the SVM of a request's path.
func (c *cluster) owner(r *request) (*SVM, error) {
	if v := c.svm(r.path[0]); v != nil {
		return v, nil
	}
	return nil, errNoEntry("svm.uuid")
}

func (c *cluster) poolListing(v *SVM, pools ...*Pool) *listing {
	l := &listing{
		keys: []string{"svm.uuid", "svm.name", "name"}, folded: []string{"privileged_users"},
		fields: []string{"servers", "privileged_users", "role", "cluster.uuid", "cluster.name"},
	}
	for _, p := range pools {
		record := map[string]any{
			"name": p.Name, "servers": p.Servers, "privileged_users": p.Users, "role": p.Role,
			"cluster": map[string]any{"uuid": p.Cluster.UUID, "name": p.Cluster.Name},
		}
		if !c.options.PoolsWithoutSVM {
			record["svm"] = map[string]any{"uuid": v.UUID, "name": v.Name}
		}
		l.records = append(l.records, record)
	}
	return l
}

func (c *cluster) listPools(r *request) (any, error) {
	v, err := c.owner(r)
	if err != nil {
		return nil, err
	}
	return c.serve(c.poolListing(v, v.Pools...), r)
}

func (c *cluster) getPool(r *request) (any, error) {
	v, err := c.owner(r)
	if err != nil {
		return nil, err
	}
	p := v.pool(r.path[1])
	if p == nil {
		return nil, errNoEntry("name")
	}
	return c.one(c.poolListing(v, p), r)
}

// settings are the parts of a pool that a body holds.
type settings struct {
	servers, users []string // nil where the body does not speak of them
	role           string
	cluster        *Reference
}

func (c *cluster) settings(body map[string]any) (s settings, err error) {
	if s.servers, err = texts(body, "servers"); err != nil {
		return s, err
	}
	if s.users, err = texts(body, "privileged_users"); err != nil {
		return s, err
	}
	if s.servers != nil && len(s.servers) == 0 || s.users != nil && len(s.users) == 0 {
		return s, errEmptyList
	}
	for i, user := range s.users {
		domain, name, ok := strings.Cut(user, `\`)
		if !ok || domain == "" || name == "" || strings.Contains(name, `\`) {
			return s, refusal("10027108", "privileged_users", "The list of privileged users specified contains an invalid entry: %q", user)
		}
		s.users[i] = strings.ToLower(user) // "stored and treated as case-insensitive"
	}
	slices.Sort(s.users)
	s.users = slices.Compact(s.users)
	if s.role, err = text(body, "role"); err != nil {
		return s, err
	}
	if s.role != "" && !slices.Contains([]string{primary, secondary, idle}, s.role) {
		return s, errValue("role", s.role)
	}
	if given, ok := body["cluster"]; ok {
		s.cluster, err = c.clusterOf(given)
	}
	return s, err
}

func (c *cluster) clusterOf(given any) (*Reference, error) {
	body, ok := given.(map[string]any)
	if !ok {
		return nil, errValue("cluster", given)
	}
	name, err1 := text(body, "name")
	uuid, err2 := text(body, "uuid")
	if err1 != nil || err2 != nil {
		return nil, errValue("cluster", given)
	}
	found, err := c.findCluster(name, uuid)
	return &found, err
}

var (
	errEmptyList = refusal("10027107", "", "The list of privileged users or list of servers specified is empty")
	poolName     = regexp.MustCompile(`^[A-Za-z0-9_.-]{1,256}$`)
)

// resolvable tells whether a server has an address. Names below .invalid never have (RFC 2606).
func resolvable(server string) bool {
	_, err := netip.ParseAddr(server)
	return err == nil || !strings.HasSuffix(strings.ToLower(server), ".invalid")
}

func (c *cluster) createPool(r *request) (any, error) {
	v, err := c.owner(r)
	if err != nil {
		return nil, err
	}
	query, _ := url.ParseQuery(r.url.RawQuery)
	records := false
	for name, values := range query {
		if name != "return_records" {
			return nil, errUnexpected(name)
		}
		if records, err = truth(name, values[0]); err != nil {
			return nil, err
		}
	}
	body, err := r.object("name", "servers", "privileged_users", "role", "cluster")
	if err != nil {
		return nil, err
	}
	name, err := text(body, "name")
	if err != nil {
		return nil, err
	}
	s, err := c.settings(body)
	switch {
	case err != nil:
		return nil, err
	case name == "":
		return nil, errMissing("name")
	case !poolName.MatchString(name):
		return nil, errValue("name", name)
	case s.servers == nil || s.users == nil:
		return nil, errEmptyList
	case v.pool(name) != nil:
		return nil, errDuplicate("name")
	case c.adminHas(v, name):
		return nil, refusal("10027063", "name", "Attempting to modify the scanner-pool %q on an administrative SVM with a data SVM", name)
	}
	for _, server := range s.servers {
		if !resolvable(server) {
			return nil, refusal("10027086", "servers", "The specified list of servers contains one or more entries that cannot be resolved: %q", server)
		}
	}
	p := &Pool{Name: name, Servers: s.servers, Users: s.users, Role: primary, Cluster: c.clusters[0], Changed: time.Now()}
	if s.role != "" {
		p.Role = s.role
	}
	if s.cluster != nil {
		p.Cluster = *s.cluster
	}
	v.Pools = append(v.Pools, p)
	if c.rolesRefused[name] {
		p.Role = idle
		return nil, refusal("10027248", "role", "Scanner-pool created successfully but failed to activate")
	}
	r.header.Set("Location", r.url.EscapedPath()+"/"+name)
	return created{c.posted(p, s, records)}, nil
}

// posted is the answer to a creation: what was sent, completed, and nothing that was not.
func (c *cluster) posted(p *Pool, s settings, records bool) any {
	if !records {
		return map[string]any{}
	}
	record := map[string]any{"name": p.Name, "servers": p.Servers, "privileged_users": p.Users}
	if s.role != "" {
		record["role"] = p.Role
	}
	if s.cluster != nil {
		record["cluster"] = map[string]any{"uuid": p.Cluster.UUID, "name": p.Cluster.Name}
	}
	return map[string]any{"num_records": 1, "records": []any{record}}
}

func (c *cluster) updatePool(r *request) (any, error) {
	v, err := c.owner(r)
	if err != nil {
		return nil, err
	}
	p := v.pool(r.path[1])
	switch {
	case p == nil && c.adminHas(v, r.path[1]):
		return nil, refusal("10027063", "name", "Attempting to modify the scanner-pool %q on an administrative SVM with a data SVM", r.path[1])
	case p == nil:
		return nil, errNoEntry("name")
	}
	body, err := r.object("servers", "privileged_users", "role", "cluster")
	if err != nil {
		return nil, err
	}
	s, err := c.settings(body)
	if err != nil {
		return nil, err
	}
	p.Changed = time.Now()
	if s.servers != nil {
		p.Servers = s.servers
	}
	if s.users != nil {
		p.Users = s.users
	}
	if s.role != "" && (c.rolesRefused[p.Name] || s.role == idle && v.enabled && !v.activeBut(p)) {
		return nil, refusal("10027248", "role", "Scanner-pool updated successfully but failed to apply the specified role")
	}
	switch {
	case s.cluster != nil:
		p.Cluster = *s.cluster
	case s.role != "":
		p.Cluster = c.clusters[0] // "applied to the local cluster"
	}
	if s.role != "" {
		p.Role = s.role
	}
	return map[string]any{}, nil
}

func (c *cluster) deletePool(r *request) (any, error) {
	v, err := c.owner(r)
	if err != nil {
		return nil, err
	}
	p := v.pool(r.path[1])
	switch {
	case p == nil && c.adminHas(v, r.path[1]):
		return nil, refusal("10027064", "name", "Attempting to delete the scanner-pool %q with a data SVM which was created with an administrative SVM", r.path[1])
	case p == nil:
		return nil, errNoEntry("name")
	case v.enabled && p.Role != idle && !v.activeBut(p):
		return nil, refusal("10027070", "name", "Attempting to delete the scanner-pool %q but it is the only active scanner-pool for a Vscan enabled on the SVM", p.Name)
	}
	v.Pools = slices.DeleteFunc(v.Pools, func(other *Pool) bool { return other == p })
	return map[string]any{}, nil
}
