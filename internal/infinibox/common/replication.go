package common

import "github.com/storage-as-code/terraform-provider-storage/internal/entity"

// PairFacts are what the array tells of a volume or filesystem and its copy on another
// array.
var PairFacts = entity.Facts{
	entity.Integer("id").Doc("The pair's id."),
	entity.Integer("remote_pair_id").Doc("The pair's id on the other side."),
	entity.Integer("replica_id").Doc("The id of the replica."),
	entity.Integer("remote_entity_id").Doc("The id of the volume or filesystem on the other side."),
	entity.Text("remote_entity_name").Doc("Its name on the other side."),
	entity.Text("local_base_action").Doc("What the replica began from on this side."),
	entity.Text("remote_base_action").Doc("What the replica began from on the other side."),
	entity.Ref("local_base_entity_id").Doc("The id of the snapshot that the replica began from on this side."),
	entity.Ref("remote_base_entity_id").Doc("The id of the snapshot that it began from on the other side."),
	entity.Moment("restore_point").Doc("The moment whose data the other side has."),
	entity.Moment("last_synchronized").Doc("When it was last synchronized."),
	entity.Bool("is_initial").Doc("Whether it is being copied for the first time."),
	entity.Integer("progress").Lenient().Doc("How far it is, in percent."),
	entity.Integer("duration").Lenient().Doc("For how long it has been at it, in milliseconds."),
}
