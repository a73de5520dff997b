package alibabacloud

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
)

var nonces int

// request is a request that is not signed yet.
func request(t *testing.T, s *Simulator, query string) *http.Request {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL()+"/?"+query, nil)
	if err != nil {
		t.Fatal(err)
	}
	nonces++
	for name, value := range map[string]string{
		"x-acs-action":          action,
		"x-acs-content-sha256":  hash(nil),
		"x-acs-date":            time.Now().UTC().Format("2006-01-02T15:04:05Z"),
		"x-acs-signature-nonce": fmt.Sprint("nonce", nonces),
		"x-acs-version":         version,
	} {
		r.Header.Set(name, value)
	}
	return r
}

// signedBy signs all headers.
func signedBy(r *http.Request, keyID, secret string) *http.Request {
	names := []string{"host"}
	for name := range r.Header {
		names = append(names, strings.ToLower(name))
	}
	return signedFor(r, keyID, secret, names)
}

func signedFor(r *http.Request, keyID, secret string, names []string) *http.Request {
	slices.Sort(names)
	r.Header.Set("Authorization", fmt.Sprintf("%s Credential=%s,SignedHeaders=%s,Signature=%s",
		algorithm, keyID, strings.Join(names, ";"), sign(secret, stringToSign(r, names))))
	return r
}

// ask sends a request; the code is of the error, or "" for an answer.
func ask(t *testing.T, r *http.Request) (status int, code string, answer map[string]any) {
	t.Helper()
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil {
		t.Fatal(err)
	}
	if id, _ := answer["RequestId"].(string); len(id) != 36 {
		t.Errorf("request id %q", id)
	}
	code, _ = answer["Code"].(string)
	return response.StatusCode, code, answer
}

func TestWhatTheGatewayRefuses(t *testing.T) {
	s := Start(t, Options{AccessKeyID: "id", AccessKeySecret: "secret"})
	all := []string{"host", "x-acs-action", "x-acs-content-sha256", "x-acs-date", "x-acs-signature-nonce", "x-acs-version"}
	without := func(name string) []string {
		return slices.DeleteFunc(slices.Clone(all), func(n string) bool { return n == name })
	}
	type builder func(r *http.Request) *http.Request
	tests := []struct {
		name   string
		make   builder
		status int
		code   string
	}{
		{"good", func(r *http.Request) *http.Request { return signedBy(r, "id", "secret") }, 200, ""},
		{"unsigned", func(r *http.Request) *http.Request { return r }, 400, "IncompleteSignature"},
		{"another key", func(r *http.Request) *http.Request { return signedBy(r, "other", "secret") }, 404, "InvalidAccessKeyId.NotFound"},
		{"another secret", func(r *http.Request) *http.Request { return signedBy(r, "id", "Secret") }, 400, "SignatureDoesNotMatch"},
		{"another query", func(r *http.Request) *http.Request {
			signedBy(r, "id", "secret").URL.RawQuery = "TaskId=282833"
			return r
		}, 400, "SignatureDoesNotMatch"},
		{"another method", func(r *http.Request) *http.Request {
			signedBy(r, "id", "secret").Method = http.MethodGet
			return r
		}, 400, "SignatureDoesNotMatch"},
		{"another version", func(r *http.Request) *http.Request {
			signedBy(r, "id", "secret").Header.Set("x-acs-version", "2018-12-04")
			return r
		}, 400, "SignatureDoesNotMatch"},
		{"another body", func(r *http.Request) *http.Request {
			r.Header.Set("x-acs-content-sha256", hash([]byte("x")))
			return signedBy(r, "id", "secret")
		}, 400, "InvalidContentSha256"},
		{"another algorithm", func(r *http.Request) *http.Request {
			signedBy(r, "id", "secret")
			r.Header.Set("Authorization", strings.Replace(r.Header.Get("Authorization"), "SHA256", "SM3", 1))
			return r
		}, 400, "IncompleteSignature"},
		{"old", func(r *http.Request) *http.Request {
			r.Header.Set("x-acs-date", time.Now().Add(-16*time.Minute).UTC().Format("2006-01-02T15:04:05Z"))
			return signedBy(r, "id", "secret")
		}, 400, "InvalidTimeStamp.Expired"},
		{"no date", func(r *http.Request) *http.Request {
			r.Header.Set("x-acs-date", "today")
			return signedBy(r, "id", "secret")
		}, 400, "InvalidTimeStamp.Format"},
		{"security token of another key", func(r *http.Request) *http.Request {
			r.Header.Set("x-acs-security-token", "token")
			return signedBy(r, "id", "secret")
		}, 400, "InvalidSecurityToken.MismatchWithAccessKey"},
		{"unsigned x-acs header", func(r *http.Request) *http.Request {
			signedBy(r, "id", "secret").Header.Set("x-acs-security-token", "token")
			return r
		}, 400, "IncompleteSignature"},
	}
	for _, name := range all {
		tests = append(tests, struct {
			name   string
			make   builder
			status int
			code   string
		}{"without " + name, func(r *http.Request) *http.Request { return signedFor(r, "id", "secret", without(name)) }, 400, "IncompleteSignature"})
	}
	for _, test := range tests {
		if status, code, answer := ask(t, test.make(request(t, s, "TaskId=282832"))); status != test.status || code != test.code {
			t.Errorf("%s: %d %v", test.name, status, answer)
		}
	}
}

