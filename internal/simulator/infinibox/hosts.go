package infinibox

import (
	"net/http"
	"slices"
)

const hostFields = `
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
	ports_disconnected                integer  filter
	paths                             integer  filter
	path_health                       text     filter
	resiliency                        text     filter
	san_client_type                   text     ="HOST"
	subsystem_nqn                     text
	tenant_id                         integer  filter sort create
	created_at                        integer  filter sort
	updated_at                        integer  filter sort
`

// Secrets are hidden fields, of which only that they are set is kept.
const (
	inboundSecret  = "security_chap_inbound_secret"
	outboundSecret = "security_chap_outbound_secret"
	kept           = "set"
)

// chapFields may come together in one PUT.
var chapFields = []string{
	"security_method", "security_chap_inbound_username", inboundSecret, "security_chap_outbound_username", outboundSecret,
}

func newHosts() *collection {
	return newCollection(collection{
		path: "hosts", noun: "Host", absent: "HOST_NOT_FOUND", taken: "HOST_NAME_CONFLICT", command: "GetAllHostsFiltered",
		metadata: "host", search: "host",
		creation: by(poolAdmins), updating: by(poolAdmins), deletion: by(poolAdmins),
		onePerUpdate: true, together: chapFields,
		unknownParameter: []string{"host_cluster_id", inboundSecret, outboundSecret}, // the reference says so of the first, though it is a field
		full:             hostsFull, check: checkCHAP,
		checks: map[string]func(ch *change) error{
			"tenant_id": checkTenant, "host_type": checkHostType, "min_expected_paths": checkExpectedPaths,
			"optimized": func(ch *change) error {
				if ch.isNew() {
					return nil
				}
				return ch.rq.needApproval("Modifying the host path optimized state may change the host's multipathing load-balancing behavior")
			},
		},
		keeps: func(rq *request, host Object) error {
			switch {
			case host.int("host_cluster_id") != 0:
				return conflict("CANNOT_DELETE_CLUSTERED_HOST", "Cannot remove a host while it is assigned to a cluster")
			case len(rq.a.hostLUNs(host)) > 0:
				return conflict("HOST_NOT_EMPTY", "Host has LUN mappings")
			}
			return nil
		},
		computed: map[string]func(a *Array, o Object) any{
			"luns":        func(a *Array, o Object) any { return a.renderLUNs(a.hostLUNs(o)) },
			"luns_count":  func(a *Array, o Object) any { return len(a.hostLUNs(o)) },
			"ports_count": func(_ *Array, o Object) any { return len(ports(o)) },
			"port_type":   func(_ *Array, o Object) any { return portTypes(o) },
			"paths":       func(a *Array, o Object) any { return a.connectionsOf(ports(o)).paths },
			"path_health": func(a *Array, o Object) any { return a.hostHealth(o) },
			"resiliency":  func(a *Array, o Object) any { return a.connectionsOf(ports(o)).status() },

			"ports_disconnected": func(a *Array, o Object) any { return a.connectionsOf(ports(o)).lost },
			"subsystem_nqn": func(a *Array, o Object) any {
				if !usesNVMe(o) {
					return nil
				}
				return a.subsystem(o)
			},
			"security_chap_has_inbound_secret":  func(_ *Array, o Object) any { return o[inboundSecret] != nil },
			"security_chap_has_outbound_secret": func(_ *Array, o Object) any { return o[outboundSecret] != nil },
		},
	}, hostFields)
}

func (a *Array) hostRoutes(r router) {
	r.serve(a, a.hosts)
	r.list("/hosts/{id}/ports", a.hostPorts)
	r.write(http.MethodPost, "/hosts/{id}/ports", poolAdmins, a.addPort)
	r.write(http.MethodDelete, "/hosts/{id}/ports/{type}/{address}", poolAdmins, a.deletePort)
	r.read("/hosts/ports/{port_key}", a.portByKey)
	r.open(http.MethodGet, "/hosts/host_id_by_initiator_address/{address}", a.hostByAddress)
	r.list("/initiators", a.initiators)
	r.read("/initiators/{address}", a.initiator)
	r.list("/san_clients", a.sanClients)
}

func hostsFull(a *Array) error {
	if len(a.hosts.objects) >= a.limits.Hosts {
		return conflict("HOST_COUNT_LIMIT", "Host count limit reached")
	}
	return nil
}

// checkHostType lets hosts and clusters keep the type that they were made with.
func checkHostType(ch *change) error {
	if !ch.isNew() && ch.after["host_type"] != ch.before["host_type"] {
		return conflict("OPENVMS_HOST_TYPE_NO_MODIFICATION", "OpenVMS host type is set on creation only")
	}
	return nil
}

// checkExpectedPaths reads a number of paths; -1 gives it back to the array.
func checkExpectedPaths(ch *change) error {
	paths, ok := ch.after["min_expected_paths"].(int)
	if !ok || paths < -1 {
		return errWrong("min_expected_paths", ch.after["min_expected_paths"], "non-negative, non-null value or -1 for calculated field")
	}
	ch.after["is_min_expected_paths_user_set"] = paths >= 0
	ch.after["min_expected_paths"] = max(paths, 0)
	return nil
}

// checkCHAP checks a host's security; none takes names and secrets away.
func checkCHAP(ch *change) error {
	if !slices.ContainsFunc(chapFields, ch.sets) {
		return nil
	}
	for _, name := range []string{"security_chap_inbound_username", "security_chap_outbound_username"} {
		if len(ch.after.text(name)) > 20 {
			return conflict("INVALID_CHAP_USERNAME", "CHAP username cannot be accepted: CHAP username length has to be between 0 and 20 characters long")
		}
	}
	for _, name := range []string{inboundSecret, outboundSecret} {
		secret := ch.after.text(name)
		for i := range len(secret) {
			if secret[i] > 127 {
				return conflict("INVALID_CHAP_SECRET", "CHAP secrets cannot be accepted: Must contain ASCII characters only")
			}
		}
		ch.after[name] = nil
		if secret != "" {
			ch.after[name] = kept
		}
	}
	if ch.values["security_method"] == "NONE" && !ch.isNew() {
		for _, name := range chapFields[1:] {
			if !ch.sets(name) {
				ch.after[name] = nil
			}
		}
	}
	if !hasPort(ch.after, "ISCSI") {
		return nil
	}
	return chapCondition(ch.after)
}

// chapCondition refuses an iSCSI host that asks for secrets which it does not have.
func chapCondition(host Object) error {
	method, inbound, outbound := host.text("security_method"), host[inboundSecret] != nil, host[outboundSecret] != nil
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
