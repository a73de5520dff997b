package infinibox

import (
	"net/http"
	"sort"
	"strconv"
)

const (
	firstHostLUN    = 1
	firstClusterLUN = 11
)

// mapping gives a host or a cluster access to a volume under a LUN.
type mapping struct {
	ID      int         `json:"id"`
	LUN     int         `json:"lun"`
	Volume  int         `json:"volume_id"`
	Host    int         `json:"host_id"` // one of the two is 0
	Cluster int         `json:"host_cluster_id"`
	Members map[int]int `json:"members,omitempty"` // of a cluster's mapping: the id that each member host sees it under
}

// client is the host or the cluster.
func (m *mapping) client() int { return m.Host + m.Cluster }

// lun is a mapping as one of its clients sees it.
type lun struct {
	id, lun, volume int
	host, cluster   int
	clustered       bool
}

func (m *mapping) seen() lun {
	return lun{m.ID, m.LUN, m.Volume, m.Host, m.Cluster, m.Cluster != 0}
}

func (m *mapping) seenBy(host int) lun {
	return lun{m.Members[host], m.LUN, m.Volume, host, m.Cluster, true}
}

func (a *Array) lunRoutes(r router) {
	for _, c := range []*collection{a.hosts, a.clusters} {
		base := "/" + c.path + "/{id}/luns"
		r.list(base, func(rq *request) (any, error) { return a.clientLUNs(rq, c) })
		r.read(base+"/{lun}", func(rq *request) (any, error) { return a.clientLUN(rq, c) })
		r.write(http.MethodPost, base, poolAdmins, func(rq *request) (any, error) { return a.mapVolume(rq, c) })
		r.write(http.MethodDelete, base+"/lun/{lun_number}", poolAdmins, func(rq *request) (any, error) {
			return a.unmap(rq, c, func(l lun, number int) bool { return l.lun == number })
		})
		r.write(http.MethodDelete, base+"/volume_id/{volume_id}", poolAdmins, func(rq *request) (any, error) {
			return a.unmap(rq, c, func(l lun, number int) bool { return l.volume == number })
		})
	}
}

func (a *Array) nextLUN() int {
	a.lastLUN++
	return a.lastLUN
}

// countMappings counts each cluster's mapping once for the cluster and once for each member.
func (a *Array) countMappings() int {
	count := 0
	for _, m := range a.mappings {
		count += 1 + len(m.Members)
	}
	return count
}

func (a *Array) errMappings() error {
	return conflict("MAPPINGS_COUNT_LIMIT", "Total mappings count limit reached: %d", a.limits.Mappings)
}

// clusterLUNs are the mappings of a cluster, by LUN.
func (a *Array) clusterLUNs(cluster Object) []*mapping { return a.byClient[cluster.id()] }

// hostLUNs are what a host sees, by LUN: its own and its cluster's.
func (a *Array) hostLUNs(host Object) []lun {
	var luns []lun
	for _, m := range a.byClient[host.id()] {
		luns = append(luns, m.seen())
	}
	if cluster := host.int("host_cluster_id"); cluster != 0 {
		for _, m := range a.byClient[cluster] {
			luns = append(luns, m.seenBy(host.id()))
		}
	}
	sort.SliceStable(luns, func(i, j int) bool { return luns[i].lun < luns[j].lun })
	return luns
}

// lunsOf are what a host or cluster sees.
func (a *Array) lunsOf(c *collection, o Object) []lun {
	if c == a.hosts {
		return a.hostLUNs(o)
	}
	var luns []lun
	for _, m := range a.clusterLUNs(o) {
		luns = append(luns, m.seen())
	}
	return luns
}

func (a *Array) udid(volume int) any { return a.volumes.objects[volume]["udid"] }

func (a *Array) renderLUN(l lun) map[string]any {
	return map[string]any{
		"id": l.id, "lun": l.lun, "volume_id": l.volume, "host_id": l.host, "host_cluster_id": l.cluster,
		"clustered": l.clustered, "udid": a.udid(l.volume),
	}
}

// renderLUNs takes lists of lun and of *mapping.
func (a *Array) renderLUNs(luns any) []any {
	out := []any{}
	switch v := luns.(type) {
	case []lun:
		for _, l := range v {
			out = append(out, a.renderLUN(l))
		}
	case []*mapping:
		for _, m := range v {
			out = append(out, a.renderLUN(m.seen()))
		}
	}
	return out
}

// volumeLUNs lists who sees a volume: each host, each cluster, and each host through its cluster.
func (a *Array) volumeLUNs(rq *request) (any, error) {
	volume, err := a.volumes.get(rq.path[0])
	if err != nil {
		return nil, err
	}
	var luns []lun
	for _, m := range a.byVolume[volume.id()] {
		luns = append(luns, m.seen())
		for host := range m.Members {
			luns = append(luns, m.seenBy(host))
		}
	}
	sort.Slice(luns, func(i, j int) bool { return luns[i].id < luns[j].id })
	return plain(rq, "GetLunsByVolume", a.renderLUNs(luns))
}

