package infinibox

import (
	"fmt"
	"slices"
)

// An NFS user tells the array which groups a UNIX user is in, and which Windows user it is.

const rootNFSUser = 1 // the id of the one that every array has

func newNFSUsers() *collection {
	return newCollection(collection{
		path: "nfs_users", noun: "NFS User", command: "GetAllNfsUsers", absent: "NFS_USER_NOT_FOUND", minor: true,
		creation: by(administrators), updating: by(administrators), deletion: by(administrators),
		noNull: func(name string) error { return errWrong(name, nil, "may not be null") },
		prepare: func(rq *request, body map[string]any) error {
			for _, name := range []string{"uid", "primary_gid"} {
				if rq.creates() && body[name] == nil {
					return errWrong(name, nil, "may not be null")
				}
			}
			return nil
		},
		checks: map[string]func(ch *change) error{
			"uid": checkNFSUID, "primary_gid": unixIDCheck("primary_gid"), "supplementary_gids": checkGIDs,
			"sid": nfsSIDCheck("sid"), "primary_gsid": nfsSIDCheck("primary_gsid"), "supplementary_gsids": checkGSIDs,
		},
		check: checkNFSUser,
		keeps: func(_ *request, o Object) error {
			if o.int("uid") == 0 {
				return conflict("ROOT_NFS_USER_CANNOT_BE_DELETED", "Cannot delete an NFS user whose UID is '0'")
			}
			return nil
		},
	}, `
		id                  integer  filter sort
		uid                 integer  filter sort required
		primary_gid         integer  filter sort required update
		supplementary_gids  list     filter sort create update  =[]
		sid                 text     filter sort create update null
		primary_gsid        text     filter sort create update null
		supplementary_gsids list     filter sort create update  =[]
		tenant_id           integer  filter sort hidden
	`)
}

// addRootNFSUser adds the user that every array has, who is the administrator of Windows.
func (a *Array) addRootNFSUser() {
	a.nfsUsers.keep(a.make(a.nfsUsers, map[string]any{
		"id": rootNFSUser, "uid": 0, "primary_gid": 0, "sid": a.localSID(500), "primary_gsid": "S-1-5-32-544",
	}))
}

func checkNFSUID(ch *change) error {
	uid := ch.after.int("uid")
	if len(ch.a.nfsUsers.where("uid", uid)) > 0 {
		return conflict("UID_NOT_UNIQUE", "Only one user can be mapped to uid %d", uid)
	}
	return checkUnixID("uid", uid)
}

// checkGIDs reads the groups beside the primary one.
func checkGIDs(ch *change) error {
	gids := []any{}
	for i, given := range ch.after.list("supplementary_gids") {
		gid, ok := toInt(given)
		if !ok {
			return errField(fmt.Sprintf("supplementary_gids[%d]", i))
		}
		if err := checkUnixID("supplementary_gids", gid); err != nil {
			return err
		}
		if slices.Contains(gids, any(gid)) {
			return conflict("NFS_USER_GROUPS_HAS_DUPLICATES", "The user with uid %d has supplementary groups duplicates", ch.after.int("uid"))
		}
		gids = append(gids, gid)
	}
	ch.after["supplementary_gids"] = gids
	return nil
}

func nfsSIDCheck(field string) func(ch *change) error {
	return func(ch *change) error {
		if given := ch.after[field]; given != nil && !isSID(ch.after.text(field)) {
			return errSID(ch.after.text(field), "NFS user", field)
		}
		return nil
	}
}

func checkGSIDs(ch *change) error {
	gsids := ch.after.list("supplementary_gsids")
	if most := ch.a.limits.NFSUserGSIDs; len(gsids) > most {
		return conflict("NFS_USER_SUPPL_GSIDS_COUNT_LIMIT", "The NFS user cannot be created. The number of supplementary GSIDs exceeds the maximum of %d", most)
	}
	for i, given := range gsids {
		gsid, ok := given.(string)
		switch {
		case !ok:
			return errField(fmt.Sprintf("supplementary_gsids[%d]", i))
		case !isSID(gsid):
			return errSID(gsid, "NFS user", "supplementary_gsids")
		case slices.Contains(gsids[:i], given):
			return conflict("NFS_USER_SUPPL_GSIDS_DUPLICATES", "The NFS user cannot be create. The supplementary GSIDs contains duplicates")
		}
	}
	return nil
}

// checkNFSUser keeps the groups of Windows to users of Windows, and counts the groups of all users.
func checkNFSUser(ch *change) error {
	withSID := func(field string) error {
		return badRequest("PARAMETER_CONFLICT", "Parameter '%s' does not meet a condition: 'can only be specified with sid'", field)
	}
	switch {
	case ch.after["sid"] != nil:
	case ch.after["primary_gsid"] != nil:
		return withSID("primary_gsid")
	case len(ch.after.list("supplementary_gsids")) > 0:
		return withSID("supplementary_gsids")
	}
	mappings := len(ch.after.list("supplementary_gids"))
	for _, other := range ch.a.nfsUsers.objects {
		if other.id() != ch.before.id() {
			mappings += len(other.list("supplementary_gids"))
		}
	}
	if most := ch.a.limits.NFSUserGroups; ch.sets("supplementary_gids") && mappings > most {
		return conflict("NFS_USER_TO_GROUP_MAPPINGS_LIMIT", "NFS User to group mappings limit reached (%d)", most)
	}
	return nil
}
