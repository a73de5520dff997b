package infinibox

import "net/http"

const (
	hostFields = `
		id                                integer  filter sort
		name                              text     filter sort required update
		host_type                         text(DEFAULT|OPENVMS)  filter sort create update  ="DEFAULT"
		optimized                         boolean  filter sort create update  =true
		security_method                   text(NONE|CHAP|MUTUAL_CHAP)  filter sort create update  ="NONE"
		security_chap_inbound_username    text     filter sort create update null
		security_chap_inbound_secret      text     create update null hidden
		security_chap_has_inbound_secret  boolean
		security_chap_outbound_username   text     filter sort create update null
		security_chap_outbound_secret     text     create update null hidden
		security_chap_has_outbound_secret boolean
		min_expected_paths                integer  filter create update null  =0
		is_min_expected_paths_user_set    boolean  filter sort  =false
		host_cluster_id                   integer  =0
		luns                              list
		luns_count                        integer
		ports                             list     =[]
		ports_count                       integer
		port_type                         list
		ports_disconnected                integer  filter  =0
		paths                             integer  filter  =0
		path_health                       text     filter  ="NONE"
		resiliency                        text     filter  ="DISCONNECTED"
		san_client_type                   text     ="HOST"
		subsystem_nqn                     text
		tenant_id                         integer  filter sort create
		created_at                        integer  filter sort
		updated_at                        integer  filter sort
	`
	inboundSecret  = "security_chap_inbound_secret"
	outboundSecret = "security_chap_outbound_secret"
)

// chapFields may come together in one PUT.
var chapFields = []string{
	"security_method", "security_chap_inbound_username", inboundSecret, "security_chap_outbound_username", outboundSecret,
}

func newHosts() *collection {
	return newCollection(collection{
		path: "hosts", kind: "host", noun: "Host", absent: "HOST_NOT_FOUND", taken: "HOST_NAME_CONFLICT",
		command: "GetAllHostsFiltered", onePerUpdate: true, together: chapFields,
		unknownParameter: []string{"host_cluster_id"}, // the reference says so, though it is a field
		computed: map[string]func(a *Array, o Object) any{
			"luns":        func(a *Array, o Object) any { return a.renderLUNs(a.hostLUNs(o)) },
			"luns_count":  func(a *Array, o Object) any { return len(a.hostLUNs(o)) },
			"ports_count": func(_ *Array, o Object) any { return len(ports(o)) },
			"port_type":   func(_ *Array, o Object) any { return portTypes(o) },
			"subsystem_nqn": func(a *Array, o Object) any {
				if !usesNVMe(o) {
					return nil
				}
				return a.subsystem(o)
			},
			"security_chap_has_inbound_secret":  func(a *Array, o Object) any { return a.secrets[o.id()][inboundSecret] },
			"security_chap_has_outbound_secret": func(a *Array, o Object) any { return a.secrets[o.id()][outboundSecret] },
		},
	}, hostFields)
}

func (a *Array) hostRoutes(r router) {
	r.collection(a, a.hosts, nil, actions{
		create: a.createHost, createRoles: poolAdmins,
		update: a.updateHost, updateRoles: poolAdmins,
		remove: a.deleteHost, removeRoles: poolAdmins,
	})
	r.read("/hosts/{id}/ports", a.hostPorts)
	r.write(http.MethodPost, "/hosts/{id}/ports", poolAdmins, a.addPort)
	r.write(http.MethodDelete, "/hosts/{id}/ports/{type}/{address}", poolAdmins, a.deletePort)
	r.read("/hosts/ports/{port_key}", a.portByKey)
	r.open(http.MethodGet, "/hosts/host_id_by_initiator_address/{address}", a.hostByAddress)
	r.read("/initiators", a.initiators)
	r.read("/initiators/{address}", a.initiator)
	r.read("/san_clients", a.sanClients)
}

func (a *Array) createHost(rq *request) (any, error) {
	body, err := rq.object()
	if err != nil {
		return nil, err
	}
	values, err := a.hosts.creation(body)
	if err != nil {
		return nil, err
	}
	if err := a.hosts.freeName(values["name"].(string), 0); err != nil {
		return nil, err
	}
	if tenant, ok := values["tenant_id"]; ok && tenant != defaultTenant {
		return nil, notFound("TENANT_NOT_FOUND", "Tenant not found")
	}
	if len(a.hosts.objects) >= a.limits.Hosts {
		return nil, conflict("HOST_COUNT_LIMIT", "Host count limit reached")
	}
	if err := checkCHAP(values); err != nil {
		return nil, err
	}
	host := a.make(a.hosts, nil)
	if paths, ok := values["min_expected_paths"]; ok {
		if err := setExpectedPaths(host, paths); err != nil {
			return nil, err
		}
		delete(values, "min_expected_paths")
	}
	a.add(a.hosts, host)
	a.hosts.rename(host, values["name"].(string))
	a.setHost(host, values)
	return created{a.render(a.hosts, host, nil)}, nil
}

