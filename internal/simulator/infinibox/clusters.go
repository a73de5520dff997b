package infinibox

import (
	"net/http"
	"strconv"
)

func newClusters() *collection {
	return newCollection(collection{
		path: "clusters", noun: "Cluster", absent: "HOST_CLUSTER_NOT_FOUND", taken: "HOST_CLUSTER_NAME_CONFLICT",
		command: "GetAllHostClustersFiltered", metadata: "cluster", search: "cluster",
		creation: by(poolAdmins), updating: by(poolAdmins), deletion: by(poolAdmins),
		full: clustersFull, checks: map[string]func(ch *change) error{"host_type": checkHostType},
		keeps: func(rq *request, o Object) error {
			if len(rq.a.clusterLUNs(o)) > 0 {
				return conflict("CLUSTER_HAS_LUNS", "Cluster has LUN mappings")
			}
			return nil
		},
		delete: func(rq *request, o Object) { rq.a.remove(o) },
		answered: func(rq *request, o Object, answer map[string]any) { // it shows the hosts as they are now: in no cluster
			hosts := rq.a.members(o)
			for _, host := range hosts {
				rq.a.setMember(host, nil)
			}
			answer["hosts"] = rq.a.renderAll(hosts, nil)
		},
		computed: map[string]func(a *Array, o Object) any{
			"luns":        func(a *Array, o Object) any { return a.renderLUNs(a.clusterLUNs(o)) },
			"luns_count":  func(a *Array, o Object) any { return len(a.clusterLUNs(o)) },
			"hosts":       func(a *Array, o Object) any { return a.renderAll(a.members(o), nil) },
			"hosts_count": func(a *Array, o Object) any { return len(a.members(o)) },
			"port_type":   func(a *Array, o Object) any { return a.clusterPortTypes(o) },
			"path_health": func(a *Array, o Object) any { return a.clusterHealth(o) },
			"resiliency":  func(a *Array, o Object) any { return a.clusterStatus(o) },
			"ports_disconnected": func(a *Array, o Object) any {
				lost := 0
				for _, host := range a.members(o) {
					lost += a.connectionsOf(ports(host)).lost
				}
				return lost
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
		ports_disconnected integer
		path_health        text
		resiliency         text
		san_client_type    text     ="CLUSTER"
		tenant_id          integer
		created_at         integer  filter sort
		updated_at         integer  filter sort
	`)
}

func (a *Array) clusterRoutes(r router) {
	r.serve(a, a.clusters)
	r.list("/clusters/{id}/hosts", a.clusterHosts)
	r.write(http.MethodPost, "/clusters/{id}/hosts", poolAdmins, a.addMember)
	r.write(http.MethodDelete, "/clusters/{id}/hosts/{host_id}", poolAdmins, a.removeMember)
}

func clustersFull(a *Array) error {
	if len(a.clusters.objects) >= a.limits.Clusters {
		return conflict("CLUSTER_COUNT_LIMIT", "Cluster count limit reached")
	}
	return nil
}

func itoa(i int) string { return strconv.Itoa(i) }

// members are the hosts of a cluster, in the order of their ids.
func (a *Array) members(cluster Object) []Object {
	return a.hosts.where("host_cluster_id", cluster.id())
}

// setMember puts a host into a cluster, or with a nil cluster takes it out of the one it is in.
func (a *Array) setMember(host, cluster Object) { host["host_cluster_id"] = cluster.id() }

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

func (a *Array) clusterHosts(rq *request) (any, error) {
	cluster, err := a.clusters.get(rq.path[0])
	if err != nil {
		return nil, err
	}
	return plain(rq, "GetHostClusterHosts", a.renderAll(a.members(cluster), nil))
}

func (a *Array) addMember(rq *request) (any, error) {
	cluster, err := a.clusters.get(rq.path[0])
	if err != nil {
		return nil, err
	}
	body, err := rq.onlyFields("id")
	if err != nil {
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
		m.Members[host.id()] = a.nextLUN()
	}
	return created{a.render(cluster, nil)}, nil
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
			if private.volume == shared.Volume || private.lun == shared.LUN {
				return conflict("PRIVATE_LUNS_CONFLICT", "Both cluster and host are mapped to the same volume")
			}
			if cluster.text("host_type") == "OPENVMS" && a.udid(private.volume) == a.udid(shared.Volume) {
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
		delete(m.Members, host.id())
	}
	a.setMember(host, nil)
	return a.render(cluster, nil), nil
}
