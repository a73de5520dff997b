package unitrends

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// maxBody is the most that the appliance reads of a request, in bytes.
const maxBody = 1 << 20

// kinds are the kinds of virtual clients, which name the lists of a system.
var kinds = []string{"wir", "vm_ir", "hv_ir"}

// appliance is the state behind the API.
type appliance struct {
	username, password string
	life               time.Duration

	mu      sync.Mutex
	ahead   time.Duration
	tokens  map[string]time.Time // when each ends
	systems []map[string]any
}

// refusal is an error of the appliance.
type refusal struct {
	status  int
	message string
}

// ServeHTTP implements server.System.
func (a *appliance) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	a.mu.Lock()
	defer a.mu.Unlock()
	answer, refused := a.serve(w, r)
	if refused != nil {
		send(w, refused.status, failure(refused))
		return
	}
	send(w, http.StatusOK, answer)
}

func (a *appliance) serve(w http.ResponseWriter, r *http.Request) (any, *refusal) {
	route := a.Route(r.Method, r.URL.Path)
	if route == "/api/login" && r.Method == http.MethodPost {
		return a.logIn(w, r)
	}
	if a.now().After(a.tokens[r.Header.Get("AuthToken")]) {
		return nil, &refusal{http.StatusUnauthorized, "The authentication token is missing, invalid or expired."}
	}
	if route == "/api/virtual_clients" && r.Method == http.MethodGet {
		return a.virtualClients(r.URL.Query().Get("type"), r.URL.Query().Get("sid"))
	}
	return nil, &refusal{http.StatusNotFound, "No such API: " + r.Method + " " + r.URL.Path}
}

func (a *appliance) logIn(w http.ResponseWriter, r *http.Request) (any, *refusal) {
	var given struct {
		Username string `json:"username"`
		Password string `json:"password"`
	}
	if json.NewDecoder(http.MaxBytesReader(w, r.Body, maxBody)).Decode(&given) != nil {
		return nil, &refusal{http.StatusBadRequest, "The request is not JSON."}
	}
	if given.Username != a.username || given.Password != a.password {
		return nil, &refusal{http.StatusUnauthorized, "The username or password is incorrect."}
	}
	token := rand.Text() + "_)(" + rand.Text() // the characters of the reference's example
	a.tokens[token] = a.now().Add(a.life)
	return map[string]any{"auth_token": token}, nil
}

// virtualClients are the systems that the filters leave; of each all three lists, which may be empty.
func (a *appliance) virtualClients(kind, sid string) (any, *refusal) {
	if kind != "" && !slices.Contains(kinds, kind) {
		return nil, &refusal{http.StatusBadRequest, fmt.Sprintf("The type %q is none of %s.", kind, strings.Join(kinds, ", "))}
	}
	if _, err := strconv.ParseInt(sid, 10, 64); sid != "" && err != nil {
		return nil, &refusal{http.StatusBadRequest, fmt.Sprintf("The system id %q is not a number.", sid)}
	}
	data := []any{}
	for _, system := range a.systems {
		if sid != "" && fmt.Sprint(system["system_id"]) != sid {
			continue
		}
		shown := map[string]any{"system_id": system["system_id"], "system_name": system["system_name"]}
		for _, list := range kinds {
			shown[list] = system[list]
			if system[list] == nil || kind != "" && kind != list {
				shown[list] = []any{}
			}
		}
		data = append(data, shown)
	}
	return map[string]any{"data": data, "timestamp": a.now().Unix()}, nil
}

func (a *appliance) now() time.Time { return time.Now().Add(a.ahead) }

// Route implements server.System.
func (a *appliance) Route(_, path string) string {
	switch path = strings.TrimRight(path, "/"); path {
	case "/api/login", "/api/virtual_clients":
		return path
	}
	return "/?"
}

// Fault implements server.System.
func (a *appliance) Fault(status int) (string, []byte) {
	body, _ := json.Marshal(failure(&refusal{status, http.StatusText(status)}))
	return "application/json", body
}

// EndSession implements server.SessionEnder.
func (a *appliance) EndSession(r *http.Request) {
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.tokens, r.Header.Get("AuthToken"))
}

// failure is what a refusal looks like: a list of results, each with its message.
func failure(r *refusal) any {
	return map[string]any{"result": []any{map[string]any{"code": r.status, "message": r.message}}}
}

func send(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}