// setHost stores values; of a secret only that it is set.
func (a *Array) setHost(host Object, values map[string]any) {
	secrets := a.secrets[host.id()]
	if secrets == nil {
		secrets = map[string]bool{}
		a.secrets[host.id()] = secrets
	}
	for name, value := range values {
		if name == inboundSecret || name == outboundSecret {
			secret, _ := value.(string)
			secrets[name] = secret != ""
			continue
		}
		host[name] = value
	}
}

func setExpectedPaths(host Object, value any) error {
	paths, ok := value.(int)
	if !ok || paths < -1 {
		return errWrong("min_expected_paths", value, "non-negative, non-null value or -1 for calculated field")
	}
	host["is_min_expected_paths_user_set"] = paths >= 0
	host["min_expected_paths"] = max(paths, 0)
	return nil
}

func (a *Array) updateHost(rq *request) (any, error) {
	host, err := a.hosts.get(rq.path[0])
	if err != nil {
		return nil, err
	}
	body, err := rq.object()
	if err != nil {
		return nil, err
	}
	values, err := a.hosts.change(body)
	if err != nil {
		return nil, err
	}
	switch {
	case values["name"] != nil:
		if err := a.hosts.freeName(values["name"].(string), host.id()); err != nil {
			return nil, err
		}
		a.hosts.rename(host, values["name"].(string))
	case hasKey(values, "min_expected_paths"):
		if err := setExpectedPaths(host, values["min_expected_paths"]); err != nil {
			return nil, err
		}
		delete(values, "min_expected_paths")
	case values["host_type"] != nil:
		if values["host_type"] != host["host_type"] {
			return nil, errHostType
		}
	case values["optimized"] != nil:
		if err := rq.needApproval("Modifying the host path optimized state may change the host's multipathing load-balancing behavior"); err != nil {
			return nil, err
		}
	default:
		if err := a.checkHostCHAP(host, values); err != nil {
			return nil, err
		}
	}
	a.setHost(host, values)
	a.touch(host)
	return a.render(a.hosts, host, nil), nil
}

var errHostType = &apiError{"OPENVMS_HOST_TYPE_NO_MODIFICATION", http.StatusConflict, "OpenVMS host type is set on creation only"}

func hasKey(m map[string]any, key string) bool { _, ok := m[key]; return ok }

// checkCHAP checks what is said about names and secrets by themselves.
func checkCHAP(values map[string]any) error {
	for _, name := range []string{"security_chap_inbound_username", "security_chap_outbound_username"} {
		if user, ok := values[name].(string); ok && len(user) > 20 {
			return conflict("INVALID_CHAP_USERNAME", "CHAP username cannot be accepted: CHAP username length has to be between 0 and 20 characters long")
		}
	}
	for _, name := range []string{inboundSecret, outboundSecret} {
		secret, _ := values[name].(string)
		for i := range len(secret) {
			if secret[i] > 127 {
				return conflict("INVALID_CHAP_SECRET", "CHAP secrets cannot be accepted: Must contain ASCII characters only")
			}
		}
	}
	return nil
}

// checkHostCHAP checks a change of a host's security; no security takes names and secrets away.
func (a *Array) checkHostCHAP(host Object, values map[string]any) error {
	if err := checkCHAP(values); err != nil {
		return err
	}
	method := host.text("security_method")
	if m, ok := values["security_method"].(string); ok {
		method = m
		if method == "NONE" {
			for _, name := range chapFields[1:] {
				if !hasKey(values, name) {
					values[name] = nil
				}
			}
		}
	}
	if !hasPort(host, "ISCSI") {
		return nil
	}
	has := func(name string) bool {
		if hasKey(values, name) {
			secret, _ := values[name].(string)
			return secret != ""
		}
		return a.secrets[host.id()][name]
	}
	return chapCondition(host, method, has(inboundSecret), has(outboundSecret))
}

// chapCondition refuses an iSCSI host that asks for secrets which it does not have.
func chapCondition(host Object, method string, inbound, outbound bool) error {
	var missing string
	switch {
	case method == "MUTUAL_CHAP" && !inbound && !outbound:
		missing = "Inbound and outbound CHAP secrets are missing"
	case method != "NONE" && !inbound:
		missing = "Inbound CHAP secret is missing"
	case method == "MUTUAL_CHAP" && !outbound:
		missing = "Outbound CHAP secret is missing"
	default:
		return nil
	}
	return conflict("CHAP_SECURITY_CONDITION_NOT_MET", "Host %s does not meet the security condition of %s. %s", host.name(), method, missing)
}

func (a *Array) deleteHost(rq *request) (any, error) {
	host, err := a.hosts.get(rq.path[0])
	if err != nil {
		return nil, err
	}
	if host.int("host_cluster_id") != 0 {
		return nil, conflict("CANNOT_DELETE_CLUSTERED_HOST", "Cannot remove a host while it is assigned to a cluster")
	}
	if len(a.hostLUNs(host)) > 0 {
		return nil, conflict("HOST_NOT_EMPTY", "Host has LUN mappings")
	}
	result := a.render(a.hosts, host, nil)
	a.remove(a.hosts, host)
	delete(a.secrets, host.id())
	return result, nil
}
