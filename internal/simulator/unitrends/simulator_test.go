package unitrends

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"
)

// ask sends a request and returns the status and the decoded answer.
func ask(t *testing.T, s *Simulator, method, path, token, body string) (int, map[string]any) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, s.URL()+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if token != "" {
		r.Header.Set("AuthToken", token)
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	var answer map[string]any
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, answer
}

func logIn(t *testing.T, s *Simulator) string {
	t.Helper()
	status, answer := ask(t, s, "POST", "/api/login", "", `{"username": "admin", "password": "123456"}`)
	token, _ := answer["auth_token"].(string)
	if status != 200 || token == "" {
		t.Fatal(status, answer)
	}
	return token
}

func TestWhoMayAsk(t *testing.T) {
	s := Start(t, Options{TokenLife: time.Minute})
	for _, body := range []string{
		`{"username": "admin", "password": "wrong"}`, `{"username": "Admin", "password": "123456"}`, `{}`,
	} {
		if status, answer := ask(t, s, "POST", "/api/login", "", body); status != 401 || answer["auth_token"] != nil {
			t.Error(body, status, answer)
		}
	}
	if status, _ := ask(t, s, "POST", "/api/login", "", `no JSON`); status != 400 {
		t.Error(status)
	}
	for _, token := range []string{"", "guessed"} {
		if status, answer := ask(t, s, "GET", "/api/virtual_clients", token, ""); status != 401 || answer["data"] != nil {
			t.Error(token, status, answer)
		}
	}
	token := logIn(t, s)
	if status, _ := ask(t, s, "GET", "/api/virtual_clients", token, ""); status != 200 {
		t.Error(status)
	}
	s.Advance(time.Minute + time.Second)
	if status, _ := ask(t, s, "GET", "/api/virtual_clients", token, ""); status != 401 {
		t.Error("an expired token is good:", status)
	}
	if again := logIn(t, s); again == token {
		t.Error("the same token again")
	}
	if status, _ := ask(t, s, "GET", "/api/no_such_thing", logIn(t, s), ""); status != 404 {
		t.Error(status)
	}
}

func TestFiltersOfVirtualClients(t *testing.T) {
	s := Start(t, Options{})
	token := logIn(t, s)
	for _, test := range []struct {
		query                    string
		systems, wir, vmIR, hvIR int
	}{
		{"", 3, 2, 2, 1},
		{"/?type=wir", 3, 2, 0, 0},
		{"?type=vm_ir", 3, 0, 2, 0},
		{"?type=hv_ir", 3, 0, 0, 1},
		{"/?sid=2", 1, 1, 1, 0},
		{"?sid=1", 1, 1, 1, 1}, // whose id is a text
		{"?type=wir&sid=2", 1, 1, 0, 0},
		{"?sid=99", 0, 0, 0, 0},
	} {
		status, answer := ask(t, s, "GET", "/api/virtual_clients"+test.query, token, "")
		systems, _ := answer["data"].([]any)
		counts := map[string]int{}
		for _, system := range systems {
			for _, kind := range kinds {
				list, ok := system.(map[string]any)[kind].([]any)
				if !ok {
					t.Errorf("%s: no list %s", test.query, kind)
				}
				counts[kind] += len(list)
			}
		}
		if status != 200 || len(systems) != test.systems || counts["wir"] != test.wir || counts["vm_ir"] != test.vmIR || counts["hv_ir"] != test.hvIR {
			t.Errorf("%s: status %d, %d systems, %v", test.query, status, len(systems), counts)
		}
	}
	for _, query := range []string{"?type=WIR", "?type=vm", "?sid=two"} {
		if status, _ := ask(t, s, "GET", "/api/virtual_clients"+query, token, ""); status != 400 {
			t.Errorf("%s: status %d", query, status)
		}
	}
}

func TestSeedThatIsNone(t *testing.T) {
	if _, err := New(Options{Seed: []byte(`{"systems": 3}`)}); err == nil || !strings.Contains(err.Error(), "seed") {
		t.Error(err)
	}
}

func TestFaults(t *testing.T) {
	s := Start(t, Options{})
	token := logIn(t, s)
	if err := s.SetFaults("GET /virtual_clients:session-expire"); err != nil {
		t.Fatal(err)
	}
	for range 2 { // the fault ends the session for good
		if status, _ := ask(t, s, "GET", "/api/virtual_clients", token, ""); status != 401 {
			t.Error(status)
		}
	}
}
