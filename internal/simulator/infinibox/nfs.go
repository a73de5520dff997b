package infinibox

// What the array's NFS server can do: so far, whether exports may speak version 4.

func nfsSupport(enabled bool) string {
	if enabled {
		return "ENABLED"
	}
	return "DISABLED"
}

func (a *Array) nfsCapabilities(rq *request) (any, error) {
	for _, name := range sortedKeys(rq.query) {
		if !contains(plainParameters, name) && name != "nfsv4_support" {
			return nil, errUnsupported(name)
		}
	}
	return paged(rq, "GetNfsServerCapabilities", []any{map[string]any{"nfsv4_support": nfsSupport(a.nfs4)}})
}

// setNFSCapabilities changes what the server can do. Version 4 can be enabled, and not be disabled again.
func (a *Array) setNFSCapabilities(rq *request) (any, error) {
	body, err := rq.onlyFields("nfsv4_support")
	if err != nil {
		return nil, err
	}
	if len(body) == 0 {
		return nil, errEmpty
	}
	switch body["nfsv4_support"] {
	case nfsSupport(true):
		a.nfs4 = true
	case nfsSupport(false):
		if a.nfs4 {
			return nil, conflict("FEATURE_CANNOT_BE_DISABLED", "Support for this feature cannot be disabled")
		}
	default:
		return nil, errField("nfsv4_support")
	}
	return map[string]any{"nfsv4_support": nfsSupport(a.nfs4), "tenant_id": defaultTenant}, nil
}
