package infinibox

import (
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"os"
	"path"
	"path/filepath"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
)

// passwords of the users of world.txt.
var passwords = map[string]string{
	"ann": "ann-12345", "infinidat": "123456", "admin": "123456", "technician": "123456", "pat": "pat-12345", "rob": "rob-12345",
}

// step is one request of a scenario and the code that it must be refused with.
type step struct {
	line                     string
	user, method, path, body string
	approved                 bool
	code                     string
}

// scenario is a story of its own, on an array of its own.
type scenario struct {
	title  string
	limits Limits
	mix    bool
	s3     bool
	pair   bool // there is another array, far, on the other side of links
	sync   time.Duration
	steps  []step
}

var stepLine = regexp.MustCompile(`^(?:([a-z]+|\?):)?(!?)([A-Z]+) (\S+)(?: (.*?))??(?: -> ([A-Z0-9_]+))?$`)

// readLines reads the lines of all files of testdata that a pattern names: each area may have its own.
func readLines(t *testing.T, pattern string) []string {
	t.Helper()
	names, err := filepath.Glob("testdata/" + pattern)
	if err != nil || len(names) == 0 {
		t.Fatalf("testdata/%s: %v", pattern, err)
	}
	var lines []string
	for _, name := range names {
		content, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.SplitSeq(string(content), "\n") {
			if line != "" && !strings.HasPrefix(line, "#") {
				lines = append(lines, line)
			}
		}
	}
	return lines
}

func readStep(t *testing.T, line string) step {
	t.Helper()
	m := stepLine.FindStringSubmatch(line)
	if m == nil {
		t.Fatalf("not a step: %s", line)
	}
	s := step{line: line, user: m[1], approved: m[2] == "!", method: m[3], path: m[4], body: m[5], code: m[6]}
	if s.user == "" {
		s.user = "admin"
	}
	return s
}

func readScenarios(t *testing.T) []scenario {
	t.Helper()
	var scenarios []scenario
	for _, line := range readLines(t, "refusals*.txt") {
		if title, ok := strings.CutPrefix(line, "== "); ok {
			scenarios = append(scenarios, readTitle(t, title))
			continue
		}
		last := &scenarios[len(scenarios)-1]
		last.steps = append(last.steps, readStep(t, line))
	}
	return scenarios
}

// readTitle takes the limits off a title.
func readTitle(t *testing.T, title string) scenario {
	t.Helper()
	s := scenario{}
	var words []string
	for word := range strings.FieldsSeq(title) {
		name, value, ok := strings.Cut(word, "=")
		if !ok {
			words = append(words, word)
			continue
		}
		if name == "pair" {
			seconds, err := strconv.Atoi(value)
			if err != nil {
				t.Fatal(err)
			}
			s.pair, s.sync = true, time.Duration(seconds)*time.Second
			continue
		}
		if name == "allow_mix" || name == "s3" {
			s.mix, s.s3 = s.mix || name == "allow_mix", s.s3 || name == "s3"
			continue
		}
		if err := json.Unmarshal([]byte(fmt.Sprintf(`{%q: %s}`, name, value)), &s.limits); err != nil {
			t.Fatal(err)
		}
		if !hasLimit(name) {
			t.Fatalf("there is no limit %s", name)
		}
	}
	s.title = strings.Join(words, " ")
	return s
}

func hasLimit(name string) bool {
	for field := range reflect.TypeFor[Limits]().Fields() {
		if field.Tag.Get("json") == name {
			return true
		}
	}
	return false
}

// ask sends a step and returns the status and the body of the answer.
func (s step) ask(a *Array) (int, []byte) {
	body, contentType := s.content(a)
	r := httptest.NewRequest(s.method, root+"/"+s.path, strings.NewReader(body))
	r.Header.Set("Content-Type", contentType)
	if s.user != "?" {
		r.SetBasicAuth(s.user, passwords[s.user])
	}
	if s.approved {
		query := r.URL.Query()
		query.Set("approved", "yes")
		r.URL.RawQuery = query.Encode()
	}
	w := httptest.NewRecorder()
	a.ServeHTTP(w, r)
	return w.Code, w.Body.Bytes()
}

// take sends a step and returns the status and the refusal.
func (s step) take(t *testing.T, a *Array) (status int, code, message string) {
	t.Helper()
	if s.method == "SEED" {
		return s.plant(t, a), "", ""
	}
	now := time.Now().UnixMilli()
	for word, hours := range map[string]int64{"IN_AN_HOUR": 1, "IN_A_DAY": 24, "IN_TWO_YEARS": 2 * 365 * 24} {
		moment := strconv.FormatInt(now+hours*3600000, 10)
		s.path, s.body = strings.ReplaceAll(s.path, word, moment), strings.ReplaceAll(s.body, word, moment)
	}
	status, body := s.ask(a)
	var answer struct {
		Error *struct{ Code, Message string }
	}
	if err := json.Unmarshal(body, &answer); err != nil {
		t.Fatalf("%s: %v in %s", s.line, err, body)
	}
	if answer.Error == nil {
		return status, "", ""
	}
	return status, answer.Error.Code, answer.Error.Message
}

