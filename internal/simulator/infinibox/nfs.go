package infinibox

import "net/http"

// What the array's NFS server can do: whether exports may speak version 4, which stays enabled once it is.
func newNFSServer() *collection {
	return newCollection(collection{
		path: "nfs/server_capabilities", command: "GetNfsServerCapabilities", updating: by(administrators),
		unknownFilter: errUnsupported,
		checks: map[string]func(ch *change) error{"nfsv4_support": func(ch *change) error {
			if ch.before["nfsv4_support"] == supported && ch.after["nfsv4_support"] != supported {
				return conflict("FEATURE_CANNOT_BE_DISABLED", "Support for this feature cannot be disabled")
			}
			return nil
		}},
	}, `
		nfsv4_support text(DISABLED|ENABLED)  filter sort update  ="DISABLED"
		tenant_id     integer  hidden
		tenantId      integer  filter sort hidden  =1
	`)
}

const supported = "ENABLED"

func (a *Array) nfsRoutes(r router) {
	r.serve(a, a.nfsUsers)
	a.nlmRoutes(r)
	r.serveSingleton(a, a.nfsServer)
	r.write(http.MethodPut, "/"+a.nfsServer.path, administrators, func(rq *request) (any, error) {
		answer, err := a.updateSingleton(rq, a.nfsServer)
		if err == nil { // the listing does not show the tenant
			answer.(map[string]any)["tenant_id"] = defaultTenant
		}
		return answer, err
	})
}

// speaksNFS4 tells whether exports may speak version 4 of NFS.
func (a *Array) speaksNFS4() bool { return a.nfsServer.one()["nfsv4_support"] == supported }
