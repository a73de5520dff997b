package file

import (
	"context"
	"fmt"
	"math"

	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox/common"
)

// Export is a path under which NFS clients mount a filesystem, a snapshot of one, or a
// directory of either.
var Export = entity.Kind{
	System:   common.System,
	Name:     "export",
	Plural:   "exports",
	Path:     "exports",
	Doc:      "An export: a path under which NFS clients mount a filesystem, a snapshot, or a directory of either.",
	Identity: entity.Identity{NamedBy: "export_path", Taken: []string{"EXPORT_PATH_CONFLICT"}},
	Planning: entity.Planning{Check: checkExport, Tracks: []string{"export_path", "filesystem_id", nfsVersion}},
	Update:   entity.Update{OneByOne: true},
	Deletion: entity.Deletion{Danger: "Clients that have it mounted are cut off.", Loses: losesClients},
	Explain:  explainExport,
	Facts: entity.Facts{
		entity.ID(),
		entity.Ref("filesystem_id").Required().Filterable().
			Doc("The id of the filesystem, or of the filesystem snapshot, that clients mount. A filesystem of the style `WINDOWS` must have an SMB share already."),
		entity.Text("export_path").Required().Queryable().Checked("a path", checkPath).
			Doc("The path that clients mount, such as `\"/db\"`: the array has no two exports of one path."),
		entity.Text("inner_path").Defaulted().Queryable().Checked("a path", checkPath).
			Doc("The directory of the filesystem that clients find there; its root, `/`, where it is not set."),
		entity.Bool("enabled").Defaulted().Mutable().Queryable().
			Danger("Clients that have it mounted are cut off.", entity.Becomes(false)).
			Doc("Whether clients can mount it."),
		entity.Records(permissions, entity.Facts{
			entity.Text("client").Required().Checked("a client", checkClient).
				Doc("Whom the rule is for: an address, a range of them (`10.0.0.1-10.0.0.9`, `10.0.0.0/24`), or `*` for all."),
			entity.Enum("access", "RW", "RO", "NONE").Required().
				Doc("What they may do."),
			entity.Bool("no_root_squash").Required().
				Doc("Whether their root is root on the export."),
		}).Defaulted().Mutable().Danger("Clients may do less than before, and those that lose all access are cut off.", entity.Affects("take from it what a client had", cutsOff)).
			Doc("The rules of who may do what; up to 1000. Where several are for a client, the most permissive counts, so that their order means nothing to the array, which keeps it. Where they are not set, the array lets all clients read and write, their root as root."),
		entity.Bool(allAnonymous).Defaulted().Mutable().Queryable().
			Danger("Users of clients may do only what the anonymous user may, and applications may fail.", entity.Becomes(true)).
			Doc("Whether all users of clients are the anonymous user and group. No rule may leave root be root then."),
		entity.Integer("anonymous_uid").Defaulted().Mutable().Queryable().Between(0, math.MaxUint32).
			Doc("The id of the anonymous user."),
		entity.Integer("anonymous_gid").Defaulted().Mutable().Queryable().Between(0, math.MaxUint32).
			Doc("The id of the anonymous group."),
		entity.Enum(nfsVersion, "NFSv3", nfs4).Defaulted().Mutable().While("enabled", false).Queryable().
			Doc("The version of NFS that clients speak. Version 4 must be enabled on the array (`storage_infinibox_nfs_server`), and does not go with SMB shares of the filesystem, nor with the style `WINDOWS`. It changes only while the export is not enabled."),
		entity.Text("nfsv4_auth").Defaulted().Mutable().After(nfsVersion).Queryable().
			Doc("How clients of NFSv4 prove who they are, such as `SYS`."),
		entity.Bool("snapdir_visible").Defaulted().Mutable().Queryable().
			Doc("Whether clients see the directory of the snapshots."),
		entity.Bool("privileged_port").Defaulted().Mutable().Queryable().
			Danger("Clients that come from another port are cut off.", entity.Becomes(true)).
			Doc("Whether clients must come from a port below 1024."),
		entity.Enum("transport_protocols", "TCP", "UDP", "TCP_UDP").Defaulted().Mutable().Queryable().
			Danger("Clients that speak the other one are cut off.", entity.When("set it to anything but `TCP_UDP`", endsProtocol)).
			Doc("What NFS is spoken over."),
		entity.Bool("file_id_32bit").Field("32bit_file_id").Defaulted().Mutable().Queryable().
			Doc("Whether ids of files have 32 bits, for old clients."),
		transfer("max_read", "The most bytes that a client may read at once"),
		transfer("max_write", "The most bytes that a client may write at once"),
		transfer("pref_read", "How many bytes clients are advised to read at once"),
		transfer("pref_write", "How many bytes clients are advised to write at once"),
		transfer("pref_readdir", "How many bytes clients are advised to read of a directory at once"),
		common.CreatedAt(),

		common.UpdatedAt(),
		common.Tenant(),
		entity.Text("character_encoding").Queryable().Doc("How names of files are encoded."),
	},
}

const (
	permissions  = "permissions"
	allAnonymous = "make_all_users_anonymous"
	nfsVersion   = "nfs_version"
)

func transfer(name, doc string) entity.Fact {
	return entity.Integer(name).Defaulted().Mutable().Queryable().Between(16384, 16777216).Doc(doc + ": 16384 to 16777216.")
}

// endsProtocol reports whether a change of the transport leaves clients out.
func endsProtocol(before, after entity.Values) bool {
	return before != nil && after.Text("transport_protocols") != "TCP_UDP"
}

// losesClients says whom the rules of an export that is deleted let in.
func losesClients(_ context.Context, _ *entity.Session, export entity.Values) []string {
	var clients []string
	rules, _ := rulesOf(export)
	for _, r := range rules {
		if r.access > 0 {
			clients = append(clients, r.client)
		}
	}
	if len(clients) == 0 {
		return nil
	}
	return []string{"Let in by its rules: " + common.Few(clients) + "."}
}

// checkExport refuses what the array will refuse.
func checkExport(ctx context.Context, p *entity.Plan) {
	if p.After == nil {
		return
	}
	protocolsOf(p.Session).export(p)
	if p.After.Text(nfsVersion) == nfs4 && (p.Changes(nfsVersion) || p.Changes("filesystem_id")) {
		checkNFS4(ctx, p)
	}
	if p.After.Bool(allAnonymous) {
		rules, _ := rulesOf(p.After)
		for _, r := range rules {
			if r.root {
				p.Refuse(permissions, "No root among anonymous users",
					fmt.Sprintf("%s is true, and the rule for %s has no_root_squash = true. Set one of the two to false.", allAnonymous, r.client))
				return
			}
		}
		if p.Before == nil && p.Config.Null(permissions) {
			p.Refuse(permissions, "No root among anonymous users",
				fmt.Sprintf("%s is true, and without permissions the array lets the root of every client be root. Set permissions.", allAnonymous))
		}
	}
	if p.Config.Known("nfsv4_auth") && (p.After.Text(nfsVersion) == "NFSv3" || p.Before == nil && p.Config.Null(nfsVersion)) {
		p.Refuse("nfsv4_auth", "nfsv4_auth is for NFSv4", "The nfs_version is NFSv3.")
	}
}
