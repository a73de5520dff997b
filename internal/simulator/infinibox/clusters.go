package infinibox

import (
	"net/http"
	"sort"
	"strconv"
)

func newClusters() *collection {
	return newCollection(collection{
		path: "clusters", kind: "cluster", noun: "Cluster", absent: "HOST_CLUSTER_NOT_FOUND", taken: "HOST_CLUSTER_NAME_CONFLICT",
		command: "GetAllHostClustersFiltered",
		computed: map[string]func(a *Array, o Object) any{
			"luns":        func(a *Array, o Object) any { return a.renderLUNs(a.clusterLUNs(o)) },
			"luns_count":  func(a *Array, o Object) any { return len(a.clusterLUNs(o)) },
			"hosts":       func(a *Array, o Object) any { return a.renderHosts(a.members(o)) },
			"hosts_count": func(a *Array, o Object) any { return len(a.members(o)) },
			"port_type":   func(a *Array, o Object) any { return a.clusterPortTypes(o) },
			"path_health": func(a *Array, o Object) any {
				if len(a.members(o)) == 0 {
					return "NONE"
				}
				return "NOT_OK"
			},
		},
	}, `
		id                 integer  filter sort
		name               text     filter sort required update
		host_type          text(DEFAULT|OPENVMS)  filter sort create update  ="DEFAULT"
		hosts              list
		hosts_count        integer
		luns               list
		luns_count         integer
		port_type          list
		ports_disconnected integer  =0
		path_health        text
		resiliency         text     ="DISCONNECTED"
		san_client_type    text     ="CLUSTER"
		tenant_id          integer
		created_at         integer  filter sort
		updated_at         integer  filter sort
	`)
}

func (a *Array) clusterRoutes(r router) {
	r.collection(a, a.clusters, nil, actions{
		create: a.createCluster, createRoles: poolAdmins,
		update: a.updateCluster, updateRoles: poolAdmins,
		remove: a.deleteCluster, removeRoles: poolAdmins,
	})
	r.read("/clusters/{id}/hosts", a.clusterHosts)
	r.write(http.MethodPost, "/clusters/{id}/hosts", poolAdmins, a.addMember)
	r.write(http.MethodDelete, "/clusters/{id}/hosts/{host_id}", poolAdmins, a.removeMember)
}

func itoa(i int) string { return strconv.Itoa(i) }

// members are the hosts of a cluster, in the order of their ids.
func (a *Array) members(cluster Object) []Object {
	ids, _ := cluster[".members"].([]int)
	hosts := make([]Object, 0, len(ids))
	for _, id := range ids {
		hosts = append(hosts, a.hosts.objects[id])
	}
	return hosts
}

// setMember puts a host into a cluster, or with a nil cluster takes it out of the one it is in.
func (a *Array) setMember(host, cluster Object) {
	if old := a.clusters.objects[host.int("host_cluster_id")]; old != nil {
		var left []int
		for _, id := range old[".members"].([]int) {
			if id != host.id() {
				left = append(left, id)
			}
		}
		old[".members"] = left
	}
	host["host_cluster_id"] = 0
	if cluster != nil {
		ids, _ := cluster[".members"].([]int)
		ids = append(append([]int{}, ids...), host.id())
		sort.Ints(ids)
		cluster[".members"] = ids
		host["host_cluster_id"] = cluster.id()
	}
}

func (a *Array) renderHosts(hosts []Object) []any {
	out := []any{}
	for _, host := range hosts {
		out = append(out, a.render(a.hosts, host, nil))
	}
	return out
}

func (a *Array) clusterPortTypes(cluster Object) []any {
	types := []any{}
	for _, kind := range []string{"FC", "ISCSI", "NVME"} {
		for _, host := range a.members(cluster) {
			if hasPort(host, kind) {
				types = append(types, kind)
				break
			}
		}
	}
	return types
}

func (a *Array) clusterPorts(cluster Object) int {
	count := 0
	for _, host := range a.members(cluster) {
		count += len(ports(host))
	}
	return count
}

func (a *Array) createCluster(rq *request) (any, error) {
	body, err := rq.object()
	if err != nil {
		return nil, err
	}
	values, err := a.clusters.creation(body)
	if err != nil {
		return nil, err
	}
	if err := a.clusters.freeName(values["name"].(string), 0); err != nil {
		return nil, err
	}
	if len(a.clusters.objects) >= a.limits.Clusters {
		return nil, conflict("CLUSTER_COUNT_LIMIT", "Cluster count limit reached")
	}
	o := a.make(a.clusters, values)
	a.add(a.clusters, o)
	return created{a.render(a.clusters, o, nil)}, nil
}

