package file

import (
	"context"
	"fmt"

	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox/common"
)

// Share is a name under which SMB clients reach a directory of a filesystem, or of a
// snapshot of one. A home share gives each user a directory below a common one.
var Share = entity.Kind{
	System: common.System,
	Name:   "share",
	Plural: "shares",
	Path:   "shares",
	Doc: "A share: a name under which SMB clients reach a directory of a filesystem, or of a filesystem snapshot. " +
		"A home share (`is_home_share`) gives each user a directory of the user's own below `internal_base_path`.",
	Identity: entity.Identity{NamedIn: []string{basePath}, Taken: []string{"HOME_SHARE_CONFLICT"}},
	Planning: entity.Planning{Check: checkShare, Tracks: []string{"name", "filesystem_id", basePath}},
	Creation: entity.Creation{Whole: true},
	Deletion: entity.Deletion{Danger: "Clients that use the share are cut off.", Loses: losesPrincipals},
	Explain:  explainShare,
	Facts: entity.Facts{
		entity.ID(),
		entity.Text("name").Required().Queryable().LongestOf(80).Checked("a name of a share", checkShareName).
			Doc("The name, 1 to 80 characters without `\"/\\[]:;|=,+*?<>`: the array has no two shares of one name, but for home shares. That of a home share ends in `%u`."),
		entity.Ref("filesystem_id").Required().Filterable().
			Doc("The id of the filesystem, or of the filesystem snapshot, that clients reach. A filesystem of the style `UNIX` must have an export already."),
		entity.Text(innerPath).Defaulted().Queryable().Checked("a path", checkPath).
			Doc("The directory of the filesystem that clients find there; its root, `/`, where it is not set. A home share has none of its own."),
		entity.Bool("enabled").Defaulted().Mutable().Queryable().
			Danger("Clients that use the share are cut off.", entity.Becomes(false)).
			Doc("Whether clients can use it."),
		entity.Text("description").Defaulted().Mutable().Queryable().
			Doc("What users read about it."),
		sharePermissions,
		entity.Enum("offline_caching", "NONE", "MANUAL", "DOCUMENTS", "PROGRAMS").Defaulted().Mutable().Queryable().
			Doc("What clients keep of it for when they are offline: nothing, what the user chooses, documents, or programs too."),
		entity.Bool("access_based_enumeration").Defaulted().Mutable().Queryable().
			Doc("Whether users see only the files and directories that they may read."),
		entity.Bool("encryption").Defaulted().Mutable().Queryable().
			Danger("Clients that cannot encrypt are cut off.", entity.Becomes(true)).
			Doc("Whether clients must encrypt."),
		entity.Bool("leases_enabled").Defaulted().Mutable().Queryable().
			Doc("Whether clients may cache files that nobody else uses (leases)."),
		entity.Bool("snapdir_visible").Defaulted().Mutable().Queryable().
			Doc("Whether clients see the directory of the snapshots."),
		unixDefault("file", "files"),
		unixDefault("folder", "directories"),
		entity.Bool(isHome).Defaulted().
			Doc("Whether it is a home share, on a filesystem of the style `WINDOWS`."),
		entity.Text(basePath).Optional().AbsentIsNull().Checked("a path", checkPath).
			Doc("The directory below which each user of a home share has one."),
		entity.Text(userDirectory).Defaulted().AbsentIsNull().
			Doc("What a user's directory is called below `internal_base_path`, such as `%d/%u`: `%u` is the user, and `%d` the domain. It ends in `%u`."),
		entity.Bool(autoCreate).Defaulted().Mutable().AbsentIsNull().
			Doc("Whether a user's directory is made when the user first comes; for one home share of a name at most."),
		common.CreatedAt(),

		common.UpdatedAt(),
		common.Tenant(),
	},
}

const (
	isHome        = "is_home_share"
	innerPath     = "inner_path"
	basePath      = "internal_base_path"
	userDirectory = "user_directory"
	autoCreate    = "user_dir_auto_create"
)

// unixDefault is the mode of what SMB clients make on a filesystem of the style UNIX.
func unixDefault(what, made string) entity.Fact {
	return modeOf(entity.Text("default_" + what + "_unix_permissions").Optional().Mutable().Queryable()).
		Doc("The permissions of " + made + " that clients make on a filesystem of the style `UNIX`, such as `\"0755\"`.")
}

// losesPrincipals says whom the permissions of a share that is deleted let in.
func losesPrincipals(_ context.Context, _ *entity.Session, share entity.Values) []string {
	granted, _ := grantsOf(share)
	if len(granted) == 0 {
		return nil
	}
	sids := make([]string, len(granted))
	for i, g := range granted {
		sids[i] = g.sid
	}
	return []string{"Let in by its permissions: " + common.Few(sids) + "."}
}

// checkShare refuses what the array will refuse.
func checkShare(ctx context.Context, p *entity.Plan) {
	protocolsOf(p.Session).share(p)
	statementsOf(p.Session).share(p)
	if p.After == nil || p.Before != nil && !p.Replaced {
		return // what follows is about what cannot be changed
	}
	home := p.Config.Bool(isHome)
	for _, name := range []string{basePath, userDirectory, autoCreate} {
		if !home && !p.Config.Unknown(isHome) && p.Config.Known(name) {
			p.Refuse(name, name+" is for home shares", "Set is_home_share = true, or leave "+name+" out.")
		}
	}
	if home {
		checkHomeShare(p)
	}
	checkStyle(ctx, p)
}

// checkHomeShare refuses what is no home share.
func checkHomeShare(p *entity.Plan) {
	if p.Config.Known(innerPath) {
		p.Refuse(innerPath, "A home share has no inner_path", "Its directories are below internal_base_path. Leave inner_path out.")
	}
	if p.Config.Null(basePath) {
		p.Refuse(basePath, "A home share needs internal_base_path", "Say below which directory of the filesystem each user has one.")
	}
	for _, name := range []string{"name", userDirectory} {
		if text := p.Config.Text(name); p.Config.Known(name) && !endsInUser.MatchString(text) {
			p.Refuse(name, name+" of a home share must end in %u", fmt.Sprintf("%q would be the same for all users.", text))
		}
	}
}
