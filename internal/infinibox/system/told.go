package system

import (
	"context"
	"encoding/json"
	"net/url"
	"time"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox/common"
)

// told is what the array tells of itself beside what can be set: most of it moves.
var told = entity.Facts{
	entity.Text("version").Doc("The version of the array's software."),
	entity.Text("model").Doc("The model, such as `F6000`."),
	entity.Text("full_model").Doc("The model in full, such as `F6240`."),
	entity.Text("product_id").Doc("`INFINIBOX`."),
	entity.Text("fqdn").Doc("The name of the array in the network."),
	entity.Text("wwnn").Doc("Its Fibre Channel node name."),
	entity.Text("deployment_id").Doc("The number of its deployment."),
	entity.Integer("uptime").Doc("How long it has been up, as the array counts."),
	entity.Integer(maintenanceSeconds).Doc("For how many seconds power maintenance mode was entered; 0 where it was not, absent for users who may not know."),
	entity.Record("operational_state", entity.Facts{
		entity.Text("state").Doc("`ACTIVE`, `STANDBY` after a shut-down, or another state."),
		entity.Text("description").Doc("The same in words of the array."),
		entity.Text("mode").Doc("The mode that it runs in, where it is not the usual one."),
		entity.Text("init_state").Doc("How far it is with starting up."),
		entity.Bool("read_only_system").Doc("Whether nothing can be changed on it."),
		entity.Text("read_only_state").Doc("The same as a word: `DISABLED` where all can be changed."),
	}).Doc("Whether it is at work."),
	entity.Record("localtime", entity.Facts{
		entity.Moment("utc_time").Doc("The time."),
		entity.Text("timezone").Doc("Its time zone."),
	}).Doc("Its clock."),
	entity.Record("release", entity.Facts{
		releaseOf("system", "the array's software"), releaseOf("gui", "its user interface"), releaseOf("infinishell", "its command line"),
	}).Doc("The parts of its software."),
	entity.Record("capacity", capacityFacts).Doc("How much it holds, and how much of that is taken."),
	entity.Record("entity_counts", countFacts).Doc("How many objects there are on it."),
	entity.Record("health_state", healthFacts).Doc("How it is, as `storage_infinibox_system_health_state` tells too."),
	entity.Records("ntp_status", ntpFacts).Doc("How its nodes keep the time, as `storage_infinibox_system_ntp_status` tells too."),
	entity.Record("security", common.Security).Doc("How it is secured, as `storage_infinibox_system_security` tells too."),
	entity.Record("ssa_express_info", entity.Facts{
		entity.Text("ssa_express_status").Doc("`STATE_ACTIVE` where it works."),
		entity.Capacity("total_ssa_express_capacity").Doc("How much it holds."),
		entity.Capacity("free_ssa_express_capacity").Doc("How much of that is free."),
		entity.Capacity("used_ssa_express_capacity").Doc("How much of that is taken."),
	}).Doc("The SSA Express cache."),
	entity.Record("eula", common.EULA).Doc("Its license agreement, as `storage_infinibox_eula` tells too."),
	entity.Text("statistics").Doc("Its load, as JSON for `jsondecode`: its API does not say what is in it. `storage_infinibox_metrics` measures."),
	entity.Text("management_statistics").Doc("What its management has to do, as JSON for `jsondecode`: its API does not say what is in it."),
}

func releaseOf(part, title string) entity.Fact {
	return entity.Record(part, entity.Facts{
		entity.Text("version").Doc("The version."),
		entity.Text("revision").Doc("The revision."),
		entity.Text("build_mode").Doc("How it was built, such as `release`."),
	}).Doc("That of " + title + ".")
}

