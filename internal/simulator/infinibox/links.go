package infinibox

import (
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// A link joins a network space for replication here with one of the other array. Each array has its own object for it.

const (
	leastSyncAddresses  = syncAddresses
	leastAsyncAddresses = 4 // one for management, and three
)

func newLinks() *collection {
	return newCollection(collection{
		path: "links", noun: "Link", absent: "LINK_NOT_FOUND", absentText: "Link %d to remote system was not found",
		taken: "LINK_NAME_CONFLICT", command: "GetAllLinks", number: reservedNumber,
		creation: by(administrators), updating: by(administrators),
		deletion: by(administrators, "force_if_no_remote_credentials", "force_if_remote_error"),
		prepare: func(_ *request, body map[string]any) error {
			if value, given := body["remote_host"]; given && value == nil {
				return errField("remote_host")
			}
			return nil
		},
		checks: map[string]func(ch *change) error{"remote_host": checkRemoteHost},
		check:  checkLink, stored: linkStored,
		danger: func(Object) string {
			return "Deleting the link will prevent the system from replicating data to or from the remote system"
		},
		keeps: func(rq *request, o Object) error { return rq.a.keepsLink(rq, o) },
		answered: func(_ *request, _ Object, answer map[string]any) {
			answer["link_state"] = nil
		},
		computed: map[string]func(a *Array, o Object) any{
			"link_mode":                       linkMode,
			"link_state":                      linkState,
			"state_description":               linkDescription,
			"async_only":                      linkAsyncOnly,
			"local_link_replication_type":     func(a *Array, o Object) any { return a.localTypes(o) },
			"link_replication_type":           func(a *Array, o Object) any { return a.linkTypes(o) },
			"is_local_link_ready_for_sync":    func(a *Array, o Object) any { return slices.Contains(a.localTypes(o), any("SYNC")) },
			"remote_replication_ip_addresses": func(_ *Array, o Object) any { return o.list(".addresses") },
		},
	}, `
		id                                   integer  filter sort
		name                                 text     filter sort required update
		local_replication_network_space_id   integer  filter sort create update null
		remote_host                          text     filter sort required update
		witness_address                      text     filter sort create null
		link_mode                            text(ACTIVE|DETACHED)  filter sort
		link_state                           text
		state_description                    text
		async_only                           boolean
		is_local_link_ready_for_sync         boolean
		local_link_replication_type          list
		link_replication_type                list
		resiliency_mode                      text
		local_witness_state                  text
		local_witness_state_description      text
		remote_witness_state                 text
		remote_link_id                       integer  filter sort
		remote_system_name                   text     filter sort
		remote_system_serial_number          integer  filter sort
		remote_replication_network_space_id  integer  filter sort
		remote_replication_ip_addresses      list
		remote_version                       text     filter sort
		last_connection_timestamp            integer
		connect_timeout                      integer  filter sort  =10000
		keep_alive_time                      integer  filter sort  =10000
		retry_wait                           integer  filter sort  =500
		retry_count                          integer  filter sort  =4
		_link_configuration_guid             text     filter sort
		_local_host                          text
		_remote_management_ip                text     filter sort
		_version                             integer  =1
	`)
}

func (a *Array) linkRoutes(r router) {
	r.serve(a, a.links)
	r.write(http.MethodPost, "/links/{id}/refresh", administrators, a.refreshLink)
	r.write(http.MethodPost, "/links/{id}/set_witness_address", administrators, a.setWitness)
}

// reservedNumber is the id that an object was promised before it was made, as the other array had to know it.
func reservedNumber(a *Array, o Object) int {
	if id := o.int(".id"); id != 0 {
		return id
	}
	return a.nextID()
}

// giveBack takes back the ids that a refused object was promised, the last of them being the last of all; not where the
// other array may know them.
func (a *Array) giveBack(err error, before, last int) {
	if a.lastID == last && !errors.Is(err, errUnheard) {
		a.lastID = before
	}
}

// linkEnd is what one array tells the other of its side of a link.
type linkEnd struct {
	Name      string           `json:"name"`
	ID        int              `json:"id"`
	Space     int              `json:"space"`
	Serial    int              `json:"serial"`
	System    string           `json:"system"`
	Version   string           `json:"version"`
	Addresses []map[string]any `json:"addresses"` // ip_address and type
	Types     []any            `json:"types"`
	Host      string           `json:"host"` // how the sender reaches the other array
	Witness   any              `json:"witness"`
	GUID      string           `json:"guid"`
}

// end describes this side of a link.
func (a *Array) end(o Object) linkEnd {
	e := linkEnd{
		Name: o.name(), ID: o.int(".id"), Serial: a.serial, System: a.systemName, Version: systemVersion,
		Host: o.text("remote_host"), Witness: o["witness_address"], GUID: o.text("_link_configuration_guid"), Types: a.localTypes(o),
	}
	if space := a.spaceOfLink(o); space != nil {
		e.Space = space.id()
		for _, item := range space.list("ips") {
			e.Addresses = append(e.Addresses, map[string]any{"ip_address": asObject(item)["ip_address"], "type": asObject(item)["type"]})
		}
	}
	return e
}

// adopt notes what the other array has told of its side.
func (a *Array) adopt(o Object, e linkEnd) {
	o["remote_link_id"], o["remote_system_serial_number"] = e.ID, e.Serial
	o["remote_system_name"], o["remote_version"] = e.System, e.Version
	o["remote_replication_network_space_id"] = e.Space
	if e.Space == 0 {
		o["remote_replication_network_space_id"] = nil
	}
	o[".types"] = e.Types
	known := map[any]any{}
	for _, item := range o.list(".addresses") {
		known[asObject(item)["ip_address"]] = asObject(item)["id"]
	}
	items := []any{}
	for _, address := range e.Addresses {
		id := known[address["ip_address"]]
		if id == nil {
			id = a.nextID()
		}
		items = append(items, map[string]any{
			"id": id, "link_id": o.int(".id"), "ip_address": address["ip_address"], "type": address["type"],
			"management": address["type"] == managementAddress, "local": false,
		})
	}
	o[".addresses"] = items
}

func (a *Array) spaceOfLink(o Object) Object {
	return a.spaces.objects[o.int("local_replication_network_space_id")]
}

func (a *Array) isDetached(o Object) bool { return a.spaceOfLink(o) == nil }

func linkMode(a *Array, o Object) any {
	if a.isDetached(o) {
		return "DETACHED"
	}
	return "ACTIVE"
}

// carriesData tells whether data gets over a link.
func (a *Array) carriesData(o Object) bool {
	return o != nil && !a.isDetached(o) && a.contact == together && o["remote_replication_network_space_id"] != nil && o.int("remote_link_id") != 0
}

func linkState(a *Array, o Object) any {
	switch {
	case a.isDetached(o):
		return nil
	case a.carriesData(o):
		return "UP"
	}
	return "DOWN"
}

func linkDescription(a *Array, o Object) any {
	switch {
	case linkState(a, o) != "DOWN":
		return nil
	case a.contact != together:
		return fmt.Sprintf("The remote system '%s' cannot be reached", o.text("remote_system_name"))
	case o.int("remote_link_id") == 0:
		return "The link was deleted on the remote system"
	}
	return "The link is detached on the remote system"
}

func linkAsyncOnly(a *Array, o Object) any {
	if a.isDetached(o) {
		return nil
	}
	return asyncOnly(a.spaceOfLink(o))
}

func asyncOnly(space Object) bool { return asObject(space["properties"])["is_async_only"] == true }

// localTypes are the types of replication that this side of a link is fit for.
func (a *Array) localTypes(o Object) []any {
	switch {
	case a.isDetached(o):
		return []any{}
	case asyncOnly(a.spaceOfLink(o)):
		return []any{"ASYNC"}
	case o["witness_address"] != nil:
		return []any{"ACTIVE_ACTIVE", "SYNC", "ASYNC"}
	}
	return []any{"SYNC", "ASYNC"}
}

// linkTypes are the types of replication that both sides of a link are fit for.
func (a *Array) linkTypes(o Object) []any {
	return slices.DeleteFunc(a.localTypes(o), func(kind any) bool { return !slices.Contains(o.list(".types"), kind) })
}

// answersTo tells whether a host is this array: by the name of the system, an address for replication, or where it is served.
func (a *Array) answersTo(host string) bool {
	served := strings.TrimPrefix(strings.TrimPrefix(a.url, "https://"), "http://")
	machine := served
	if i := strings.LastIndexByte(served, ':'); i > 0 {
		machine = served[:i]
	}
	known := []string{a.systemName, a.fullName(), a.url, served, machine}
	for _, space := range a.spacesOf(rmrService) {
		known = append(known, ipTexts(space)...)
	}
	return host != "" && hasFold(known, strings.TrimSuffix(host, "/"))
}

// checkRemoteHost refuses what looks like an address and is none.
func checkRemoteHost(ch *change) error {
	host := ch.after.text("remote_host")
	if _, err := netip.ParseAddr(host); err != nil && host != "" && strings.Trim(host, "0123456789.") == "" {
		return badRequest("INVALID_IP_ADDRESS", "IP address '%s' is invalid.", host)
	}
	return nil
}

// checkLink checks this side of a link, and makes the other side of a new one.
func checkLink(ch *change) error {
	a, o := ch.a, ch.after
	if ch.isNew() && !ch.sets("local_replication_network_space_id") || ch.isNew() && o["local_replication_network_space_id"] == nil {
		space, err := a.onlySpace()
		if err != nil {
			return err
		}
		o["local_replication_network_space_id"] = space.id()
	}
	if ch.isNew() || ch.sets("local_replication_network_space_id") {
		if err := a.checkLinkSpace(o["local_replication_network_space_id"]); err != nil {
			return err
		}
	}
	if !ch.isNew() {
		return nil
	}
	if err := checkWitness(a, o); err != nil {
		return err
	}
	return a.linkUp(ch)
}

// onlySpace is the network space for replication, if there is one alone.
func (a *Array) onlySpace() (Object, error) {
	switch spaces := a.spacesOf(rmrService); len(spaces) {
	case 0:
		return nil, conflict("LINK_NO_NET_SPACES", "No network spaces were found for the link")
	case 1:
		return spaces[0], nil
	default:
		return nil, conflict("LINK_TOO_MANY_NET_SPACES", "No network space was specified for the link, and there are more than one defined. Please choose one")
	}
}

// checkLinkSpace checks the network space that a link is to go over; null is none.
func (a *Array) checkLinkSpace(id any) error {
	if id == nil {
		return nil
	}
	number, _ := toInt(id)
	space := a.spaces.objects[number]
	if space == nil || space["service"] != rmrService {
		return conflict("LINK_INVALID_NET_SPACE", "The network space specified was invalid")
	}
	if enabledAddresses(space) < leastAddresses(space) {
		return conflict("LINK_NET_SPACE_INSUFFICIENT_IPS", "Invalid IP assignments are defined for local network space '%s'. At least seven enabled IPs are needed for sync replication. One reserved for management interface, at least three ASYNC IPs and three SYNC IPs.", space.name())
	}
	return nil
}

// checkWitness refuses a witness where there is no synchronous replication that it could judge.
func checkWitness(a *Array, o Object) error {
	if o["witness_address"] != nil && asyncOnly(a.spaceOfLink(o)) {
		return conflict("LINK_TYPE_NOT_SUPPORTED", "Cannot define a witness on a local 'async only' link type")
	}
	return nil
}

// linkUp makes the other side of a new link.
func (a *Array) linkUp(ch *change) error {
	o := ch.after
	host := o.text("remote_host")
	before := a.lastID
	o[".id"], o["_link_configuration_guid"] = a.nextID(), a.guid()
	var far linkEnd
	err := a.ask(ch.rq.remoteLogin(), "link/create", a.end(o), &far)
	var refused remoteError
	if err != nil {
		a.giveBack(err, before, o.int(".id"))
	}
	switch {
	case isAway(err) || errors.As(err, &refused) && refused.code == "REMOTE_API_FAILURE":
		if a.answersTo(host) {
			return conflict("CANNOT_LINK_SYSTEM_TO_ITSELF", "Cannot create a loop-back link to the same system. '%s' is actually the local system", host)
		}
		return conflict("REMOTE_API_FAILURE", "Error on '%s': null", host)
	case err != nil && refused.apiError != nil && refused.code == "LINK_TO_HOST_ALREADY_EXISTS":
		return conflict("LINK_TO_HOST_ALREADY_EXISTS", "A link to a remote system '%s' already exists", host)
	case err != nil:
		return err
	}
	a.adopt(o, far)
	return nil
}

// acceptLink makes this side of a link that the other array begins.
func (a *Array) acceptLink(v *visit) (any, error) {
	var far linkEnd
	if err := v.read(&far); err != nil {
		return nil, err
	}
	if !a.answersTo(far.Host) {
		return nil, conflict("REMOTE_API_FAILURE", "null")
	}
	if err := v.needAdministrator(); err != nil {
		return nil, err
	}
	for _, other := range a.links.objects {
		if other.int("remote_system_serial_number") == far.Serial {
			return nil, conflict("LINK_TO_HOST_ALREADY_EXISTS", "A link to a remote system '%s' already exists", other.text("remote_host"))
		}
	}
	space, err := a.spaceAt(far.Host)
	if err != nil {
		return nil, err
	}
	if err := a.checkLinkSpace(space.id()); err != nil {
		return nil, err
	}
	if err := a.links.freeKey(far.Name, 0); err != nil {
		return nil, err
	}
	host := far.System
	for _, address := range far.Addresses {
		if address["type"] == managementAddress {
			host, _ = address["ip_address"].(string)
		}
	}
	o := a.make(a.links, map[string]any{
		"name": far.Name, "local_replication_network_space_id": space.id(), "remote_host": host,
		"witness_address": far.Witness, "_link_configuration_guid": far.GUID, ".id": a.nextID(),
	})
	if asyncOnly(space) {
		o["witness_address"] = nil
	}
	a.add(o)
	a.adopt(o, far)
	return a.end(o), nil
}

// spaceAt is the network space for replication that has an address, or else the only one.
func (a *Array) spaceAt(host string) (Object, error) {
	for _, space := range a.spacesOf(rmrService) {
		if slices.Contains(ipTexts(space), host) {
			return space, nil
		}
	}
	return a.onlySpace()
}

// linkStored lets the other array know what has become of this side.
func linkStored(ch *change) {
	ch.a.touchReplicas()
}

// keepsLink refuses to delete a link that is used, and deletes its other side.
func (a *Array) keepsLink(rq *request, o Object) error {
	if err := a.checkLinkUse(o); err != nil {
		return err
	}
	var err error
	if a.isDetached(o) {
		err = remoteError{&apiError{"REPLICA_INVALID_LINK", http.StatusConflict, fmt.Sprintf("Error on '%s': The link is detached", a.systemName)}}
	} else {
		err = linked(o, a.ask(rq.remoteLogin(), "link/delete", o.int("remote_link_id"), nil))
	}
	return rq.unlessForced(err)
}

// unlessForced is an error of the other array, unless the request says that it does not matter.
func (rq *request) unlessForced(err error) error {
	name := "force_if_remote_error"
	if errors.Is(err, errRemotePermission) {
		name = "force_if_no_remote_credentials"
	}
	if on, _ := toBool(rq.query.Get(name)); on {
		return nil
	}
	return err
}

func (a *Array) checkLinkUse(o Object) error {
	for _, c := range []*collection{a.replicas, a.rgReplicas} {
		if len(c.where("link_id", o.id())) > 0 {
			return conflict("LINK_ERROR", "Cannot delete link to %s because it has replicas defined with it", o.text("remote_system_name"))
		}
	}
	return nil
}

// dropLinkFor deletes this side of a link, as the other one goes.
func (a *Array) dropLinkFor(v *visit) (any, error) {
	var id int
	if err := v.read(&id); err != nil {
		return nil, err
	}
	o := a.links.objects[id]
	if o == nil {
		return nil, nil
	}
	if err := v.needAdministrator(); err != nil {
		return nil, err
	}
	if err := a.checkLinkUse(o); err != nil {
		return nil, err
	}
	a.remove(o)
	return nil, nil
}

// needAdministrator refuses a visitor who may not administer links here.
func (v *visit) needAdministrator() error {
	if v.user == nil || !slices.Contains(administrators, v.user.text("role")) {
		return errRemotePermission
	}
	return nil
}
