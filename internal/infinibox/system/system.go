package system

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox/common"
)

const (
	systemPath      = "system"
	maintenancePath = "system/power_maintenance_mode"

	virtualCapacity     = "total_virtual_capacity"
	maintenance         = "power_maintenance_mode"
	maintenanceSeconds  = "power_maintenance_seconds"
	maintenanceDuration = "power_maintenance_duration"
	maintenanceForce    = "power_maintenance_force"

	overcommitted = "Pools can then be promised more than before of what the array's drives do not hold. The vendor's support has to agree before."
	unguarded     = "In power maintenance mode the array does nothing of its own about a failure of power or batteries. Only when all power fails, it still shuts down."
	guarded       = "Out of power maintenance mode the array acts on failures of power and batteries again: nodes that batteries do not protect are shut down."

	onlyTechnicians = "The array lets users of the roles INFINIDAT and TECHNICIAN read and change its power maintenance mode, and no administrators: give the provider such a user, or leave power_maintenance_mode out."
)

// System is the array itself, of which there is one.
var System = entity.Kind{
	System: common.System,
	Name:   "system",
	Path:   systemPath,
	Doc: "The array itself: its name, how much its pools may be promised, and its power maintenance mode. What a configuration does not speak of stays as it is. " +
		"Destroying the resource gives back, as it was before Terraform managed it, what the configuration had set.\n\n" +
		"Of power maintenance mode the array tells users of the roles INFINIDAT and TECHNICIAN alone: for others it is absent. " +
		"The array leaves the mode by itself when its time is over; as long as a configuration says `power_maintenance_mode = true`, each apply after that enters it again.",
	Presence:   entity.Only,
	Approvable: true,
	Reading:    entity.Reading{Find: findSystem, InFull: readInFull},
	Planning: entity.Planning{
		Check: checkSystem,
		Weighs: []entity.Consent{
			{Doing: "take the array over with a higher `" + virtualCapacity + "` than it has", Reason: overcommitted},
			{Doing: "take the array over with another `" + maintenance + "` than it has", Reason: unguarded},
		},
	},
	Explain: explainSystem,
	Facts: entity.Join(entity.Facts{
		entity.FixedID("system"),
		common.Name().Defaulted().Unqueried().ChangedBy(func(_ string, after entity.Values) api.Request {
			return api.Request{Method: http.MethodPut, Path: "system/name", Body: after.Text("name")}
		}).Doc("The name: 1 to 65 ASCII letters, digits, spaces, `-`, `_` and `.`, but not dots and spaces alone. Links of other arrays show the array by it."),
		entity.Capacity(virtualCapacity).Field("capacity."+virtualCapacity).Defaulted().ChangedBy(setVirtualCapacity).
			Danger(overcommitted, entity.When("raise it", func(before, after entity.Values) bool {
				had, _ := before.Bytes(virtualCapacity)
				wants, known := after.Bytes(virtualCapacity)
				return before != nil && known && wants > had
			})).
			Doc("What the virtual capacities of all pools may add up to, such as `\"20PB\"`: at least the physical capacity of the array."),
		entity.Bool(maintenance).Defaulted().ChangedBy(setMaintenance).
			Danger(unguarded, entity.Becomes(true)).Danger(guarded, entity.Becomes(false)).
			Doc("Whether the array is in power maintenance mode, in which it leaves failures of power to those who work on it."),
		entity.Duration(maintenanceDuration, time.Second).Optional().Mutable().Instruction().
			Doc("How long the array is to stay in power maintenance mode, such as `\"30m\"`; the array's own time where it is not set. A change counts from when the mode is entered next."),
		entity.Bool(maintenanceForce).Optional().Mutable().Instruction().
			Doc("Whether power maintenance mode is left also where batteries do not protect all nodes. The array then shuts those down."),
		entity.Integer("serial_number").Lasting().Doc("The serial number of the array."),
	}, told),
}

