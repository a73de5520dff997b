package file

import (
	"context"
	"net/http"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox/common"
)

// NFSServer is what the array's NFS server can do. The array lets NFSv4 be enabled, and
// never disabled again.
var NFSServer = entity.Kind{
	System: common.System,
	Name:   "nfs_server",
	Noun:   "NFS server",
	Path:   "nfs/server_capabilities",
	Doc: "What the array's NFS server can do. There is one on an array: this resource takes it over. " +
		"What it enables the array never disables, so that destroying it leaves the server as it is.",
	Presence: entity.Only,
	Planning: entity.Planning{Check: checkNFSServer},
	Facts: entity.Facts{
		entity.FixedID("nfs_server"),
		entity.Enum(nfsv4Support, enabled, "DISABLED").Required().ChangedByEach(enableNFSv4).
			Doc("Whether exports can speak NFSv4. Once enabled it stays so."),
	},
}

const (
	nfsv4Support = "nfsv4_support"
	enabled      = "ENABLED"
)

// enableNFSv4 has nothing to do where the support is given back: it stays.
func enableNFSv4(_ string, after entity.Values) []api.Request {
	if after.Text(nfsv4Support) != enabled {
		return nil
	}
	return []api.Request{{Method: http.MethodPut, Path: "nfs/server_capabilities", Body: api.Object{nfsv4Support: enabled}}}
}

// checkNFSServer refuses to disable what the array does not disable, and warns before what
// cannot be taken back.
func checkNFSServer(ctx context.Context, p *entity.Plan) {
	if p.After == nil || !p.After.Known(nfsv4Support) {
		return
	}
	was := present(ctx, p, "nfs/server_capabilities")
	switch enables := p.After.Text(nfsv4Support) == enabled; {
	case was[nfsv4Support] == nil:
	case !enables && was[nfsv4Support] == enabled:
		p.Refuse(nfsv4Support, "NFSv4 cannot be disabled", "It is enabled on the array, which never disables it again. Set nfsv4_support to \"ENABLED\", or remove the resource.")
	case enables && was[nfsv4Support] != enabled && !p.Applying():
		p.Warn("NFSv4 stays enabled", "Once the array speaks NFSv4, nothing disables it again, and a filesystem can have either exports of NFSv4 or SMB shares.")
	}
}

// present is what the one object of a path is now, for the plan that takes it over or
// changes it; empty where the array does not say.
func present(ctx context.Context, p *entity.Plan, path string) api.Object {
	answer, err := p.Session.Client.Do(ctx, api.Request{Method: http.MethodGet, Path: path})
	if list, isList := answer.([]any); isList && len(list) > 0 {
		answer = list[0]
	}
	o, err := common.Object(answer, err)
	if err != nil {
		return nil
	}
	return o
}
