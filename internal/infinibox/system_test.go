package infinibox

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
)

// Credentials of other systems come from the provider's settings, as all do, and are
// marked as secret there.
func TestSettingsOfOtherSystems(t *testing.T) {
	b := newBox(t, func(w http.ResponseWriter, r *http.Request) {
		remote := http.Request{Header: http.Header{"Authorization": r.Header[remoteHeader]}}
		if username, password, _ := remote.BasicAuth(); username != "remote-admin" || password != remoteSecret {
			refuse(403, remotePermission, "x")(w, r)
			return
		}
		say(200, done)(w, r)
	})
	for name, value := range map[string]string{
		"ENDPOINT": b.URL, "USERNAME": "admin", "PASSWORD": secret, "REMOTE_USERNAME": "remote-admin", "REMOTE_PASSWORD": remoteSecret,
		"ACTIVE_DIRECTORY_USERNAME": "domain-admin", "ACTIVE_DIRECTORY_PASSWORD": "join-and-leave",
	} {
		t.Setenv("INFINIBOX_"+name, value)
	}
	system := System("test")
	session, diags := system.Configure(t.Context(), types.ObjectNull(map[string]attr.Type{}))
	if diags.HasError() {
		t.Fatal(diags)
	}
	if _, err := session.Client.Do(t.Context(), api.Request{Method: "DELETE", Path: "links/7"}); err != nil {
		t.Error(err)
	}
	if got, err := session.Settings(ActiveDirectoryUsername, ActiveDirectoryPassword); err != nil || !slices.Equal(got, []string{"domain-admin", "join-and-leave"}) {
		t.Error(got, err)
	}
	for _, setting := range system.Settings {
		if setting.Sensitive != strings.HasSuffix(setting.Name, "password") {
			t.Errorf("%s: sensitive is %v", setting.Name, setting.Sensitive)
		}
	}
}
