package file

import (
	"context"
	"fmt"
	"net/http"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox/common"
)

// Sessions are SMB clients that are connected, handles the files that each has open.
// Clients make them: here they are looked at, and ended.

const smbSessions = "smb/sessions"

// sessionID and handleID are arguments that say which one is meant.
func sessionID() entity.Fact { return entity.Integer("session_id").Doc("The number of the session.") }
func handleID() entity.Fact  { return entity.Integer("handle_id").Doc("The number of the handle.") }

func handlesOf(v entity.Values) string {
	return api.Path("smb", "sessions", v.Int("session_id"), "handles")
}

func handleOf(v entity.Values) string {
	return handlesOf(v) + "/" + api.Path(v.Int("handle_id"))
}

var session = entity.Facts{
	sessionID(),
	entity.Text("user_name").Doc("The user's name."),
	entity.Text("domain").Doc("The user's domain; absent for a user of the array."),
	entity.Text("sid").Doc("The user's SID."),
	entity.Bool("signing").Doc("Whether messages are signed."),
	entity.Bool("encryption").Doc("Whether messages are encrypted."),
	entity.Integer("num_opens").Doc("How many files the client has open."),
	entity.Integer("num_leases").Doc("How many leases it has."),
	entity.Moment("login_timestamp").Doc("When it connected."),
	entity.Moment("last_action_timestamp").Doc("When it last did something."),
	common.Tenant(),
}

var handle = entity.Facts{
	handleID(),
	sessionID(),
	entity.Text("filesystem_name").Doc("The filesystem that the file is on."),
	entity.Text("file_path").Doc("The file."),
	entity.Text("user_name").Doc("Who has it open."),
	entity.Text("sid").Doc("The SID of who has it open."),
	entity.Moment("created_timestamp").Doc("Since when it is open."),
	common.Tenant(),
}

// smbSessionLookups list what is connected, and what it has open.
func smbSessionLookups() []*entity.Lookup {
	return []*entity.Lookup{
		{
			System: common.System, Name: "smb_sessions", What: "SMB sessions",
			Doc:       "The SMB clients that are connected to the array.",
			Arguments: entity.Facts{sessionID().Optional().Doc("Only the session of this number; it is an error if there is none.")},
			Facts:     entity.Facts{entity.Records("sessions", session).Doc("The sessions.")},
			Ask: func(ctx context.Context, s *entity.Session, v entity.Values) (api.Object, error) {
				return common.Listing(ctx, s, "sessions", smbSessions, common.Asked(v, "session_id"))
			},
		},
		{
			System: common.System, Name: "smb_handles", What: "SMB handles",
			Doc: "The files that an SMB client has open: all, or one.",
			Arguments: entity.Facts{
				sessionID().Required(),
				handleID().Optional().Doc("Only the handle of this number; it is an error if there is none."),
			},
			Facts: entity.Facts{entity.Records("handles", handle).Doc("The handles.")},
			Ask: func(ctx context.Context, s *entity.Session, v entity.Values) (api.Object, error) {
				if !v.Known("handle_id") {
					return common.Listing(ctx, s, "handles", handlesOf(v), api.Query{})
				}
				one, err := common.Object(s.Client.Do(ctx, api.Request{Method: http.MethodGet, Path: handleOf(v)}))
				return api.Object{"handles": []any{one}}, err
			},
		},
	}
}

// smbSessionActions end what is connected, or what it has open.
func smbSessionActions() []*entity.Action {
	return []*entity.Action{
		{
			System: common.System, Name: "smb_session_disconnect",
			Doc:       "Disconnects an SMB client. It may connect again at once: to keep a user out, disable the user first.",
			Danger:    "The client loses what it has not saved of the files that it has open.",
			Loses:     losesSession,
			Arguments: entity.Facts{sessionID().Required()},
			Doing:     func(v entity.Values) string { return fmt.Sprintf("Disconnecting SMB session %d", v.Int("session_id")) },
			Request: func(v entity.Values) api.Request {
				return api.Request{Method: http.MethodDelete, Path: api.Path("smb", "sessions", v.Int("session_id"))}
			},
			Done: func(answer any) string {
				o, _ := answer.(api.Object)
				return "Disconnected " + userOf(o)
			},
		},
		{
			System: common.System, Name: "smb_handle_close",
			Doc:       "Closes a file that an SMB client has open, with its locks and leases.",
			Danger:    "The application that has the file open may lose data.",
			Loses:     losesHandle,
			Arguments: entity.Facts{sessionID().Required(), handleID().Required()},
			Doing: func(v entity.Values) string {
				return fmt.Sprintf("Closing handle %d of SMB session %d", v.Int("handle_id"), v.Int("session_id"))
			},
			Request: func(v entity.Values) api.Request {
				return api.Request{Method: http.MethodDelete, Path: handleOf(v)}
			},
			Done: func(answer any) string {
				o, _ := answer.(api.Object)
				return "Closed " + fileOf(o)
			},
		},
	}
}

// losesSession names the client that is disconnected, and what it has open.
func losesSession(ctx context.Context, s *entity.Session, v entity.Values) []string {
	if !v.Known("session_id") {
		return nil
	}
	var said []string
	for _, o := range common.Collect(ctx, s, smbSessions, common.Asked(v, "session_id")) {
		said = append(said, "Disconnected is "+userOf(o)+".")
	}
	var open []string
	for _, o := range common.Collect(ctx, s, handlesOf(v), api.Query{}) {
		open = append(open, fileOf(o))
	}
	if len(open) > 0 {
		said = append(said, "Open: "+common.Few(open)+".")
	}
	return said
}

// losesHandle names the file that is closed, and who has it open.
func losesHandle(ctx context.Context, s *entity.Session, v entity.Values) []string {
	if !v.Known("session_id") || !v.Known("handle_id") {
		return nil
	}
	file, err := common.Object(s.Client.Do(ctx, api.Request{Method: http.MethodGet, Path: handleOf(v)}))
	if err != nil || file == nil {
		return nil
	}
	said := []string{"Closed is " + fileOf(file) + "."}
	for _, o := range common.Collect(ctx, s, smbSessions, common.Asked(v, "session_id")) {
		said = append(said, "It is open at "+userOf(o)+".")
	}
	return said
}

// userOf is who a session is of: "ann@ad.example.com".
func userOf(session api.Object) string {
	user, _ := session["user_name"].(string)
	if user == "" {
		user = fmt.Sprintf("session %v", session["session_id"])
	}
	if domain, _ := session["domain"].(string); domain != "" {
		user += "@" + domain
	}
	return user
}

// fileOf is the file of a handle: "/plan.xlsx of home".
func fileOf(handle api.Object) string {
	return fmt.Sprintf("%v of %v", handle["file_path"], handle["filesystem_name"])
}
