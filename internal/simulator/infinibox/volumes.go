package infinibox

import (
	"fmt"
	"net/http"
	"strings"
)

const (
	// reservedName is the name of the array's own protocol endpoint.
	reservedName = "Default_Protocol_Endpoint"
	maxUDID      = 32766
)

func newVolumes() *collection {
	return newDatasets(collection{
		path: "volumes", noun: "Volume", command: "GetAllVolumesFiltered",
		absent: "VOLUME_NOT_FOUND", taken: "VOLUME_NAME_CONFLICT", legal: checkVolumeName,
		metadata: "volume", search: "volume", policies: "VOLUME", qos: "VOLUME",
		parameters: histogram, onePerUpdate: true,
		checks: map[string]func(ch *change) error{"udid": checkUDID},
		danger: func(o Object) string {
			return fmt.Sprintf("Deleting the volume '%s' will also delete all of its snapshots", o.name())
		},
		computed: map[string]func(a *Array, o Object) any{
			"mapped": func(a *Array, o Object) any { return len(a.byVolume[o.id()]) > 0 },
		},
	}, `
		dataset_type            text(VOLUME|FILESYSTEM)  filter sort  ="VOLUME"
		udid                    integer  filter sort create update null
		paths_available         boolean
		source_replicated_sg_id integer  filter sort
	`)
}

func (a *Array) volumeRoutes(r router) {
	a.datasetRoutes(r, a.volumes)
	a.internalRoutes(r, "/volumes", "internal_volumes", a.volumes, a.volumes.get)
	r.list("/volumes/_raw", func(rq *request) (any, error) { return a.query(a.volumes, a.volumes.all(), rq.query) })
	r.list("/volumes/{id}/luns", a.volumeLUNs)
	r.write(http.MethodPost, "/volumes/{id}/promote", poolAdmins, a.promoteSnapshot)
	r.write(http.MethodPost, "/volumes/{id}/own_snapshot", poolAdmins, a.ownSnapshot)
	r.write(http.MethodPost, "/volumes/{id}/reset_serial", administrators, a.resetSerial)
	r.write(http.MethodPost, "/volumes/group_snapshot", poolAdmins, a.groupSnapshot)
}

func checkVolumeName(name string) error {
	if strings.EqualFold(name, reservedName) {
		return conflict("ENTITY_NAME_IS_RESERVED", "'%s' is a reserved name and cannot be used by volumes", reservedName)
	}
	return checkName(name)
}

func checkUDID(ch *change) error {
	udid, given := ch.after["udid"].(int)
	switch {
	case given && (udid < 0 || udid > maxUDID):
		return conflict("UDID_NOT_VALID", "The specified UDID value is not valid")
	case !ch.isNew() && len(ch.a.byVolume[ch.after.id()]) > 0 && ch.before["udid"] != ch.after["udid"]:
		return conflict("UDID_ILLEGAL_MODIFICATION", "Modifying the UDID value of a mapped volume is prohibited")
	}
	return nil
}

func (a *Array) resetSerial(rq *request) (any, error) {
	volume, err := a.volumes.get(rq.path[0])
	if err != nil {
		return nil, err
	}
	if isSnapshot(volume) {
		return nil, conflict("CANNOT_RESET_VOLUME_SERIAL", "Cannot reset volume serial since it is a snapshot")
	}
	if err := a.unlocked(volume); err != nil {
		return nil, err
	}
	a.setSerial(volume, a.nextID())
	a.touch(volume)
	return a.render(volume, nil), nil
}
