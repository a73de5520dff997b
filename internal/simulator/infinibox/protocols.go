package infinibox

import "fmt"

// The array does not let one volume, host or cluster be reached over both SCSI (FC, iSCSI) and NVMe-oF.
// A host without ports is neutral. Over NVMe-oF, LUN 0 does not exist (an NSID is never 0).

const noMix = "Cannot mix access to volumes with SCSI and NVMe-oF: "

func mixError(code, format string, args ...any) error {
	return conflict("CANT_MIX_NVME_OF_SCSI_"+code, noMix+format, args...)
}

// client is whatever a volume is mapped to, and the protocols it speaks.
type client struct {
	kind, name string // kind is "host" or "cluster"
	nvme, scsi bool
}

func (a *Array) clientOf(c *collection, o Object) client {
	if c == a.hosts {
		return client{"host", o.name(), usesNVMe(o), usesSCSI(o)}
	}
	nvme, scsi := a.clusterProtocols(o)
	return client{"cluster", o.name(), nvme, scsi}
}

func (a *Array) clusterProtocols(cluster Object) (nvme, scsi bool) {
	for _, host := range a.members(cluster) {
		nvme = nvme || usesNVMe(host)
		scsi = scsi || usesSCSI(host)
	}
	return nvme, scsi
}

// otherClients are the hosts and clusters that see a volume, but for one.
func (a *Array) otherClients(volume int, but ...int) []client {
	var clients []client
	for _, m := range a.byVolume[volume] {
		switch {
		case m.client() == but[0] || len(but) > 1 && m.client() == but[1]:
		case m.Host != 0:
			clients = append(clients, a.clientOf(a.hosts, a.hosts.objects[m.Host]))
		default:
			clients = append(clients, a.clientOf(a.clusters, a.clusters.objects[m.Cluster]))
		}
	}
	return clients
}

// checkVolumeMix checks a volume that is to be mapped.
func (a *Array) checkVolumeMix(volume Object, c *collection, o Object, number int) error {
	if err := a.checkPeerOverNVMe(volume, c, o); err != nil {
		return err
	}
	me := a.clientOf(c, o)
	nvmeCluster := false
	if cluster := a.clusters.objects[o.int("host_cluster_id")]; c == a.hosts && cluster != nil {
		nvmeCluster, _ = a.clusterProtocols(cluster)
	}
	if number == 0 {
		switch {
		case me.nvme && c == a.hosts:
			return conflict("VOLUME_CANNOT_BE_MAPPED_TO_NVME_OF_HOST_WITH_NSID_0", "Mapping of volume '%s' to NVMe-oF host '%s' failed because 0 is not a valid NSID value", volume.name(), o.name())
		case me.nvme:
			return conflict("VOLUME_CANNOT_BE_MAPPED_TO_NVME_OF_CLUSTER_WITH_NSID_0", "Mapping of volume '%s' to NVMe-oF cluster '%s' failed because 0 is not a valid NSID value", volume.name(), o.name())
		case nvmeCluster:
			return conflict("VOLUME_CANNOT_BE_MAPPED_TO_HOST_IN_NVME_OF_CLUSTER_WITH_NSID_0", "Mapping of volume '%s' to host '%s' failed because the host is part of an NVMe-oF cluster, and 0 is not a valid NSID value", volume.name(), o.name())
		}
	}
	for _, other := range a.otherClients(volume.id(), o.id()) {
		if err := refuseMix(volume, me, other); err != nil {
			return err
		}
	}
	return nil
}

// refuseMix refuses a volume that another client reaches over the other protocol.
func refuseMix(volume Object, me, other client) error {
	var protocol, ports, mine string
	switch {
	case me.scsi && other.nvme:
		protocol, ports, mine = "NVME", "NVMe-oF", "FC/iSCSI"
	case me.nvme && other.scsi:
		protocol, ports, mine = "SCSI", "FC/iSCSI", "NVMe-oF"
	default:
		return nil
	}
	if other.kind == "cluster" {
		return mixError("VOLUME_MAPPED_TO_"+protocol+"_CLUSTER", "the volume '%s' is already mapped to cluster '%s' which has hosts that have %s ports", volume.name(), other.name, ports)
	}
	return mixError("VOLUME_MAPPED_ACCESSED_"+protocol, "the volume '%s' is already mapped to host '%s' which has %s ports while %s has %s ports", volume.name(), other.name, ports, fmt.Sprintf("%s '%s'", me.kind, me.name), mine)
}