// plant seeds what no request can make, and puts the clock ahead.
func (s step) plant(t *testing.T, a *Array) int {
	t.Helper()
	var seed struct {
		Seed
		Hours int `json:"advance_hours"`
	}
	if err := json.Unmarshal([]byte(s.body), &seed); err != nil {
		t.Fatalf("%s: %v", s.line, err)
	}
	if err := a.plant(seed.Seed); err != nil {
		t.Fatalf("%s: %v", s.line, err)
	}
	a.ahead += time.Duration(seed.Hours) * time.Hour
	return 200
}

// world is an array as world.txt builds it.
func world(t *testing.T, o Options) *Array {
	t.Helper()
	o.Username, o.Password = "admin", "123456"
	limits := o.Limits.withDefaults()
	o.Limits = Limits{}
	a := newArray(o)
	for _, line := range readLines(t, "world.txt") {
		if status, code, _ := readStep(t, line).take(t, a); status >= 300 {
			t.Fatalf("world: %s: %d %s", line, status, code)
		}
	}
	a.limits = limits // the world itself may be larger than a scenario allows
	return a
}

// buildPair gives two worlds what pair.txt says.
func buildPair(t *testing.T, near, far *Array) {
	t.Helper()
	for _, line := range readLines(t, "pair.txt") {
		s, a := readStep(t, line), near
		if s.user == "far" {
			a, s.user = far, "admin"
		}
		if status, code, _ := s.take(t, a); status >= 300 {
			t.Fatalf("pair: %s: %d %s", line, status, code)
		}
	}
}

// refusal is what the reference says of one: its status, and an example of its message.
type refusal struct {
	status  int
	message string
}

// documented are the refusals of the reference, by "METHOD PATH CODE".
func documented(t *testing.T) map[string]refusal {
	t.Helper()
	all := map[string]refusal{}
	for _, line := range readLines(t, "errors*.txt") {
		words := strings.SplitN(line, " ", 5)
		status, err := strconv.Atoi(words[3])
		if err != nil {
			t.Fatal(err)
		}
		all[words[0]+" "+anonymous(words[1])+" "+words[2]] = refusal{status, words[4]}
	}
	return all
}

// particulars are the parts of a message that differ from case to case: names in quotes, values in brackets, sizes.
var particulars = regexp.MustCompile(`'[^']*'|\([^)]*\)|\[[^\]]*\]|-?\d+(\.\d+)?[KMGTP]?B?`)

// shape is a message without its particulars.
func shape(message string) string { return particulars.ReplaceAllString(message, "~") }

// alike compares messages by their shapes. The reference cuts some short, and lengthens others with a reason.
func alike(one, other string) bool {
	return strings.HasPrefix(shape(one), shape(other)) || strings.HasPrefix(shape(other), shape(one))
}

var parameter = regexp.MustCompile(`\{[^}]*\}`)

// anonymous is a route without the names of its parameters, which the reference gives now so, now so.
func anonymous(route string) string {
	return strings.TrimSuffix(parameter.ReplaceAllString(strings.TrimPrefix(route, root), "{}"), "/")
}

