package main

import (
	"errors"
	"fmt"

	"github.com/storage-as-code/terraform-provider-storage/internal/simulator/infinibox"
)

// array is the simulated InfiniBox, as an administrator on it sees it.
type array struct{ *infinibox.Simulator }

// holds is what an array holds, counted.
type holds struct {
	pools, volumes, snapshots, hosts, fcPorts, iscsiPorts, clusters, luns int
	gigabytes                                                             int // of all volumes together
}

func (h holds) String() string {
	return fmt.Sprintf("%d pools, %d volumes of %d GB, %d snapshots, %d hosts with %d FC and %d iSCSI ports, %d clusters and %d LUNs",
		h.pools, h.volumes, h.gigabytes, h.snapshots, h.hosts, h.fcPorts, h.iscsiPorts, h.clusters, h.luns)
}

func (a array) holds() (holds, error) {
	pools, err1 := a.list("pools")
	volumes, err2 := a.list("volumes")
	hosts, err3 := a.list("hosts")
	clusters, err4 := a.list("clusters")
	if err := errors.Join(err1, err2, err3, err4); err != nil {
		return holds{}, err
	}

	h := holds{pools: len(pools), hosts: len(hosts), clusters: len(clusters)}
	for _, v := range volumes {
		if v["type"] == "SNAPSHOT" {
			h.snapshots++
			continue
		}
		h.volumes++
		h.gigabytes += v["size"].(int) / 1e9
	}
	for _, host := range hosts {
		for _, p := range host["ports"].([]any) {
			switch p.(map[string]any)["type"] {
			case "FC":
				h.fcPorts++
			case "ISCSI":
				h.iscsiPorts++
			}
		}
	}
	for _, c := range clusters {
		h.luns += len(c["luns"].([]any))
	}
	return h, nil
}

// loseVolume does what a colleague does on the array's own console: unmaps the
// third data volume and deletes it with its snapshot.
func (a array) loseVolume() (string, error) {
	found, err := a.list("volumes?name=db-data-3")
	if err != nil || len(found) != 1 {
		return "", fmt.Errorf("db-data-3 is there %d times: %w", len(found), err)
	}
	volume := found[0]["id"]
	clusters, err := a.list("clusters?name=db")
	if err != nil || len(clusters) != 1 {
		return "", fmt.Errorf("the cluster db is there %d times: %w", len(clusters), err)
	}
	for _, path := range []string{
		fmt.Sprintf("clusters/%v/luns/volume_id/%v", clusters[0]["id"], volume),
		fmt.Sprintf("volumes/%v", volume),
	} {
		if _, _, err := a.Do("DELETE", path, nil); err != nil {
			return "", err
		}
	}
	return "on the array: db-data-3 is unmapped and deleted, with its snapshot", nil
}

// list is a collection of the array, of which the demo makes no more than a page.
func (a array) list(path string) ([]map[string]any, error) {
	_, result, err := a.Do("GET", path, nil)
	if err != nil {
		return nil, err
	}
	items, ok := result.([]any)
	if !ok {
		return nil, fmt.Errorf("GET %s: not a list: %v", path, result)
	}
	objects := make([]map[string]any, len(items))
	for i, item := range items {
		if objects[i], ok = item.(map[string]any); !ok {
			return nil, fmt.Errorf("GET %s: not an object: %v", path, item)
		}
	}
	return objects, nil
}
