package common

import (
	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
)

// The base actions: what a copy on another array begins with.
const (
	CreateCopy = "CREATE"
	NoBaseData = "NO_BASE_DATA"
	TakeSnap   = "TAKE_SNAP"
	FromBase   = "BASE"
)

// Overwriting is what takes approval where a copy is to begin with what is there.
var Overwriting = entity.Consent{
	Doing:  "replicate onto what is there on the other array",
	Reason: "Its data on the other array is overwritten with that of this one.",
}

// WeighOverwriting refuses to replicate onto what is there where that is not approved.
func WeighOverwriting(p *entity.Plan) { p.Weigh("Replicating onto what is there", Overwriting.Reason) }

// counterpartIDs are the facts of a counterpart that are ids.
var counterpartIDs = []string{"remote_entity_id", "local_base_entity_id", "remote_base_entity_id"}

// BaseAction is what the copy of a volume or filesystem begins with. When says what is to be
// said of when it counts.
func BaseAction(when string) entity.Fact {
	return entity.Enum("base_action", CreateCopy, NoBaseData, TakeSnap, FromBase).
		Doc("What the copy begins with: `CREATE` makes it, `NO_BASE_DATA` takes the one of `remote_entity_id` and copies everything, `TAKE_SNAP` takes that one after a snapshot of it, and `BASE` copies what differs from a snapshot that both arrays have. `CREATE` where it is not set." + when)
}

// Counterpart is what the copy of a volume or filesystem is, or is to be called, likewise.
func Counterpart(when string) entity.Facts {
	return entity.Facts{
		entity.Text("remote_entity_name").LongestOf(65).Doc("The name of a copy that is made; that of this array's where it is not set." + when),
		entity.Ref("remote_entity_id").Doc("The id on the other array of a copy that is there." + when),
		entity.Ref("local_base_entity_id").Doc("The id of the snapshot that `BASE` begins with, on this array." + when),
		entity.Ref("remote_base_entity_id").Doc("The id of the same snapshot on the other array." + when),
	}
}

// ActionOf is the base action of a counterpart.
func ActionOf(copied entity.Values) string {
	if copied.Known("base_action") {
		return copied.Text("base_action")
	}
	return CreateCopy
}

// Unfit says what a counterpart lacks that its base action needs, or has that it does not
// take; "" where nothing is wrong.
func Unfit(copied entity.Values) string {
	action := ActionOf(copied)
	is := func(name string) bool { return !copied.Null(name) }
	existing, bases := action != CreateCopy, action == FromBase
	switch {
	case copied.Unknown("base_action"):
		return ""
	case existing && !is("remote_entity_id"):
		return action + " is for a copy that is there: name it in remote_entity_id."
	case !existing && is("remote_entity_id"):
		return "CREATE makes the copy, and remote_entity_id names one that is there. Choose another base_action, or leave remote_entity_id out."
	case existing && is("remote_entity_name"):
		return "remote_entity_name is for a copy that is made, by CREATE."
	case bases && !(is("local_base_entity_id") && is("remote_base_entity_id")):
		return "BASE begins with a snapshot that both arrays have: name it in local_base_entity_id and remote_base_entity_id."
	case !bases && (is("local_base_entity_id") || is("remote_base_entity_id")):
		return action + " begins with no snapshot: local_base_entity_id and remote_base_entity_id are for BASE."
	}
	return ""
}

// EncodeCounterpart is a counterpart as the array takes it in a pair.
func EncodeCounterpart(copied entity.Values) api.Object {
	action := ActionOf(copied)
	o := api.Object{"remote_base_action": action}
	if action != CreateCopy {
		o["local_base_action"] = action
	}
	for _, name := range counterpartIDs {
		if copied.Known(name) {
			o[name] = copied.Int(name)
		}
	}
	if copied.Known("remote_entity_name") {
		o["remote_entity_name"] = copied.Text("remote_entity_name")
	}
	return o
}
