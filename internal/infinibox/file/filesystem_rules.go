package file

import (
	"context"
	"fmt"
	"strings"

	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox/common"
)

// leastAtime is the least that can be set of atime_granularity; untouched it is 0.
const leastAtime = 3600

// whileServed are what cannot be changed of a filesystem that is suspended.
var whileServed = []string{
	"name", "pool_id", "size", "provtype", "ssd_enabled", "compression_enabled", "write_protected", "ssa_express_enabled",
	"snapshot_policy_id", atime, warning, critical, wormRetention, wormHold,
}

// checkFilesystem refuses what the array will refuse.
func checkFilesystem(ctx context.Context, p *entity.Plan) {
	common.BudgetOf(p.Session).Dataset(ctx, p)
	common.CheckReplicated(ctx, p)
	if p.After == nil || p.Replaced {
		if p.Before.Bool(wormHold) {
			p.Refuse("", "The filesystem is under legal hold",
				"The array does not delete it before the hold is lifted. Set worm_legal_hold = false and apply that first.")
		}
		return
	}
	checkThresholds(p)
	if seconds := p.After.Int(atime); p.After.Known(atime) && seconds < leastAtime && seconds != p.Before.Int(atime) {
		p.Refuse(atime, atime+" is too small", fmt.Sprintf("The array takes no less than %d seconds.", leastAtime))
	}
	if name, snapdir := p.After.Text("name"), p.After.Text(snapdirName); name != "" && strings.EqualFold(name, snapdir) || strings.EqualFold(name, ".snapshot") {
		p.Refuse("name", "A filesystem cannot be called what its snapshots' directory is",
			fmt.Sprintf("The name %q is that of the directory of snapshots. Choose another name, or another snapdir_name.", name))
	}
	plain := p.After.Text(wormLevel) == "NONE" || p.Before == nil && p.Config.Null(wormLevel)
	for _, name := range []string{wormRetention, wormHold} {
		if plain && p.Config.Known(name) {
			p.Refuse(name, name+" is for WORM filesystems", "The filesystem is none: its worm_level is NONE.")
		}
	}
	if p.After.Text("security_style") == "UNIX" && p.Config.Known("posix_file_ownership") {
		p.Refuse("posix_file_ownership", "posix_file_ownership is for WINDOWS filesystems", "The security_style is UNIX.")
	}
	if p.Before.Text(suspendState) != "DROP" || p.After.Text(suspendState) != "DROP" {
		return
	}
	for _, name := range whileServed {
		if p.Changes(name) {
			p.Refuse(name, "The filesystem is suspended", fmt.Sprintf("%s can be changed only while suspend_state is NONE. Change that with it, or before.", name))
		}
	}
}

// checkThresholds holds the critical threshold above the warning. Thresholds of 100 are
// never passed, so that there is nothing to be in order.
func checkThresholds(p *entity.Plan) {
	if !p.After.Known(warning) || !p.After.Known(critical) || !p.Changes(warning) && !p.Changes(critical) {
		return
	}
	if low, high := p.After.Int(warning), p.After.Int(critical); high <= low && low+high < 200 {
		p.Refuse(critical, critical+" must be above "+warning, fmt.Sprintf("%s is %d and %s is %d: the former must be the higher.", critical, high, warning, low))
	}
}