// otherReasons are refusals whose message tells one of several reasons, of which the reference shows one.
var otherReasons = map[string]bool{
	"CHAP_SECURITY_CONDITION_NOT_MET": true, // names the host without quotes, and what is missing
	"ILLEGAL_RESTORE_REQUEST":         true, // names the volumes without quotes
	"ILLEGAL_FS_RESTORE_REQUEST":      true, // names the filesystems without quotes
	"SNAPSHOT_LOCK_FORBIDDEN":         true, // write-enabled, or member of a group
	"ILLEGAL_POOL_TYPE":               true, // a pool for vVols or for S3
	"QOS_EXPECTED_ENTITY_NOT_FOUND":   true, // names the type without quotes
	"ILLEGAL_NODE_STATE":              true, // names the state without quotes
	"NET_SPACE_GATEWAY_CONFLICT":      true, // with the network's own address, or with its broadcast address

	"ENTITY_ALREADY_ASSIGNED_TO_SNAPSHOT_POLICY":       true, // a volume, a filesystem or a group
	"USER_IS_FORBIDDEN":                                true, // what the user may not modify
	"APPROVAL_REQUIRED":                                true, // a volume or a snapshot
	"SOURCE_DATASET_IS_REPLICATED":                     true, // names the volume without quotes
	"TARGET_DATASET_IS_REPLICATED":                     true, // names the volume without quotes
	"CG_DATASET_DELETE_NOT_ALLOWED":                    true, // names volume and group without quotes
	"VVOL_CANNOT_BE_DELETED":                           true, // names the replication group without quotes
	"QOS_POLICY_INVALID_MAX_LIMIT":                     true, // max_ops or max_bps
	"QOS_POLICY_INVALID_BURST_PARAMETER":               true, // a number or null
	"SSO_IDENTITY_PROVIDER_INVALID_VALUE":              true, // which value
	"UNAUTHORIZED":                                     true, // names the role, or says that privileges do not suffice
	"DACL_COMMAND_FAILED":                              true, // why it failed
	"SHARE_ILLEGAL_VALUE":                              true, // the field
	"INVALID_SMB_LEASE_BREAK_TIMEOUT":                  true, // the reference's example has no number
	"WITNESS_CANNOT_BE_REMOVED":                        true, // names the systems without quotes
	"REPLICATION_GROUP_ALREADY_REPLICATED":             true, // names the group without quotes
	"LINK_ERROR":                                       true, // names the system without quotes
	"REPLICA_INCONSISTENT_BASE_SIZE":                   true, // names the volumes without quotes
	"REPLICA_UNSUPPORTED_FEATURE":                      true, // which feature
	"CG_BASE_SNAPSHOT_NOT_FOUND":                       true, // names the group without quotes
	"REPLICA_INVALID_LINK":                             true, // detached, or not fit for the type
	"INVALID_LOCK_DURATION_EXCEEDS_SNAPSHOT_RETENTION": true, // a snapshot or a snapshot group
	"VOLUME_CANNOT_BE_RESIZED_ACTIVE_AA_REPLICA":       true, // this and the next four name the volume without quotes
	"VOLUME_REPLICA_CANNOT_BE_RESIZED_ON_LOCAL_SYSTEM": true,
	"SET_PREFERRED_ACTIVE_AA_REPLICA":                  true,
	"SET_PREFERRED_AA_REPLICA_FROM_LAGGING_SIDE":       true,
	"REMOVE_MEMBER_AA_REPLICA_FROM_LAGGING_SIDE":       true,
}

// TestRefusals plays all scenarios, and asks that they reach every documented refusal but those of unreachable.txt.
func TestRefusals(t *testing.T) {
	statuses := documented(t)
	reached := map[string]bool{}
	for _, scenario := range readScenarios(t) {
		t.Run(scenario.title, func(t *testing.T) {
			near := world(t, Options{Limits: scenario.limits, AllowProtocolMix: scenario.mix, S3: scenario.s3, SyncTime: scenario.sync, SystemName: "near", Serial: 1})
			var far *Array
			if scenario.pair {
				far = world(t, Options{SystemName: "far", Serial: 2, SyncTime: scenario.sync})
				near.partner, far.partner = inProcess{far}, inProcess{near}
				buildPair(t, near, far)
			}
			for _, s := range scenario.steps {
				a := near
				if s.user == "far" {
					a, s.user = far, "admin"
				}
				status, code, message := s.take(t, a)
				if code != s.code || s.code == "" && status >= 300 {
					t.Errorf("%s\n\tgot %d %s", s.line, status, code)
					continue
				}
				plain, _, _ := strings.Cut(s.path, "?")
				key := s.method + " " + anonymous(a.Route(s.method, root+"/"+plain)) + " " + code
				want, ok := statuses[key]
				if ok && want.status != status {
					t.Errorf("%s\n\tgot status %d, the reference says %d", s.line, status, want.status)
				}
				if ok && !alike(want.message, message) && !otherReasons[code] {
					t.Errorf("%s\n\tgot      %s\n\texpected %s", s.line, message, want.message)
				}
				reached[key] = true
			}
		})
	}
	excuses := readExcuses(t)
	for key := range statuses {
		excuse := find(excuses, key)
		switch {
		case reached[key] && excuse != nil && !strings.Contains(excuse.pattern, "*"):
			t.Errorf("%s is reached, and yet excused: %s", key, excuse.reason)
		case !reached[key] && excuse == nil:
			t.Errorf("%s is never reached, and there is no reason why", key)
		case !reached[key]:
			excuse.used = true
		}
	}
	for _, excuse := range excuses {
		if !excuse.used {
			t.Errorf("nothing needs the excuse %s", excuse.pattern)
		}
	}
}

// excuse is why refusals of a pattern are not reached.
type excuse struct {
	pattern, reason string
	used            bool
}

func readExcuses(t *testing.T) []*excuse {
	t.Helper()
	var excuses []*excuse
	reason := ""
	for _, line := range readLines(t, "unreachable*.txt") {
		if title, ok := strings.CutPrefix(line, "== "); ok {
			reason = title
			continue
		}
		words := strings.Fields(line)
		excuses = append(excuses, &excuse{pattern: words[0] + " " + anonymous(words[1]) + " " + words[2], reason: reason})
	}
	return excuses
}

func find(excuses []*excuse, key string) *excuse {
	for _, e := range excuses {
		// path.Match takes a slash for a border; here it is a character like any other.
		pattern, plain := strings.ReplaceAll(e.pattern, "/", "|"), strings.ReplaceAll(key, "/", "|")
		if ok, err := path.Match(pattern, plain); ok && err == nil {
			return e
		}
	}
	return nil
}