func (a *Array) updateCluster(rq *request) (any, error) {
	cluster, err := a.clusters.get(rq.path[0])
	if err != nil {
		return nil, err
	}
	body, err := rq.object()
	if err != nil {
		return nil, err
	}
	values, err := a.clusters.change(body)
	if err != nil {
		return nil, err
	}
	if kind, ok := values["host_type"]; ok && kind != cluster["host_type"] {
		return nil, errHostType
	}
	if name, ok := values["name"].(string); ok {
		if err := a.clusters.freeName(name, cluster.id()); err != nil {
			return nil, err
		}
		a.clusters.rename(cluster, name)
	}
	a.touch(cluster)
	return a.render(a.clusters, cluster, nil), nil
}

// deleteCluster deletes a cluster without LUNs; its hosts stay.
func (a *Array) deleteCluster(rq *request) (any, error) {
	cluster, err := a.clusters.get(rq.path[0])
	if err != nil {
		return nil, err
	}
	if len(a.clusterLUNs(cluster)) > 0 {
		return nil, conflict("CLUSTER_HAS_LUNS", "Cluster has LUN mappings")
	}
	result := a.render(a.clusters, cluster, nil)
	hosts := a.members(cluster)
	for _, host := range hosts {
		a.setMember(host, nil)
	}
	result["hosts"] = a.renderHosts(hosts) // the answer shows them as they are now: in no cluster
	a.remove(a.clusters, cluster)
	return result, nil
}

func (a *Array) clusterHosts(rq *request) (any, error) {
	cluster, err := a.clusters.get(rq.path[0])
	if err != nil {
		return nil, err
	}
	return plain(rq, "GetHostClusterHosts", a.renderHosts(a.members(cluster)))
}

func (a *Array) addMember(rq *request) (any, error) {
	cluster, err := a.clusters.get(rq.path[0])
	if err != nil {
		return nil, err
	}
	body, err := rq.object()
	if err != nil {
		return nil, err
	}
	if err := onlyFields(body, "id"); err != nil {
		return nil, err
	}
	id, err := requiredInteger(body, "id")
	if err != nil {
		return nil, err
	}
	host, err := a.hosts.find(id)
	if err != nil {
		return nil, err
	}
	if err := a.checkMember(rq, cluster, host); err != nil {
		return nil, err
	}
	a.setMember(host, cluster)
	for _, m := range a.clusterLUNs(cluster) {
		m.members[host.id()] = a.nextLUN()
	}
	return created{a.render(a.clusters, cluster, nil)}, nil
}

func (a *Array) checkMember(rq *request, cluster, host Object) error {
	switch current := host.int("host_cluster_id"); {
	case current == cluster.id():
		return conflict("HOST_EXISTS", "Host already exists")
	case current != 0:
		return conflict("HOST_ASSIGNED_TO_CLUSTER", "Host is already assigned to a cluster")
	case host.text("host_type") != cluster.text("host_type"):
		return conflict("CLUSTER_PROHIBITED_HOST_TYPE", "The cluster cannot contain hosts of type %s", host.text("host_type"))
	case len(a.members(cluster)) >= a.limits.HostsPerCluster:
		return conflict("HOST_COUNT_CLUSTER_LIMIT", "Host count limit reached for cluster")
	case a.clusterPorts(cluster)+len(ports(host)) > a.limits.PortsPerCluster:
		return conflict("PORT_COUNT_CLUSTER_LIMIT", "Port count limit reached for cluster")
	case a.countMappings()+len(a.clusterLUNs(cluster)) > a.limits.Mappings:
		return a.errMappings()
	}
	if err := a.checkPrivateLUNs(cluster, host); err != nil {
		return err
	}
	return a.checkMemberMix(rq, cluster, host)
}

// checkPrivateLUNs compares what a host sees by itself with what the cluster sees.
func (a *Array) checkPrivateLUNs(cluster, host Object) error {
	for _, private := range a.hostLUNs(host) {
		for _, shared := range a.clusterLUNs(cluster) {
			if private.volume == shared.volume || private.lun == shared.lun {
				return conflict("PRIVATE_LUNS_CONFLICT", "Both cluster and host are mapped to the same volume")
			}
			if cluster.text("host_type") == "OPENVMS" && a.udid(private.volume) == a.udid(shared.volume) {
				return conflict("OPENVMS_CLUSTER_UDID_EXISTS", "UDID is not unique among cluster '%s' mapped volumes", cluster.name())
			}
		}
	}
	return nil
}

func (a *Array) removeMember(rq *request) (any, error) {
	cluster, err := a.clusters.get(rq.path[0])
	if err != nil {
		return nil, err
	}
	host, err := a.hosts.get(rq.path[1])
	if err != nil {
		return nil, err
	}
	if host.int("host_cluster_id") != cluster.id() {
		return nil, notFound("HOST_NOT_FOUND", "Host not found")
	}
	if err := rq.needApproval("Removing a host from a cluster causes the host to lose access to all of the volumes that are mapped to this cluster"); err != nil {
		return nil, err
	}
	for _, m := range a.clusterLUNs(cluster) {
		delete(m.members, host.id())
	}
	a.setMember(host, nil)
	return a.render(a.clusters, cluster, nil), nil
}
