package file

import (
	"context"
	"fmt"
	"regexp"
	"strings"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox/common"
)

var endsInUser = regexp.MustCompile(`%u$`)

// checkShareName refuses names that SMB does not take.
func checkShareName(name string) error {
	switch {
	case name != "" && strings.Trim(name, ".") == "":
		return fmt.Errorf("%q is no name: it needs a character that is no dot", name)
	case strings.EqualFold(name, "IPC$"):
		return fmt.Errorf("%q is a name that SMB itself uses", name)
	case strings.ContainsAny(name, `"/\[]:;|=,+*?<>`) || strings.ContainsFunc(name, func(r rune) bool { return r < ' ' || r == 0x7f }):
		return fmt.Errorf(`%q has characters that no name may have: leave out "/\[]:;|=,+*?<>`, name)
	}
	return nil
}

// checkStyle refuses what the filesystem's security style excludes, where the filesystem is
// there already.
func checkStyle(ctx context.Context, p *entity.Plan) {
	asks := p.Config.Bool(isHome)
	for _, name := range unixDefaults {
		asks = asks || p.Config.Known(name)
	}
	if !asks {
		return
	}
	switch styleOf(ctx, p) {
	case windows:
		for _, name := range unixDefaults {
			if p.Config.Known(name) {
				p.Refuse(name, name+" is for filesystems of the style UNIX", "The security_style of the filesystem is WINDOWS, where permissions are inherited. Leave "+name+" out.")
			}
		}
	case unix:
		if p.Config.Bool(isHome) {
			p.Refuse("filesystem_id", "A home share needs a filesystem of the style WINDOWS", "The security_style of the filesystem is UNIX.")
		}
	}
}

var unixDefaults = []string{"default_file_unix_permissions", "default_folder_unix_permissions"}

const windows, unix = "WINDOWS", "UNIX"

// styleOf is the security style of the filesystem that a planned object is of; "" where it
// is not known yet.
func styleOf(ctx context.Context, p *entity.Plan) string {
	if !p.After.Known("filesystem_id") {
		return ""
	}
	filesystem, err := p.Session.Client.Read(ctx, "filesystems", p.After.ID("filesystem_id"), []string{"id", "security_style"})
	if err != nil {
		return ""
	}
	style, _ := filesystem["security_style"].(string)
	return style
}

// explainShare says what on the filesystem excludes a share, or is missing.
func explainShare(ctx context.Context, s *entity.Session, share entity.Values, err error) string {
	switch api.CodeOf(err) {
	case "SUSPICIOUS_FILESYSTEM_SHARE":
		return "Make an export of the filesystem first; where it is in this configuration, name it in depends_on of the share."
	case "NFSV4_EXPORT_AND_SMB_SHARE_CONFLICT":
		if paths := exportPaths(ctx, s, append(api.Where("filesystem_id", share.ID("filesystem_id")), api.Where(nfsVersion, nfs4)...)); len(paths) > 0 {
			return "Exports of it that speak NFSv4: " + common.Few(paths) + "."
		}
	}
	return ""
}
