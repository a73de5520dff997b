package network

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox/common"
)

// checkInterface refuses what an interface of its type cannot have, and weighs what cuts
// others off.
func checkInterface(ctx context.Context, p *entity.Plan) {
	if p.After == nil || !p.After.Known("type") {
		return
	}
	kind := p.After.Text("type")
	switch {
	case kind == isVLAN && !p.Config.Null("node_id"):
		p.Refuse("node_id", "A VLAN has no node of its own", "A VLAN is on the node of its group: leave node_id out.")
	case kind != isVLAN && p.Config.Null("node_id") && (p.Before == nil || p.Replaced):
		p.Refuse("node_id", "node_id is missing", fmt.Sprintf("An interface of type %s needs node_id.", kind))
	}
	if kind == isPort {
		checkPort(p)
	}
	if kind == isGroup && p.After.Known("ports") && p.Before != nil && !p.Replaced && p.Before.Count("ports") > 0 && p.After.Count("ports") == 0 {
		p.Refuse("ports", "A port group keeps its last port", "The array takes no group's last port. To free it, delete the interface.")
	}
	if p.Applying() {
		return
	}
	weighSpeeds(ctx, p)
	weighDisabling(ctx, p)
}

// checkPort refuses what an interface of a single port never takes.
func checkPort(p *entity.Plan) {
	creating := p.Before == nil || p.Replaced
	if p.Config.Count("ports") != 1 && (p.Config.Known("ports") || creating && p.Config.Null("ports")) {
		p.Refuse("ports", "ports is not one port", "An interface of type PORT has exactly one port. For several use PORT_GROUP.")
	}
	if creating {
		return
	}
	for _, name := range []string{"name", "ports"} {
		if p.Changes(name) {
			p.Refuse(name, "An interface of type PORT does not change",
				"The array changes nothing of a single port but whether it is enabled. To have it otherwise, delete the resource and make another, by terraform apply -replace.")
		}
	}
}

// weighSpeeds weighs ports of one group that do not run at one speed.
func weighSpeeds(ctx context.Context, p *entity.Plan) {
	names := p.After.Texts("ports")
	if !p.Changes("ports") || len(names) < 2 || !p.After.Known("node_id") {
		return
	}
	speeds := map[string][]string{}
	for _, port := range common.Collect(ctx, p.Session, "components/nodes/"+p.After.ID("node_id")+"/eth_ports", api.Query{}) {
		if name := common.NameOf(port); slices.Contains(names, name) && port["max_speed"] != nil {
			speed := gigabits(port["max_speed"])
			speeds[speed] = append(speeds[speed], name)
		}
	}
	if len(speeds) < 2 {
		return
	}
	var parts []string
	for speed, of := range speeds {
		parts = append(parts, strings.Join(of, ", ")+" "+speed)
	}
	slices.Sort(parts)
	p.Weigh("Grouping ports of different speeds", fmt.Sprintf(
		"The ports of %q do not run at one speed: %s. A group is as fast as its slowest port, and shares its load badly.", p.After.Text("name"), strings.Join(parts, "; ")))
}

func gigabits(speed any) string {
	bits, err := common.Number(speed)
	if err != nil {
		return fmt.Sprint(speed)
	}
	return fmt.Sprintf("%g Gbit/s", float64(bits)/1e9)
}

// weighDisabling names what goes down with an interface that is disabled.
func weighDisabling(ctx context.Context, p *entity.Plan) {
	if p.Before == nil || p.Replaced || !p.Before.Bool("enabled") || !p.Changes("enabled") || !p.After.Known("enabled") {
		return
	}
	id := p.Before.ID("id")
	vlans := vlansOn(ctx, p.Session, id)
	of := []string{id}
	for _, vlan := range vlans {
		of = append(of, fmt.Sprint(vlan["id"]))
	}
	var lost []string
	if len(vlans) > 0 {
		lost = append(lost, "its VLANs "+namesOf(vlans))
	}
	if used := spacesOf(ctx, p.Session, of...); len(used) > 0 {
		lost = append(lost, "the network spaces "+namesOf(used)+" on this node")
	}
	if len(lost) > 0 {
		p.Weigh("Disabling "+fmt.Sprintf("network interface %q", p.Before.Text("name")), "With it go down "+strings.Join(lost, ", and ")+".")
	}
}