var capacityFacts = entity.Facts{
	entity.Capacity("total_physical_capacity").Doc("What its drives hold."),
	entity.Capacity("free_physical_space").Doc("What of that no pool has."),
	entity.Capacity(virtualCapacity).Doc("What pools may be promised."),
	entity.Capacity("free_virtual_space").Doc("What of that no pool was promised."),
	entity.Capacity("total_allocated_physical_space").Doc("What data takes on its drives."),
	entity.Capacity("allocated_physical_space_within_pools").Doc("What data takes of the pools' physical capacity."),
	entity.Capacity("allocated_virtual_space_within_pools").Doc("What volumes and filesystems take of the pools' virtual capacity."),
	entity.Capacity("total_disk_usage_within_pools").Doc("What the data of pools takes on its drives, after reduction."),
	entity.Decimal("data_reduction_ratio").Doc("Data written to data stored."),
	entity.Capacity("total_capacity_savings").Doc("What compression and the like save."),
	entity.Capacity("total_thick_capacity_savings").Doc("What of that is saved by thick volumes and filesystems."),
	entity.Capacity("total_thin_capacity_savings").Doc("What of that is saved by thin ones."),
	entity.Capacity("total_spare_bytes").Doc("What is kept to rebuild drives that fail."),
	entity.Capacity("used_spare_bytes").Doc("What of that is in use."),
	entity.Capacity("used_dynamic_spare_bytes").Doc("What is in use beyond that."),
	entity.Capacity("dynamic_spare_drive_cost").Doc("What each drive that fails then takes of the free space."),
	entity.Integer("total_spare_partitions").Doc("The spare space in partitions."),
	entity.Integer("used_spare_partitions").Doc("How many of these are in use."),
	entity.Integer("used_dynamic_spare_partitions").Doc("How many are in use beyond these."),
}

var countFacts = entity.Facts{
	entity.Integer("pools").Doc("Pools."),
	entity.Integer("standard_pools").Doc("Pools of volumes and filesystems."),
	entity.Integer("vvol_pools").Doc("Pools of vVols."),
	entity.Integer("volumes").Doc("Volumes."),
	entity.Integer("mapped_volumes").Doc("Volumes that hosts see."),
	entity.Integer("volume_snapshots").Doc("Snapshots of volumes."),
	entity.Integer("filesystems").Doc("Filesystems."),
	entity.Integer("filesystems_unix").Doc("Filesystems with permissions of UNIX."),
	entity.Integer("filesystems_windows").Doc("Filesystems with permissions of Windows."),
	entity.Integer("filesystem_snapshots").Doc("Snapshots of filesystems."),
	entity.Integer("nfs3_exports").Doc("Exports of NFSv3."),
	entity.Integer("nfs3_exports_win_fs").Doc("Exports of NFSv3 whose filesystems have permissions of Windows."),
	entity.Integer("smb_shares").Doc("SMB shares."),
	entity.Integer("smb_shares_unix_fs").Doc("SMB shares whose filesystems have permissions of UNIX."),
	entity.Integer("ssa_express_volumes").Doc("Volumes in the SSA Express cache."),
	entity.Integer("ssa_express_filesystems").Doc("Filesystems in the SSA Express cache."),
	entity.Integer("hosts").Doc("Hosts."),
	entity.Integer("clusters").Doc("Clusters of hosts."),
	entity.Integer("consistency_groups").Doc("Consistency groups."),
	entity.Integer("snapshot_groups").Doc("Snapshots of consistency groups."),
	entity.Integer("replicas").Doc("Replicas."),
	entity.Integer("rg_replicas").Doc("Replicas of replication groups."),
	entity.Integer("replication_groups").Doc("Replication groups."),
}

// ntpFacts are how one node keeps the time.
var ntpFacts = entity.Facts{
	entity.Integer("node_id").Doc("The number of the node."),
	entity.Moment("last_probe_timestamp").Doc("When the array last looked."),
	entity.Records("ntp_peers", entity.Facts{
		entity.Text("remote").Doc("Its address."),
		entity.Text("refid").Doc("Where it has the time from."),
		entity.Text("type").Doc("How it is asked, such as `unicast`."),
		entity.Text("tally_code").Doc("What the node makes of it: `sys.peer` for the one that it follows, `candidate` for one that it could."),
		entity.Integer("stratum").Doc("How many servers it is from a clock."),
		entity.Integer("reach").Doc("Which of the last eight questions it has answered, as the octal digits of NTP: 377 for all."),
		entity.Integer("when_seconds").Doc("How many seconds ago it last answered."),
		entity.Integer("poll_seconds").Doc("How many seconds lie between questions."),
		entity.Decimal("delay_milliseconds").Doc("How long an answer takes, in milliseconds."),
		entity.Decimal("offset_milliseconds").Doc("How far the clocks are apart, in milliseconds."),
		entity.Decimal("jitter_milliseconds").Doc("How much that changes, in milliseconds."),
	}).Doc("The time servers, and the nodes, that it asks."),
}

