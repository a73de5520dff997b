package file

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox/common"
)

// Locks and leases of SMB clients on files. A lock whose client is gone is an orphan, which
// alone can be broken.

const smbFileLocks = "smb/filelocks"

// ofClient are what a lock and a lease tell of their client.
var ofClient = entity.Facts{
	entity.Ref("filesystem_id").Doc("The id of the filesystem."),
	entity.Text("file_path").Doc("The file."),
	entity.Integer("session_id").Doc("The number of the client's session; -1 of an orphan."),
	entity.Integer("handle_id").Doc("The number of the handle by which the file is open; -1 of an orphan."),
	entity.Text("user_name").Doc("The user's name."),
	entity.Text("domain").Doc("The user's domain."),
	entity.Text("sid").Doc("The user's SID."),
	common.Tenant(),
}

func onFilesystem() entity.Fact {
	return entity.Ref("filesystem_id").Required().Doc("The id of the filesystem.")
}

// smbLockLookups list locks and leases.
func smbLockLookups() []*entity.Lookup {
	return []*entity.Lookup{
		{
			System: common.System, Name: "smb_file_locks", What: "SMB file locks",
			Doc: "The locks of SMB clients on the files of a filesystem, those included that clients left behind.",
			Arguments: entity.Facts{
				onFilesystem(),
				entity.Text("file_path").Optional().Checked("a path", checkPath).Doc("Only those on this file."),
			},
			Facts: entity.Facts{entity.Records("locks", entity.Join(ofClient, entity.Facts{
				entity.Integer("number_of_locks").Doc("How many ranges of the file are locked."),
				entity.Bool("share_read").Doc("Whether others may read the file meanwhile."),
				entity.Bool("share_write").Doc("Whether others may write it meanwhile."),
				entity.Bool("share_delete").Doc("Whether others may delete it meanwhile."),
			})).Doc("The locks.")},
			Ask: func(ctx context.Context, s *entity.Session, v entity.Values) (api.Object, error) {
				return common.Listing(ctx, s, "locks", smbFileLocks, common.Asked(v, "filesystem_id", "file_path"))
			},
		},
		{
			System: common.System, Name: "smb_leases", What: "SMB leases",
			Doc: "The leases of SMB clients on a file: what they may cache of it.",
			Arguments: entity.Facts{
				onFilesystem(),
				entity.Text("file_path").Required().Checked("a path", checkPath).Doc("The file."),
			},
			Facts: entity.Facts{entity.Records("leases", entity.Join(ofClient, entity.Facts{
				entity.Text("lease_id").Doc("The lease's id."),
				entity.Text("lease_type").Doc("What may be cached: reads (`R`), writes (`W`) and handles (`H`)."),
				entity.Text("lease_version").Doc("`V1` or `V2`."),
			})).Doc("The leases.")},
			Ask: func(ctx context.Context, s *entity.Session, v entity.Values) (api.Object, error) {
				return common.Listing(ctx, s, "leases", "smb/leases", common.Asked(v, "filesystem_id", "file_path"))
			},
		},
	}
}

// breakSMBFileLocks breaks the locks of clients that are gone.
func breakSMBFileLocks() *entity.Action {
	return &entity.Action{
		System: common.System, Name: "smb_file_locks_break",
		Doc:    "Breaks the orphaned locks on the files of a filesystem: those of SMB clients that are gone without giving them up.",
		Danger: "A client that comes back and relies on its lock may lose data.",
		Loses:  losesOrphans,
		Arguments: entity.Facts{
			onFilesystem(),
			entity.Text("file_path").Optional().Checked("a path", checkPath).Doc("Only those on this file, or below this directory."),
		},
		Doing: func(v entity.Values) string {
			return fmt.Sprintf("Breaking orphaned SMB locks on filesystem %d", v.Int("filesystem_id"))
		},
		Request: func(v entity.Values) api.Request {
			body := api.Object{"filesystem_id": v.Int("filesystem_id")}
			if v.Known("file_path") {
				body["file_path"] = v.Text("file_path")
			}
			return api.Request{Method: http.MethodPost, Path: smbFileLocks + "/break_orphans", Body: body}
		},
		Done: counted("Broke", "locks_broken"),
	}
}

// losesOrphans names the files that have orphaned locks.
func losesOrphans(ctx context.Context, s *entity.Session, v entity.Values) []string {
	if !v.Known("filesystem_id") {
		return nil
	}
	below := strings.TrimSuffix(v.Text("file_path"), "/")
	var files []string
	for _, lock := range common.Collect(ctx, s, smbFileLocks, common.Asked(v, "filesystem_id")) {
		file := fmt.Sprint(lock["file_path"])
		if fmt.Sprint(lock["session_id"]) == "-1" && (below == "" || file == below || strings.HasPrefix(file, below+"/")) {
			files = append(files, fmt.Sprintf("%s (%v)", file, lock["number_of_locks"]))
		}
	}
	if len(files) == 0 {
		return []string{"There are no such locks now."}
	}
	return []string{"Orphaned locks: " + common.Few(files) + "."}
}

// counted says how many locks an operation has taken away.
func counted(did, field string) func(any) string {
	return func(answer any) string {
		o, _ := answer.(api.Object)
		return fmt.Sprintf("%s %v locks", did, o[field])
	}
}