func TestNonceIsGoodOnce(t *testing.T) {
	s := Start(t, Options{})
	r := signedBy(request(t, s, "TaskId=282832"), "admin", "123456")
	again := r.Clone(t.Context())
	if status, _, answer := ask(t, r); status != 200 {
		t.Fatal(answer)
	}
	if status, code, _ := ask(t, again); status != 400 || code != "SignatureNonceUsed" {
		t.Error(status, code)
	}
}

func TestSecurityToken(t *testing.T) {
	s := Start(t, Options{SecurityToken: "token"})
	for given, want := range map[string]string{"token": "", "": "MissingSecurityToken", "older": "InvalidSecurityToken.Expired"} {
		r := request(t, s, "TaskId=282832")
		if given != "" {
			r.Header.Set("x-acs-security-token", given)
		}
		if _, code, _ := ask(t, signedBy(r, "admin", "123456")); code != want {
			t.Errorf("%q: %s", given, code)
		}
	}
}

// A query that needs escaping is signed by its escaped form.
func TestEscaping(t *testing.T) {
	s := Start(t, Options{})
	r := signedBy(request(t, s, "TaskId=282832&A1=x&A=%E4%B8%AD+%2A~%2F&B="), "admin", "123456")
	if got := canonicalQuery(r.URL.Query()); got != "A=%E4%B8%AD%20%2A~%2F&A1=x&B=&TaskId=282832" {
		t.Error(got)
	}
	if status, _, answer := ask(t, r); status != 200 {
		t.Error(answer)
	}
}

func TestProgress(t *testing.T) {
	s := Start(t, Options{})
	for _, test := range []struct {
		id   string
		want []string
	}{
		{"282832", []string{"init", "Processing", "Success", "Success"}},
		{"282833", []string{"init", "Processing", "Failed", "Failed"}},
	} {
		for _, want := range test.want {
			_, _, answer := ask(t, signedBy(request(t, s, "TaskId="+test.id), "admin", "123456"))
			if answer["ScanTaskProgress"] != want {
				t.Errorf("task %s: %v, want %s", test.id, answer, want)
			}
		}
	}
	_, _, answer := ask(t, signedBy(request(t, s, "TaskId=282832"), "admin", "123456"))
	var targets []Target
	if err := json.Unmarshal([]byte(answer["TargetInfo"].(string)), &targets); err != nil || len(targets) != 2 || targets[0].Type != "uuid" {
		t.Error(answer["TargetInfo"], err)
	}
}

func TestRefusalsOfTheService(t *testing.T) {
	s := Start(t, Options{Seed: []byte(`[{"id": 1, "progress": ["init"], "targets": []}]`)})
	for _, test := range []struct {
		query  string
		change map[string]string
		status int
		code   string
	}{
		{"TaskId=1", nil, 200, ""},
		{"TaskId=2", nil, 500, "ServerError"},
		{"", nil, 400, "MissingTaskId"},
		{"TaskId=one", nil, 400, "InvalidTaskId"},
		{"TaskId=1", map[string]string{"x-acs-action": "DescribeNothing"}, 404, "InvalidAction.NotFound"},
		{"TaskId=1", map[string]string{"x-acs-version": "2016-03-16"}, 400, "InvalidVersion"},
	} {
		r := request(t, s, test.query)
		for name, value := range test.change {
			r.Header.Set(name, value)
		}
		if status, code, answer := ask(t, signedBy(r, "admin", "123456")); status != test.status || code != test.code {
			t.Errorf("%s %v: %d %v", test.query, test.change, status, answer)
		}
	}

	denied := Start(t, Options{NoPermission: true})
	if status, code, answer := ask(t, signedBy(request(t, denied, "TaskId=282832"), "admin", "123456")); status != 403 || code != "NoPermission" || answer["Message"] != "caller has no permission" {
		t.Error(status, answer)
	}
}

func TestSeedThatIsNone(t *testing.T) {
	for _, seed := range []string{`{}`, `[{"id": 1}]`, `[{"id": 1, "progres": ["init"]}]`} {
		if _, err := New(Options{Seed: []byte(seed)}); err == nil {
			t.Error(seed)
		}
	}
}

func TestFaults(t *testing.T) {
	s := Start(t, Options{Faults: "1:403,2:500,3:400,4:429:0,5:503"})
	for _, want := range []string{"NoPermission", "ServerError", "Throttling.User", "Throttling", "ServiceUnavailable", ""} {
		if _, code, _ := ask(t, signedBy(request(t, s, "TaskId=282832"), "admin", "123456")); code != want {
			t.Errorf("%s, want %s", code, want)
		}
	}
}
