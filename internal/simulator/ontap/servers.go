package ontap

import (
	"fmt"
	"hash/fnv"
	"net/netip"
	"time"
)

// listServers answers the connections: those of the seed, and those that follow from the pools.
func (c *cluster) listServers(r *request) (any, error) {
	l := &listing{
		keys:   []string{"svm.uuid", "svm.name", "node.uuid", "node.name", "ip", "type"},
		fields: []string{"state", "disconnected_reason", "vendor", "version", "update_time"},
	}
	l.records = append(l.records, c.servers...)
	for _, v := range c.svms {
		for _, p := range v.Pools {
			if p.Cluster == c.clusters[0] {
				l.records = append(l.records, c.connections(v, p)...)
			}
		}
	}
	return c.serve(l, r)
}

// connections are what the scanners of a pool have with each node of the cluster.
func (c *cluster) connections(v *SVM, p *Pool) []map[string]any {
	var all []map[string]any
	for _, server := range p.Servers {
		ip := addressOf(server)
		for _, node := range c.nodes {
			connection := map[string]any{
				"svm":         map[string]any{"uuid": v.UUID, "name": v.Name},
				"node":        map[string]any{"uuid": node.UUID, "name": node.Name},
				"ip":          ip,
				"type":        "backup",
				"update_time": p.Changed.UTC().Format(time.RFC3339),
			}
			if p.Role == primary {
				connection["type"] = primary
			}
			if reason := c.reason(v, p, ip); reason != "" {
				connection["state"], connection["disconnected_reason"] = "disconnected", reason
			} else {
				connection["state"], connection["vendor"], connection["version"] = "connected", "Simulated", "1.0"
			}
			all = append(all, connection)
		}
	}
	return all
}

// reason is why a scanner is not connected, or "".
func (c *cluster) reason(v *SVM, p *Pool, ip string) string {
	switch {
	case c.disconnected[ip] != "":
		return c.disconnected[ip]
	case !v.enabled:
		return "vscan_disabled"
	case p.Role == idle:
		return "server_removed"
	}
	return ""
}

// addressOf is a server's address: of a name, one that is always the same.
func addressOf(server string) string {
	if address, err := netip.ParseAddr(server); err == nil {
		return address.String()
	}
	h := fnv.New32a()
	_, _ = h.Write([]byte(server))
	return fmt.Sprintf("192.0.2.%d", 1+h.Sum32()%254)
}
