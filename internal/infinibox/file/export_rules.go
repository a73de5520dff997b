package file

import (
	"context"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox/common"
)

// rule is what an export lets a client do.
type rule struct {
	client string
	access int // as in accesses
	root   bool
}

// accesses are what a client may do, by how much that is.
var accesses = []string{"NONE", "RO", "RW"}

// rulesOf are the rules of an export; known is false where there are more that are not
// known yet.
func rulesOf(export entity.Values) (rules []rule, known bool) {
	all, known := export.Records(permissions)
	for _, v := range all {
		if !v.Known("client") || !v.Known("access") || !v.Known("no_root_squash") {
			known = false
			continue
		}
		rules = append(rules, rule{v.Text("client"), slices.Index(accesses, v.Text("access")), v.Bool("no_root_squash")})
	}
	return rules, known
}

// cutsOff names the clients that a change of the rules leaves with less than they had.
// A plan that does not know all rules yet is asked again when it does.
func cutsOff(before, after entity.Values) string {
	had, _ := rulesOf(before)
	has, known := rulesOf(after)
	if !known {
		return ""
	}
	var clients []string
	for _, was := range had {
		if was.access > 0 && !slices.ContainsFunc(has, was.keptBy) {
			clients = append(clients, was.client)
		}
	}
	return common.Few(clients)
}

// keptBy reports whether another rule gives the same clients as much.
func (r rule) keptBy(other rule) bool {
	if other.access < r.access || r.root && !other.root {
		return false
	}
	if other.client == "*" || other.client == r.client {
		return true
	}
	first, last, err1 := addresses(r.client)
	from, to, err2 := addresses(other.client)
	return err1 == nil && err2 == nil && from.BitLen() == first.BitLen() && !first.Less(from) && !to.Less(last)
}

func checkClient(client string) error {
	if client == "*" {
		return nil
	}
	_, _, err := addresses(client)
	return err
}

// addresses are the first and the last address of a client that is not all of them.
func addresses(client string) (first, last netip.Addr, err error) {
	bad := fmt.Errorf("%q is no client: use an address, a range such as 10.0.0.1-10.0.0.9 or 10.0.0.0/24, or *", client)
	if prefix, err := netip.ParsePrefix(client); err == nil {
		return prefix.Masked().Addr(), lastOf(prefix), nil
	}
	from, to, isRange := strings.Cut(client, "-")
	if !isRange {
		to = from
	}
	first, err1 := netip.ParseAddr(from)
	last, err2 := netip.ParseAddr(to)
	if err1 != nil || err2 != nil || first.BitLen() != last.BitLen() || last.Less(first) {
		return first, last, bad
	}
	return first, last, nil
}

func lastOf(prefix netip.Prefix) netip.Addr {
	bytes := prefix.Addr().AsSlice()
	for bit := prefix.Bits(); bit < len(bytes)*8; bit++ {
		bytes[bit/8] |= 0x80 >> (bit % 8)
	}
	last, _ := netip.AddrFromSlice(bytes)
	return last
}

// checkNFS4 refuses version 4 on a filesystem of Windows, and on a path that it does not have.
func checkNFS4(ctx context.Context, p *entity.Plan) {
	if p.After.Text("export_path") == "/" {
		p.Refuse("export_path", "An export of NFSv4 needs a path", "Its path cannot be \"/\".")
	}
	if styleOf(ctx, p) == windows {
		p.Refuse(nfsVersion, "A filesystem of the style WINDOWS has no exports of NFSv4", "The security_style of the filesystem is WINDOWS. Set nfs_version = \"NFSv3\", or export another filesystem.")
	}
}

// explainExport says what on the filesystem or the array excludes an export, or is missing.
func explainExport(ctx context.Context, s *entity.Session, export entity.Values, err error) string {
	switch api.CodeOf(err) {
	case "SUSPICIOUS_FILESYSTEM_EXPORT":
		return "Make an SMB share of the filesystem first; where it is in this configuration, name it in depends_on of the export."
	case "NFS_PROTOCOL_VERSION_MISMATCH":
		return "NFSv4 is not enabled on the array. storage_infinibox_nfs_server enables it; where it is in this configuration, name it in depends_on of the export."
	case "NFSV4_EXPORT_AND_SMB_SHARE_CONFLICT":
		if names := shareNames(ctx, s, api.Where("filesystem_id", export.ID("filesystem_id"))); len(names) > 0 {
			return "Its shares: " + common.Few(names) + "."
		}
	}
	return ""
}
