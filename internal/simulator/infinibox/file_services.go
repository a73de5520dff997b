package infinibox

// fileServices are what the array serves files with.
type fileServices struct {
	nfsServer, nfsUsers                                    *collection
	shares, sharePermissions                               *collection
	smbServer, smbUsers, smbGroups                         *collection
	smbSessions, smbHandles, smbLocks, smbLeases, nlmLocks *collection
	activeDirectory                                        *collection

	directories []Directory // the domains that the array can reach
}

// addFileServices makes the collections of file services, with what every array has of them.
func (a *Array) addFileServices() {
	a.nfsServer, a.nfsUsers = a.newSingleton(newNFSServer()), newNFSUsers()
	a.shares, a.sharePermissions = newShares(), newSharePermissions()
	a.holders["share_id"] = a.shares
	a.smbServer, a.smbUsers, a.smbGroups = a.newSingleton(newSMBServer()), newSMBUsers(), newSMBGroups()
	a.smbSessions, a.smbHandles, a.smbLocks, a.smbLeases = newSMBSessions(), newSMBHandles(), newSMBLocks(), newSMBLeases()
	a.nlmLocks, a.activeDirectory = newNLMLocks(), newActiveDirectory()
	a.collections = append(a.collections,
		a.nfsServer, a.nfsUsers, a.shares, a.sharePermissions, a.smbServer, a.smbUsers, a.smbGroups,
		a.smbSessions, a.smbHandles, a.smbLocks, a.smbLeases, a.nlmLocks, a.activeDirectory,
	)
	a.addBuiltInSMB()
	a.addRootNFSUser()
}

func (a *Array) fileServiceRoutes(r router) {
	a.nfsRoutes(r)
	a.shareRoutes(r)
	a.smbRoutes(r)
	a.activeDirectoryRoutes(r)
}
