package infinibox

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/hashicorp/terraform-plugin-log/tflogtest"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
)

const (
	remoteSecret = "battery-staple"
	done         = `{"result":{"id":1},"error":null,"metadata":{"ready":true}}`
)

// linked answers as an array whose remote one knows the password: operations on links
// and replicas want it, those on volumes do not. It counts the wrong ones that it is sent.
func linked(password string, tries *atomic.Int64) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		sent := (&http.Request{Header: http.Header{"Authorization": r.Header["X-Remote-Authorization"]}})
		username, given, carries := sent.BasicAuth()
		if carries && (username != "remote-admin" || given != password) {
			tries.Add(1)
		}
		switch {
		case strings.HasPrefix(r.URL.Path, "/api/rest/volumes") && carries:
			refuse(400, "UNASKED", "nobody has asked for it")(w, r)
		case strings.HasPrefix(r.URL.Path, "/api/rest/volumes"), given == password:
			say(200, done)(w, r)
		default:
			refuse(403, "REMOTE_PERMISSION_REQUIRED", "The remote system does not know "+given)(w, r)
		}
	}
}

func withRemote(password string) func(*Config) {
	return func(c *Config) { c.RemoteUsername, c.RemotePassword = "remote-admin", password }
}

// The remote array's password goes where this array has asked for it, which is
// remembered, and nowhere else.
func TestRemoteLogin(t *testing.T) {
	t.Setenv("TF_LOG", "TRACE")
	var wrong atomic.Int64
	b := newBox(t, linked(remoteSecret, &wrong))
	c := newClient(t, b, withRemote(remoteSecret))
	var log bytes.Buffer
	ctx := tflogtest.RootLogger(t.Context(), &log)
	for _, operation := range []string{"POST volumes", "POST replicas", "POST replicas", "DELETE links/7", "DELETE links/8", "POST volumes", "PUT volumes/1"} {
		method, path, _ := strings.Cut(operation, " ")
		if _, err := c.Do(ctx, api.Request{Method: method, Path: path}); err != nil {
			t.Errorf("%s: %v", operation, err)
		}
	}
	want := "POST volumes, POST replicas, POST replicas, POST replicas, DELETE links/7, DELETE links/7, DELETE links/8, POST volumes, PUT volumes/1"
	if got := strings.Join(b.log(), ", "); got != want || wrong.Load() > 0 {
		t.Error(got)
	}
	encoded := http.Request{Header: http.Header{}}
	encoded.SetBasicAuth("remote-admin", remoteSecret)
	for _, text := range []string{remoteSecret, encoded.Header.Get("Authorization")} {
		if strings.Contains(log.String(), text) || !strings.Contains(log.String(), "replicas") {
			t.Errorf("the log:\n%s", log.String())
		}
	}
}

func TestRemoteLoginThatIsMissing(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*Config)
		says   string
	}{
		"both":     {func(*Config) {}, "Set remote_username and remote_password in the provider's infinibox block, or the environment variables INFINIBOX_REMOTE_USERNAME and INFINIBOX_REMOTE_PASSWORD."},
		"password": {func(c *Config) { c.RemoteUsername = "remote-admin" }, "Set remote_password in the provider's infinibox block, or the environment variable INFINIBOX_REMOTE_PASSWORD."},
		"username": {func(c *Config) { c.RemotePassword = remoteSecret }, "Set remote_username in"},
	} {
		t.Run(name, func(t *testing.T) {
			var tries atomic.Int64
			b := newBox(t, linked(remoteSecret, &tries))
			client := newClient(t, b, c.change)
			for range 2 {
				_, err := client.Do(t.Context(), api.Request{Method: "DELETE", Path: "links/7"})
				e, ok := err.(*api.Error) //nolint:errorlint // Do returns it unwrapped
				if !ok || e.Reason != api.Forbidden || e.Code != remotePermission || !strings.Contains(e.Remedy, c.says) {
					t.Errorf("got %#v", err)
				}
			}
			if len(b.log()) != 2 || tries.Load() > 0 {
				t.Errorf("sent %s", b.log())
			}
		})
	}
}

// A wrong password is tried once, however many operations want it, and no error
// repeats it.
func TestRemoteLoginThatIsRefused(t *testing.T) {
	var tries atomic.Int64
	b := newBox(t, linked(remoteSecret, &tries))
	c := newClient(t, b, withRemote("wrong-horse"))
	var all sync.WaitGroup
	for range 10 {
		all.Go(func() {
			_, err := c.Do(t.Context(), api.Request{Method: "POST", Path: "replicas"})
			e, ok := err.(*api.Error) //nolint:errorlint // Do returns it unwrapped
			if !ok || e.Code != remotePermission || !strings.Contains(e.Remedy, "INFINIBOX_REMOTE_PASSWORD") || strings.Contains(e.Error(), "wrong-horse") {
				t.Errorf("got %#v", err)
			}
		})
	}
	all.Wait()
	if tries.Load() != 1 {
		t.Errorf("tried %d times", tries.Load())
	}
}

// A refusal after the password was accepted speaks of the operation: the password is
// right, and stays in use.
func TestRemoteLoginWithoutTheRole(t *testing.T) {
	may := true
	b := newBox(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get(remoteHeader) == "" || !may {
			refuse(403, remotePermission, "x")(w, r)
			return
		}
		say(200, done)(w, r)
	})
	c := newClient(t, b, withRemote(remoteSecret))
	for _, may = range []bool{true, false, true} {
		if _, err := c.Do(t.Context(), api.Request{Method: "POST", Path: "replicas"}); (err == nil) != may {
			t.Error(may, err)
		}
	}
	if len(b.log()) != 4 {
		t.Error(b.log())
	}
}

// Who waits for another's trial waits no longer than its time.
func TestRemoteLoginWaitsNoLongerThanItsTime(t *testing.T) {
	l := newRemoteLogin("remote-admin", remoteSecret)
	if err := l.turn.Acquire(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	_, err := l.lend(ctx, api.Request{Method: "POST", Path: "replicas"}, func(header http.Header) (*envelope, error) {
		if header != nil {
			t.Error("sent")
		}
		stop()
		return nil, &api.Error{Code: remotePermission}
	})
	if !errors.Is(err, context.Canceled) || api.ReasonOf(err) != api.Other {
		t.Errorf("got %#v", err)
	}
}
