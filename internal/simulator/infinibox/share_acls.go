package infinibox

import (
	"maps"
	"net/http"
	"slices"
)

// The ACL of a directory belongs to the filesystem's contents: shares of the same directory have it in common. A
// directory whose ACL nobody has changed lets everyone in.

// aceWords are what an entry of an ACL permits. OTHER is what has no word of its own, and cannot be given.
var aceWords = &field{name: "permissions", kind: text, values: []string{"FULLCONTROL", "MODIFY", "READEXECUTE", "READ", "WRITE"}}

func ace(principal, permissions string) map[string]any {
	return map[string]any{"principal": principal, "permissions": permissions}
}

// acl are the entries of a directory.
func acl(filesystem Object, path string) []any {
	all, _ := filesystem[".acls"].(map[string]any)
	if entries, ok := all[path].([]any); ok {
		return entries
	}
	return []any{ace(everyone, "FULLCONTROL")}
}

func setACL(filesystem Object, path string, entries []any) {
	all, _ := filesystem[".acls"].(map[string]any)
	changed := map[string]any{}
	maps.Copy(changed, all)
	changed[path] = entries
	filesystem[".acls"] = changed
}

func (a *Array) folderACLRoutes(r router) {
	const base = "/shares/{id}/folder_acl"
	r.root.add(http.MethodGet, base, route{lists: true, roles: append([]string{"READ_ONLY"}, poolAdmins...), handle: a.folderACL})
	r.write(http.MethodPost, base+"_add", poolAdmins, a.addACE)
	r.write(http.MethodPost, base+"_remove", poolAdmins, a.removeACE)
}

// sharedFolder finds the share of the path, and the filesystem whose directory it gives access to.
func (rq *request) sharedFolder() (share, filesystem Object, err error) {
	if share, err = rq.a.shares.get(rq.path[0]); err != nil {
		return nil, nil, err
	}
	filesystem = rq.a.holderOf(share)
	switch {
	case isTarget(filesystem):
		err = conflict("DACL_EDIT_ON_REPLICATION_TARGET_FILESYSTEM_NOT_SUPPORTED", "SMB shares on replication target filesystems do not support ACL queries or edits")
	case !isWindows(filesystem):
		err = conflict("DACL_EDIT_SHARE_ON_UNIX_FILESYSTEM_NOT_SUPPORTED", "SMB share '%s' is defined on UNIX security-style filesystem '%s', which does not support ACLs", share.name(), filesystem.name())
	case rq.a.at(filesystem, rootFolder(share)) != directory:
		err = errACL("the root folder does not exist")
	}
	return share, filesystem, err
}

func errACL(reason string) error {
	return conflict("DACL_COMMAND_FAILED", "Shared folder ACL command failed: %s", reason)
}

// shown is an entry as the folder of a share shows it.
func shown(entry any, share, filesystem Object) map[string]any {
	return with(entry.(map[string]any), map[string]any{"share_id": share.id(), "filesystem_id": filesystem.id()})
}

func (a *Array) folderACL(rq *request) (any, error) {
	share, filesystem, err := rq.sharedFolder()
	if err != nil {
		return nil, err
	}
	entries := []any{}
	for _, entry := range acl(filesystem, rootFolder(share)) {
		entries = append(entries, shown(entry, share, filesystem))
	}
	return plain(rq, "GetShareRootFolderAcl", entries)
}

// editedFolder is sharedFolder for a change by a user who must be allowed to make it, with the body of the request.
func (rq *request) editedFolder(fields ...string) (share, filesystem Object, body map[string]any, err error) {
	if share, err = rq.own(rq.a.shares); err != nil {
		return nil, nil, nil, err
	}
	if body, err = rq.onlyFields(fields...); err != nil {
		return nil, nil, nil, err
	}
	for _, name := range fields {
		if body[name] == nil {
			return nil, nil, nil, errMissing(name)
		}
		if _, ok := body[name].(string); !ok {
			return nil, nil, nil, errField(name)
		}
	}
	if _, filesystem, err = rq.sharedFolder(); err != nil {
		return nil, nil, nil, err
	}
	if filesystem.bool("write_protected") {
		return nil, nil, nil, conflict("DACL_EDIT_SHARE_ON_WRITE_PROTECTED_FILESYSTEM_NOT_SUPPORTED", "Cannot modify the ACL of the root folder of SMB share '%s', which is defined on the write protected filesystem '%s'", share.name(), filesystem.name())
	}
	return share, filesystem, body, nil
}

// placeOf is where an ACL has the entry of a principal; -1: nowhere.
func placeOf(principal any, entries []any) int {
	return slices.IndexFunc(entries, func(entry any) bool { return entry.(map[string]any)["principal"] == principal })
}

func (a *Array) addACE(rq *request) (any, error) {
	share, filesystem, body, err := rq.editedFolder("principal", "permissions")
	if err != nil {
		return nil, err
	}
	principal, entries := body["principal"].(string), acl(filesystem, rootFolder(share))
	permissions, err := aceWords.convert(body["permissions"])
	switch {
	case err != nil:
		return nil, err
	case !isSID(principal):
		return nil, errACL("'" + principal + "' is not a valid SID")
	case placeOf(principal, entries) >= 0:
		return nil, conflict("DACL_EDIT_PRINCIPAL_ALREADY_EXISTS", "An ACE for principal '%s' already exists in the ACL of the root folder of SMB share '%s'. To modify it, remove the existing ACE, and add the new one", principal, share.name())
	}
	entry := ace(principal, permissions.(string))
	setACL(filesystem, rootFolder(share), append(slices.Clone(entries), entry))
	return shown(entry, share, filesystem), nil
}

func (a *Array) removeACE(rq *request) (any, error) {
	share, filesystem, body, err := rq.editedFolder("principal")
	if err != nil {
		return nil, err
	}
	principal, entries := body["principal"].(string), acl(filesystem, rootFolder(share))
	place := placeOf(principal, entries)
	if place < 0 {
		return nil, conflict("DACL_EDIT_PRINCIPAL_DOES_NOT_EXIST", "The principal '%s' does not exist in the ACL of the root folder of SMB share '%s'", principal, share.name())
	}
	if err := rq.needApproval("Removing the ACE for principal '%s' from the ACL of the root folder of the SMB share might affect the principal's access to the share. Are you sure you want to remove it?", principal); err != nil {
		return nil, err
	}
	entry := entries[place]
	setACL(filesystem, rootFolder(share), slices.Delete(slices.Clone(entries), place, place+1))
	return shown(entry, share, filesystem), nil
}