// checkPortMix checks a port that is to be added to a host.
func (a *Array) checkPortMix(rq *request, host Object, kind string) error {
	nvme := kind == "NVME"
	switch {
	case nvme && usesSCSI(host):
		return mixError("ADD_NVME_OF_PORT_TO_SCSI_HOST", "the host '%s' has initiators with FC or iSCSI ports, and cannot be mixed with initiators with NVMe-oF ports", host.name())
	case !nvme && usesNVMe(host):
		return mixError("ADD_SCSI_PORT_TO_NVME_OF_HOST", "the host '%s' has initiators with NVMe-oF ports, and cannot be mixed with initiators with FC or iSCSI ports", host.name())
	}
	if cluster := a.clusters.objects[host.int("host_cluster_id")]; cluster != nil {
		hasNVMe, hasSCSI := a.clusterProtocols(cluster)
		switch {
		case nvme && hasSCSI:
			return mixError("ADD_NVME_PORT_TO_HOST_IN_SCSI_CLUSTER", "the host '%s' is in cluster '%s' which has hosts with FC/iSCSI ports, which cannot be mixed with NVMe-oF ports", host.name(), cluster.name())
		case !nvme && hasNVMe:
			return mixError("ADD_SCSI_PORT_TO_HOST_IN_NVME_CLUSTER", "the host '%s' is in cluster '%s' which has hosts with NVMe-oF ports, which cannot be mixed with FC/iSCSI ports", host.name(), cluster.name())
		}
	}
	luns := a.hostLUNs(host)
	if nvme && hasLUN0(luns) {
		return conflict("CANT_ADD_NVME_OF_PORT_TO_HOST_WITH_VOLUMES_MAPPED_USING_NSID_0", "Adding an NVMe-oF port to host '%s' failed because the host or its cluster has volumes mapped using NSID 0, which is not a legal NSID value", host.name())
	}
	if nvme && a.seesPeer(luns) {
		return conflict("NVME_OF_PORT_NOT_ALLOWED_FOR_ACTIVE_ACTIVE_VOLUME", "Adding an NVMe-oF port to host '%s' failed because the host has, directly or via a cluster, active-active replication volumes mapped to it", host.name())
	}
	me := client{"host", host.name(), nvme, !nvme}
	return a.checkSharedVolumes(rq, me, luns, host.id(), host.int("host_cluster_id"))
}

func hasLUN0(luns []lun) bool {
	for _, l := range luns {
		if l.lun == 0 {
			return true
		}
	}
	return false
}

// checkSharedVolumes checks volumes that a client sees, once it speaks the protocols it is about to speak.
// An array that allows the mix asks for approval instead.
func (a *Array) checkSharedVolumes(rq *request, me client, luns []lun, but ...int) error {
	for _, l := range luns {
		for _, other := range a.otherClients(l.volume, but...) {
			if mixed := me.nvme && other.scsi || me.scsi && other.nvme; !mixed {
				continue
			}
			if a.allowMix {
				return rq.needApproval("This operation will provide access to the same volume via SCSI and NVMe-oF hosts and/or clusters at the same time. Some capabilities such as reservations are not supported across protocols, and will silently fail")
			}
			if me.nvme {
				return mixError("ADD_NVME_PORT_MAPPED_SCSI_VOLUME", "the %s '%s' is mapped to a volume which is already mapped to %s '%s' which has FC/iSCSI ports", me.kind, me.name, other.kind, other.name)
			}
			return mixError("ADD_SCSI_PORT_MAPPED_NVME_VOLUME", "the %s '%s' is mapped to a volume which is already mapped to %s '%s' which has NVMe-oF ports", me.kind, me.name, other.kind, other.name)
		}
	}
	return nil
}

// checkMemberMix checks a host that is to join a cluster.
func (a *Array) checkMemberMix(rq *request, cluster, host Object) error {
	nvme, scsi := a.clusterProtocols(cluster)
	switch {
	case usesSCSI(host) && nvme:
		return mixError("ADD_SCSI_HOST_TO_NVME_CLUSTER", "the host '%s' has FC/iSCSI ports while hosts in cluster '%s' have NVMe-oF ports", host.name(), cluster.name())
	case usesNVMe(host) && scsi:
		return mixError("ADD_NVME_HOST_TO_SCSI_CLUSTER", "the host '%s' has NVMe-oF ports while hosts in cluster '%s' have FC/iSCSI ports", host.name(), cluster.name())
	case usesNVMe(host) && hasLUN0(a.lunsOf(a.clusters, cluster)):
		return conflict("CANT_ADD_NVME_OF_HOST_TO_CLUSTER_WITH_VOLUMES_MAPPED_USING_NSID_0", "Adding NVME-oF host '%s' to cluster '%s' failed because the cluster or its hosts has volumes mapped using NSID 0, which is not a legal NSID value", host.name(), cluster.name())
	case nvme && hasLUN0(a.hostLUNs(host)):
		return conflict("CANT_ADD_HOST_WITH_VOLUMES_MAPPED_USING_NSID_0_TO_NVME_OF_CLUSTER", "Adding host '%s' to NVMe-oF cluster '%s' failed because the host has volumes mapped using NSID 0, which is not a legal NSID value", host.name(), cluster.name())
	}
	if usesNVMe(host) && a.seesPeer(a.lunsOf(a.clusters, cluster)) {
		return conflict("NVME_OF_HOST_CANNOT_JOIN_ACTIVE_ACTIVE_CLUSTER", "Adding host '%s' to cluster '%s' failed because hosts containing NVMe-oF ports cannot be added to clusters to which active-active replication volumes are mapped", host.name(), cluster.name())
	}
	me := client{"cluster", cluster.name(), nvme || usesNVMe(host), scsi || usesSCSI(host)}
	return a.checkSharedVolumes(rq, me, a.lunsOf(a.clusters, cluster), cluster.id(), host.id())
}

// subsystem is the NQN that a host finds its volumes under.
func (a *Array) subsystem(host Object) string {
	return fmt.Sprintf("nqn.2020-01.com.infinidat:%x-subsystem-%d", a.serial, host.id())
}