// healthFacts are how the array is.
var healthFacts = entity.Facts{
	entity.Integer("inactive_nodes").Doc("Nodes that are not at work."),
	entity.Integer("bbu_protected_nodes").Doc("Nodes whose batteries last long enough to save what is in memory."),
	entity.Pairs("node_bbu_protection").Doc("Whether batteries protect each node, by its name: `PROTECTED` where they do."),
	entity.Integer("bbu_aggregate_charge_percent").Doc("How far the batteries are charged together, in percent."),
	entity.Pairs("bbu_charge_level").Doc("How far each battery is charged."),
	entity.Integer("active_drives").Doc("Drives at work."),
	entity.Integer("ready_drives").Doc("Drives that could be taken in."),
	entity.Integer("testing_drives").Doc("Drives that are tested."),
	entity.Integer("phasing_out_drives").Doc("Drives on their way out."),
	entity.Integer("failed_drives").Doc("Drives that have failed."),
	entity.Integer("missing_drives").Doc("Drives that the array does not see."),
	entity.Integer("unknown_drives").Doc("Drives of which the array cannot tell."),
	entity.Integer("active_encrypted_drives").Doc("Drives at work that encrypt."),
	entity.Integer("active_cache_ssd_devices").Doc("SSDs of the cache at work."),
	entity.Integer("active_encrypted_cache_ssd_devices").Doc("SSDs of the cache at work that encrypt."),
	entity.Bool("encryption_enabled").Doc("Whether data is encrypted on the drives."),
	entity.Bool("enclosure_failure_safe_distribution").Doc("Whether data is spread so that a whole enclosure may fail."),
	entity.Bool("rebuild_1_inprogress").Doc("Whether data that lacks one of its two protections is rebuilt."),
	entity.Bool("rebuild_2_inprogress").Doc("Whether data that lacks both is rebuilt."),
	entity.Integer("raid_groups_pending_rebuild_1").Doc("Groups of drives whose data lacks one of its two protections."),
	entity.Integer("raid_groups_pending_rebuild_2").Doc("Groups of drives whose data lacks both."),
}

// readInFull adds what the array tells elsewhere. What the user may not read is absent.
func readInFull(ctx context.Context, s *entity.Session, o api.Object) error {
	for field, path := range map[string]string{"eula": "system/eula", "statistics": "system/stats", "management_statistics": "system/stats/mgmt"} {
		answer, err := get(ctx, s, path)
		switch {
		case api.ReasonOf(err) == api.Forbidden:
			continue
		case err != nil:
			return err
		}
		o[field] = answer
		if field != "eula" {
			text, err := json.Marshal(answer)
			if err != nil {
				return err
			}
			o[field] = string(text)
		}
	}
	return nil
}

// The questions of one part of what the array tells of itself.
var (
	health = entity.Lookup{
		System: common.System, Name: "system_health_state", What: "health of the system",
		Doc:   "How the array is: its nodes, batteries and drives, and what is being rebuilt.",
		Facts: healthFacts,
		Ask: func(ctx context.Context, s *entity.Session, _ entity.Values) (api.Object, error) {
			return get(ctx, s, "system/health_state")
		},
	}
	ntpStatus = entity.Lookup{
		System: common.System, Name: "system_ntp_status", What: "status of NTP",
		Doc:       "How the array's nodes keep the time: which time servers each asks, and which of them it follows. What a directory or a key server says is dated, and taken only by those whose clocks agree.",
		Arguments: entity.Facts{entity.Integer("node_id").Optional().Positive().Doc("The number of a node, from 1; all nodes where it is not set.")},
		Facts:     entity.Facts{entity.Records("nodes", ntpFacts).Doc("The nodes.")},
		Ask: func(ctx context.Context, s *entity.Session, v entity.Values) (api.Object, error) {
			q := api.Query{}
			if v.Known("node_id") {
				q.Params = url.Values{"node_id": {v.ID("node_id")}}
			}
			return common.Listing(ctx, s, "nodes", "system/ntp_status", q)
		},
	}
	ping = entity.Lookup{
		System: common.System, Name: "system_ping", What: "answer to a ping", Timeout: 30 * time.Second,
		Doc: "Whether the array's management answers, for a `check` or before a long run. There is an answer, or the data source is an error: the array does not look at who asks.",
		Facts: entity.Facts{
			entity.Text("message").Doc("`OK`."),
		},
		Ask: func(ctx context.Context, s *entity.Session, _ entity.Values) (api.Object, error) {
			answer, err := common.Field(ctx, s, "system/ping")
			return api.Object{"message": answer}, err
		},
	}
)