// findSystem reads what the array tells of itself, and beside it whether it is in power
// maintenance mode, which it does not tell everybody.
func findSystem(ctx context.Context, s *entity.Session, _ entity.Values) (api.Object, error) {
	o, err := get(ctx, s, systemPath)
	if err != nil {
		return nil, err
	}
	switch mode, err := get(ctx, s, maintenancePath); {
	case err == nil:
		o[maintenance], o[maintenanceSeconds] = mode["in_maintenance"], mode["duration_seconds"]
	case api.ReasonOf(err) == api.Forbidden:
		o[maintenance] = nil
	default:
		return nil, err
	}
	return o, nil
}

// get is the object at a path.
func get(ctx context.Context, s *entity.Session, path string) (api.Object, error) {
	return common.Object(s.Client.Do(ctx, api.Request{Method: http.MethodGet, Path: path}))
}

func setVirtualCapacity(_ string, after entity.Values) api.Request {
	bytes, _ := after.Bytes(virtualCapacity)
	return api.Request{Method: http.MethodPut, Path: "system/capacity/" + virtualCapacity, Body: bytes}
}

func setMaintenance(_ string, after entity.Values) api.Request {
	enters := after.Bool(maintenance)
	body := api.Object{"in_maintenance": enters, "force": !enters && after.Bool(maintenanceForce)}
	if lasts := durationIn(after, maintenanceDuration); enters && lasts > 0 {
		body["duration_seconds"] = int64(lasts / time.Second)
	}
	return api.Request{Method: http.MethodPut, Path: maintenancePath, Body: body}
}

// checkSystem refuses a virtual capacity that the array can never have, and weighs what
// taking the array over would change.
func checkSystem(ctx context.Context, p *entity.Plan) {
	if p.After == nil || p.Before != nil && !p.Changes(virtualCapacity) {
		return
	}
	now, err := findSystem(ctx, p.Session, nil)
	if err != nil {
		return // the operation says so
	}
	wants, known := p.After.Bytes(virtualCapacity)
	if physical := bytesIn(now, "capacity.total_physical_capacity"); known && wants < physical {
		p.Refuse(virtualCapacity, "The virtual capacity is below the physical one",
			"The array has "+entity.FormatCapacity(physical)+" on its drives, and takes no virtual capacity below that.")
		return
	}
	if p.Before != nil {
		return
	}
	if had := bytesIn(now, "capacity."+virtualCapacity); known && had > 0 && wants > had {
		p.Weigh("Raising the virtual capacity of the system from "+entity.FormatCapacity(had), overcommitted)
	}
	if was, told := now[maintenance].(bool); told && p.After.Known(maintenance) && p.After.Bool(maintenance) != was {
		if was {
			p.Weigh("Leaving the power maintenance mode of the system", guarded)
		} else {
			p.Weigh("Entering the power maintenance mode of the system", unguarded)
		}
	}
}

// bytesIn is a capacity that the array tells; 0 where it does not.
func bytesIn(o api.Object, field string) int64 {
	value, _ := api.FieldOf(o, field)
	bytes, err := common.Number(value)
	if err != nil {
		return 0
	}
	return bytes
}

func explainSystem(_ context.Context, _ *entity.Session, _ entity.Values, err error) string {
	switch api.CodeOf(err) {
	case "CANNOT_DISABLE_POWER_MAINTENANCE_MODE_WITHOUT_FORCE":
		return "Wait until the batteries are charged, as storage_infinibox_system_health_state tells, or set power_maintenance_force = true: nodes without protection are then shut down."
	case "SYSTEM_VIRTUAL_CAPACITY_LESS_THAN_USED":
		return "Pools have been promised more than that. Lower their virtual capacities first, or ask for more."
	case "MAX_SYSTEM_VIRTUAL_CAPACITY_LIMIT":
		return "Ask for less, or have the vendor's support raise the array's limit."
	}
	if api.ReasonOf(err) == api.Forbidden && strings.Contains(err.Error(), maintenancePath) {
		return onlyTechnicians
	}
	return ""
}

// durationIn is a time that an argument says; 0 where it says none.
func durationIn(v entity.Values, name string) time.Duration {
	d, err := time.ParseDuration(v.Text(name))
	if err != nil {
		return 0
	}
	return d
}