// clientLUNs lists the LUNs of a host or cluster, on request those of one volume.
func (a *Array) clientLUNs(rq *request, c *collection) (any, error) {
	o, err := c.get(rq.path[0])
	if err != nil {
		return nil, err
	}
	luns := a.lunsOf(c, o)
	if wanted := rq.query.Get("volume_id"); wanted != "" {
		filter, err := a.volumes.byName["id"].condition(wanted)
		if err != nil {
			return nil, err
		}
		var found []lun
		for _, l := range luns {
			if filter.holds(l.volume) {
				found = append(found, l)
			}
		}
		luns = found
	}
	rq.query.Del("volume_id")
	return plain(rq, "GetLuns", a.renderLUNs(luns))
}

func (a *Array) clientLUN(rq *request, c *collection) (any, error) {
	o, err := c.get(rq.path[0])
	if err != nil {
		return nil, err
	}
	l, err := a.findLUN(c, o, rq.path[1], func(l lun, number int) bool { return l.lun == number })
	if err != nil {
		return nil, err
	}
	return a.renderLUN(l), nil
}

var errNoLUN = &apiError{"LUN_NOT_FOUND", http.StatusNotFound, "LUN not found"}

func (a *Array) findLUN(c *collection, o Object, text string, is func(l lun, number int) bool) (lun, error) {
	number, err := strconv.Atoi(text)
	if err != nil {
		return lun{}, errMalformedID
	}
	for _, l := range a.lunsOf(c, o) {
		if is(l, number) {
			return l, nil
		}
	}
	return lun{}, errNoLUN
}

// mapVolume maps a volume to a host or a cluster.
func (a *Array) mapVolume(rq *request, c *collection) (any, error) {
	client, err := c.get(rq.path[0])
	if err != nil {
		return nil, err
	}
	body, err := rq.onlyFields("volume_id", "lun")
	if err != nil {
		return nil, err
	}
	id, err := requiredInteger(body, "volume_id")
	if err != nil {
		return nil, err
	}
	if body["lun"] == nil {
		delete(body, "lun")
	}
	number, given, err := integerField(body, "lun")
	if err != nil {
		return nil, err
	}
	volume, err := a.volumes.find(id)
	if err != nil {
		return nil, err
	}
	if err := rq.mayUse(volume); err != nil {
		return nil, err
	}
	if err := a.checkMapped(volume, c, client); err != nil {
		return nil, err
	}
	if number, err = a.chooseLUN(c, client, number, given); err != nil {
		return nil, err
	}
	if err := a.checkOpenVMS(volume, c, client, number); err != nil {
		return nil, err
	}
	if err := a.checkVolumeMix(volume, c, client, number); err != nil {
		return nil, err
	}
	if a.countMappings()+1+len(a.membersOf(c, client)) > a.limits.Mappings {
		return nil, a.errMappings()
	}
	if len(a.byVolume[volume.id()]) > 0 {
		if err := rq.needApproval("Mapping a volume to more than one host or cluster may result in a host corrupting the other host's data. If the hosts belong to the same cluster, it is recommended to define them as a cluster in the system"); err != nil {
			return nil, err
		}
	}
	return created{a.renderLUN(a.addMapping(volume, c, client, number).seen())}, nil
}

// membersOf are the member hosts of a cluster; none of a host.
func (a *Array) membersOf(c *collection, client Object) []Object {
	if c == a.clusters {
		return a.members(client)
	}
	return nil
}

func (a *Array) addMapping(volume Object, c *collection, client Object, number int) *mapping {
	m := &mapping{ID: a.nextLUN(), LUN: number, Volume: volume.id()}
	if c == a.hosts {
		m.Host = client.id()
	} else {
		m.Cluster, m.Members = client.id(), map[int]int{}
		for _, host := range a.members(client) {
			m.Members[host.id()] = a.nextLUN()
		}
	}
	a.connectMapping(m)
	return m
}

// connectMapping lets a volume and its host or cluster know of a mapping.
func (a *Array) connectMapping(m *mapping) {
	a.mappings[m.ID] = m
	a.byVolume[m.Volume] = append(a.byVolume[m.Volume], m)
	luns := append(append([]*mapping{}, a.byClient[m.client()]...), m)
	sort.Slice(luns, func(i, j int) bool { return luns[i].LUN < luns[j].LUN })
	a.byClient[m.client()] = luns
}

