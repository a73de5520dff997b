package replication

import (
	"time"

	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox/common"
)

// replicaMeasures are what the array tells of replicas, and changes by itself.
var replicaMeasures = entity.Facts{
	entity.Text("role").Doc("Which end this array has: `SOURCE` or `TARGET`; absent where both have the data (`ACTIVE_ACTIVE`)."),
	entity.Text("state").Filterable().Doc("What the replica does: `ACTIVE`, `SUSPENDED`, or what keeps it from its work."),
	entity.Text("state_description").Doc("What the array says of that state."),
	entity.Text("state_reason").Lenient().Doc("Why the replica is in that state."),
	entity.Text("sync_state").Filterable().Doc("How far a synchronous or active-active replica is: `INITIALIZING`, `SYNC_IN_PROGRESS`, `SYNCHRONIZED` or `SYNC_STALLED`."),
	entity.Bool("is_initial").Doc("Whether the copy is being made for the first time."),
	entity.Integer("progress").Doc("How far the job at work is, in percent."),
	entity.Text("job_state").Doc("What the job at work does; absent where none is."),
	entity.Records("jobs", jobFacts).Doc("The jobs at work."),
	entity.Integer("pending_job_count").Doc("How many jobs wait."),
	entity.Moment("started_at").Doc("When the job at work began."),
	entity.Moment("next_job_start_time").Doc("When the next job begins."),
	entity.Moment("restore_point").Queryable().Doc("As of when the copy is: where a failover leads to."),
	entity.Moment("next_restore_point").Doc("As of when the copy will be after the next job."),
	entity.Moment("last_synchronized").Doc("When a job last ended."),
	entity.Integer("throughput").Lenient().Doc("How many bytes a second are copied."),
	entity.Integer("latency").Lenient().Doc("How long the way to the other array takes."),
	entity.Integer("sync_duration").Lenient().Doc("How long the last job took."),
	entity.Text("rpo_state").Lenient().Doc("Whether the recovery point objective is met."),
	entity.Text("rpo_type").Lenient().Queryable().Doc("Where the recovery point objective is from."),
	entity.Bool("async_mode").Lenient().Doc("Whether a synchronous replica copies asynchronously for now."),
	entity.Bool("domino").Lenient().Queryable().Doc("Whether hosts can no longer write when nothing can be copied."),
	entity.Bool("suspended_from_local").Queryable().Doc("Whether it was suspended on this array."),
	entity.Bool("concurrent_replica").Queryable().Doc("Whether what is replicated has another replica beside."),
	entity.Bool("reserved_for_infinisafe").Queryable().Doc("Whether InfiniSafe works with the replica, and wants it as it is."),
	entity.Capacity("staging_area_allocated_size").Doc("What the copy that is on its way takes, on the array that has the copy."),
	entity.Enum("entity_type", volume, filesystem, group).Queryable().Doc("What is replicated."),
	entity.Ref("local_entity_id").Queryable().Doc("The id on this array of the volume, the filesystem or the consistency group that is replicated."),
	entity.Text("local_entity_name").Queryable().Doc("Its name on this array."),
	entity.Text("remote_entity_name").Queryable().Doc("The name of its copy on the other array."),
	entity.Ref("local_cg_id").Doc("The id of the consistency group on this array."),
	entity.Text("local_cg_name").Queryable().Doc("The name of the consistency group on this array."),
	entity.Text("remote_cg_name").Queryable().Doc("The name of the consistency group on the other array."),
	entity.Ref("local_pool_id").Queryable().Doc("The id of the pool on this array."),
	entity.Text("local_pool_name").Queryable().Doc("The name of the pool on this array."),
	entity.Text("remote_pool_name").Queryable().Doc("The name of the pool on the other array."),
	entity.Records("pairs", pairFacts).Field(pairs).Doc("What is copied to what by now."),
	common.UpdatedAt(),
}

// pairFacts are what is copied to what.
var pairFacts = entity.Join(entity.Facts{
	entity.Integer("local_entity_id").Doc("The id of the volume or filesystem on this side."),
	entity.Text("local_entity_name").Doc("Its name on this side."),
}, common.PairFacts)

// jobFacts are what the array tells of a job.
var jobFacts = entity.Facts{
	entity.Integer("id").Doc("The number of the job."),
	entity.Text("type").Doc("Whether it began by itself (`SCHEDULED`) or by hand (`MANUAL`)."),
	entity.Text("state").Doc("What it does: `REPLICATING`, `PAUSED` and the like."),
	entity.Bool("is_initial").Doc("Whether it makes the copy for the first time."),
	entity.Moment("start_time").Doc("When it began."),
	entity.Moment("end_time").Doc("When it ended; absent as long as it is at work."),
}

// atMost is the longest time between two jobs, and atLeast the shortest.
const (
	atLeast = 4 * time.Second
	atMost  = 24 * time.Hour
)