// checkMapped refuses a volume that the host or cluster sees already.
func (a *Array) checkMapped(volume Object, c *collection, client Object) error {
	for _, m := range a.byVolume[volume.id()] {
		if m.client() == client.id() {
			return conflict("MAPPING_ALREADY_EXISTS", "Volume '%s' is already mapped to '%s'", volume.name(), client.name())
		}
		if c == a.hosts && m.Cluster != 0 && m.Cluster == client.int("host_cluster_id") {
			return conflict("MAPPING_ALREADY_INHERITED", "Volume '%s' is already mapped to Cluster '%s'. (Host '%s' is a member of this cluster)", volume.name(), a.clusters.objects[m.Cluster].name(), client.name())
		}
		if host := a.hosts.objects[m.Host]; c == a.clusters && host != nil && host.int("host_cluster_id") == client.id() {
			return conflict("MAPPING_NOT_ALLOWED", "Volume '%s' is already mapped to a specific host '%s' that is a member of cluster '%s'", volume.name(), host.name(), client.name())
		}
	}
	return nil
}

// chooseLUN checks the LUN that was asked for, or takes the lowest free one.
func (a *Array) chooseLUN(c *collection, client Object, number int, given bool) (int, error) {
	taken := map[int]bool{}
	for _, l := range a.lunsOf(c, client) {
		taken[l.lun] = true
	}
	for _, host := range a.membersOf(c, client) {
		for _, l := range a.hostLUNs(host) {
			taken[l.lun] = true
		}
	}
	if given {
		switch {
		case number < 0 || number > a.limits.MaxLUN:
			return 0, conflict("ILLEGAL_LUN", "The LUN number passed is not in range")
		case taken[number]:
			return 0, conflict("LUN_EXISTS", "LUN already exists")
		}
		return number, nil
	}
	first := firstHostLUN
	if c == a.clusters {
		first = firstClusterLUN
	}
	for number := first; number <= a.limits.MaxLUN; number++ {
		if !taken[number] {
			return number, nil
		}
	}
	return 0, conflict("LUN_AUTO_ASSIGNMENT_FAILURE", "Failed auto-assigning LUN")
}

// checkOpenVMS applies what OpenVMS hosts need: a UDID of the volume, unique among what they see, and no LUN 0.
func (a *Array) checkOpenVMS(volume Object, c *collection, client Object, number int) error {
	if client.text("host_type") != "OPENVMS" {
		return nil
	}
	if number == 0 {
		return conflict("OPENVMS_LUN_CONTROLLER", "Mapping to LUN=0 is prohibited")
	}
	if volume["udid"] == nil {
		return conflict("OPENVMS_MISSING_UDID", "Mapping a volume without an assigned UDID is prohibited")
	}
	for _, l := range a.lunsOf(c, client) {
		if a.udid(l.volume) == volume["udid"] {
			if c == a.clusters {
				return conflict("OPENVMS_CLUSTER_UDID_EXISTS", "UDID is not unique among cluster '%s' mapped volumes", client.name())
			}
			return errHostUDID(client)
		}
	}
	for _, host := range a.membersOf(c, client) {
		for _, l := range a.hostLUNs(host) {
			if a.udid(l.volume) == volume["udid"] {
				return errHostUDID(host)
			}
		}
	}
	return nil
}

func errHostUDID(host Object) error {
	return conflict("OPENVMS_HOST_UDID_EXISTS", "UDID is not unique among host '%s' mapped volumes", host.name())
}

// unmap takes away a mapping that is found by a number of the path.
func (a *Array) unmap(rq *request, c *collection, is func(l lun, number int) bool) (any, error) {
	client, err := c.get(rq.path[0])
	if err != nil {
		return nil, err
	}
	l, err := a.findLUN(c, client, rq.path[1], is)
	if err != nil {
		return nil, err
	}
	volume := a.volumes.objects[l.volume]
	if err := rq.mayUse(volume); err != nil {
		return nil, err
	}
	if c == a.hosts && l.clustered {
		return nil, conflict("LUN_IS_CLUSTERED", "A clustered LUN can be removed only from a Cluster")
	}
	kind := "volume"
	if isSnapshot(volume) {
		kind = "snapshot"
	}
	if err := rq.needApproval("Unmapping %s '%s' may cause loss of access to the %s data", kind, volume.name(), kind); err != nil {
		return nil, err
	}
	result := a.renderLUN(l)
	a.dropMapping(a.mappings[l.id])
	return result, nil
}

func (a *Array) dropMapping(m *mapping) {
	delete(a.mappings, m.ID)
	without := func(mappings []*mapping) []*mapping {
		var left []*mapping
		for _, other := range mappings {
			if other != m {
				left = append(left, other)
			}
		}
		return left
	}
	a.byVolume[m.Volume] = without(a.byVolume[m.Volume])
	a.byClient[m.client()] = without(a.byClient[m.client()])
}
