package infinibox

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

// Two arrays that know each other exchange parcels. An array lets its lock go while it waits for the other one, and what
// arrives is answered without asking back, so that neither ever waits for a lock that the other one holds.

// partner is the array on the other side of links, as this one reaches it.
type partner interface {
	// carry brings a parcel there and the answer back. It fails with errCut where only the network is broken, and with
	// another error where there is nobody.
	carry(parcel []byte) ([]byte, error)
}

var (
	errCut  = errors.New("the network to the other array is cut")
	errGone = errors.New("the other array does not answer")
)

// contact is how the array last found its partner.
type contact int

const (
	together contact = iota
	parted           // the network is cut; a witness still reaches both
	alone            // the other array is gone
)

// parcel is what one array sends to the other: news of what both share, and maybe a question.
type parcel struct {
	Serial    int             `json:"serial"`
	URL       string          `json:"url"` // of the sender
	Login     *login          `json:"login,omitempty"`
	Verb      string          `json:"verb,omitempty"`
	Arguments json.RawMessage `json:"arguments,omitempty"`
	News      news            `json:"news"`
}

// login is who asks, by the credentials that the other array is to check.
type login struct {
	Authorization string `json:"authorization"` // as the header of that name
	Trusted       bool   `json:"trusted"`       // the administrator of Simulator.Do
}

// reply is the answer to a parcel.
type reply struct {
	Serial  int             `json:"serial"`
	Name    string          `json:"name"`
	Refusal *refusalNote    `json:"refusal,omitempty"`
	Result  json.RawMessage `json:"result,omitempty"`
	News    news            `json:"news"`
}

// refusalNote is an apiError on its way.
type refusalNote struct {
	Code    string `json:"code"`
	Status  int    `json:"status"`
	Message string `json:"message"`
}

// remoteError is a refusal by the other array.
type remoteError struct{ *apiError }

func (e remoteError) Unwrap() error { return e.apiError }

// visit is a question that has arrived.
type visit struct {
	a    *Array
	by   *login
	user Object // who asks, as a user of this array; nil where that is not known or not needed
	body json.RawMessage
}

// errRemotePermission is the answer to who is not known on the other array.
var errRemotePermission = &apiError{"REMOTE_PERMISSION_REQUIRED", http.StatusForbidden, "The operation failed as it requires permission on the remote system"}

// verbs are the questions that an array answers to its partner.
func (a *Array) verbs() map[string]func(v *visit) (any, error) {
	return map[string]func(v *visit) (any, error){
		"api":             a.answerRemoteCall,
		"permit":          func(v *visit) (any, error) { return nil, v.needUser() },
		"link/create":     a.acceptLink,
		"link/refresh":    a.describeLink,
		"link/witness":    a.acceptWitness,
		"link/delete":     a.dropLinkFor,
		"replica/create":  a.acceptReplica,
		"replica/delete":  a.dropReplicaFor,
		"replica/change":  a.changeReplicaFor,
		"replica/member":  a.acceptMember,
		"replica/dismiss": a.dismissMember,
		"rg/create":       a.acceptGroupReplica,
		"rg/delete":       a.dropGroupReplicaFor,
	}
}

// read takes the arguments of a question.
func (v *visit) read(into any) error { return json.Unmarshal(v.body, into) }

// needUser refuses a visitor who is no user here.
func (v *visit) needUser() error {
	if v.user == nil {
		return errRemotePermission
	}
	return nil
}

// request is the visit as a request of its user here, approved.
func (v *visit) request(method string) *request {
	return &request{
		a: v.a, method: method, user: v.user, query: map[string][]string{"approved": {"yes"}},
		header: http.Header{}, response: http.Header{}, remote: "127.0.0.1",
	}
}

// ask puts a question to the other array and reads the result. The array's lock is free meanwhile.
func (a *Array) ask(by *login, verb string, arguments, result any) error {
	if a.partner == nil {
		return errGone
	}
	encoded, err := json.Marshal(arguments)
	if err != nil {
		return err
	}
	befallen := a.strike.befalls(verb)
	if befallen.answers() {
		verb = "" // only the news arrive
	}
	sent, err := json.Marshal(parcel{Serial: a.serial, URL: a.url, Login: by, Verb: verb, Arguments: encoded, News: a.report()})
	if err != nil {
		return err
	}
	answer, err := a.send(sent, befallen)
	if err != nil {
		return err
	}
	var r reply
	if err := json.Unmarshal(answer, &r); err != nil {
		return fmt.Errorf("the other array's answer: %w", err)
	}
	if befallen.answers() {
		r.Refusal = befallen.refusal()
	}
	a.hear(r.News)
	switch {
	case r.Refusal != nil && r.Refusal.Code == errRemotePermission.code:
		return remoteError{errRemotePermission}
	case r.Refusal != nil && r.Refusal.Status >= http.StatusInternalServerError:
		return remoteError{&apiError{"REMOTE_API_FAILURE", http.StatusConflict, fmt.Sprintf("Error on '%s': %s", r.Name, r.Refusal.Message)}}
	case r.Refusal != nil:
		return remoteError{&apiError{r.Refusal.Code, r.Refusal.Status, fmt.Sprintf("Error on '%s': %s", r.Name, r.Refusal.Message)}}
	case result == nil:
		return nil
	}
	return json.Unmarshal(r.Result, result)
}

// send carries a parcel, without the lock, and notes whether there was anybody.
func (a *Array) send(sent []byte, befallen Accident) ([]byte, error) {
	a.cut, a.strike.gone = a.cut || befallen == CutBefore, a.strike.gone || befallen == Gone
	switch {
	case a.cut || befallen == Unreached:
		a.meet(parted)
		return nil, errCut
	case a.strike.gone:
		a.meet(alone)
		return nil, errGone
	}
	to, actor := a.partner, a.actor
	a.mu.Unlock()
	answer, err := to.carry(sent)
	a.mu.Lock()
	a.actor = actor // others have acted meanwhile
	if befallen == Unheard || befallen == CutAfter {
		a.cut = a.cut || befallen == CutAfter
		answer, err = nil, errUnheard
	}
	switch {
	case err == nil:
		a.meet(together)
	case errors.Is(err, errCut), errors.Is(err, errUnheard):
		a.meet(parted)
	default:
		a.meet(alone)
	}
	return answer, err
}

// meet notes how the other array was found.
func (a *Array) meet(found contact) {
	if found == a.contact {
		return
	}
	a.contact, a.nextEvent = found, 0
	for _, o := range a.links.objects {
		o["last_connection_timestamp"] = nil
		if found != together {
			o["last_connection_timestamp"] = a.clock()
		}
	}
}

// receive answers a parcel.
func (a *Array) receive(sent []byte) ([]byte, error) {
	var p parcel
	if err := json.Unmarshal(sent, &p); err != nil {
		return nil, err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	switch {
	case a.down, a.strike.gone:
		return nil, errGone
	case a.cut:
		a.meet(parted)
		return nil, errCut
	}
	if a.partner == nil && p.URL != "" {
		a.partner = distant{p.URL}
	}
	a.meet(together)
	a.hear(p.News)
	a.catchUp()
	r := reply{Serial: a.serial, Name: a.systemName}
	if p.Verb != "" {
		result, err := a.attend(&p)
		if err != nil {
			var e *apiError
			if !errors.As(err, &e) {
				e = &apiError{"INTERNAL_SERVER_ERROR", http.StatusInternalServerError, err.Error()}
			}
			r.Refusal = &refusalNote{e.code, e.status, e.message}
		} else if r.Result, err = json.Marshal(result); err != nil {
			return nil, err
		}
	}
	r.News = a.report()
	return json.Marshal(r)
}

// attend answers the question of a parcel.
func (a *Array) attend(p *parcel) (any, error) {
	answer := a.verbs()[p.Verb]
	if answer == nil {
		return nil, errUnknownPath
	}
	v := &visit{a: a, by: p.Login, body: p.Arguments}
	if p.Login != nil {
		v.user = a.visitor(p.Login)
	}
	return answer(v)
}

// visitor is the user whom the credentials are good for, or nil.
func (a *Array) visitor(by *login) Object {
	if by.Trusted {
		return a.userByName(a.login)
	}
	name, password, ok := (&http.Request{Header: http.Header{"Authorization": {by.Authorization}}}).BasicAuth()
	if !ok {
		return nil
	}
	return a.signIn(name, password)
}

// remoteLogin is who a request asks the other array as: by the credentials that it has for that, or by its own.
func (rq *request) remoteLogin() *login {
	if rq.trusted {
		return &login{Trusted: true}
	}
	if given := rq.header.Get("X-Remote-Authorization"); given != "" {
		return &login{Authorization: given}
	}
	if given := rq.header.Get("Authorization"); given != "" {
		return &login{Authorization: given}
	}
	if cookie, err := (&http.Request{Header: rq.header}).Cookie(sessionCookie); err == nil {
		if s := rq.a.sessions[cookie.Value]; s != nil {
			return &login{Authorization: s.authorization}
		}
	}
	return &login{}
}

// isAway tells whether an error means that the other array was not reached.
func isAway(err error) bool {
	var e *apiError
	return err != nil && !errors.As(err, &e)
}

// errLinkIO is the answer when the other array was not reached.
func errLinkIO(link Object) error {
	return conflict("LINK_IO_ERROR", "I/O error when trying to communicate with remote system '%s'", link.text("remote_system_name"))
}

// linked is an error of ask, as a client sees it.
func linked(link Object, err error) error {
	if isAway(err) {
		return errLinkIO(link)
	}
	return err
}

// catchUpTogether brings the array to its present: what the other array has to tell, what was due by itself, and
// what of it the other array should know.
func (a *Array) catchUpTogether() {
	shares := a.partner != nil && len(a.links.objects) > 0
	if shares {
		_ = a.ask(nil, "", nil, nil) // whether it answers is noted
	}
	before := a.turns
	a.catchUp()
	if shares && a.turns != before {
		_ = a.ask(nil, "", nil, nil)
	}
}

// inProcess is a partner in the same process.
type inProcess struct{ a *Array }

func (n inProcess) carry(parcel []byte) ([]byte, error) { return n.a.receive(parcel) }

// distant is a partner that is reached over HTTP, by its URL.
type distant struct{ url string }

// peerPath is where parcels are sent to. Real arrays replicate over a protocol of their own.
const peerPath = "/_peer"

// peerPatience is how long an array waits for the other one.
const peerPatience = 30 * time.Second

var peerClient = &http.Client{Timeout: peerPatience}

func (d distant) carry(parcel []byte) ([]byte, error) {
	r, err := http.NewRequestWithContext(context.Background(), http.MethodPost, strings.TrimSuffix(d.url, "/")+peerPath, bytes.NewReader(parcel))
	if err != nil {
		return nil, err
	}
	answer, err := peerClient.Do(r)
	if err != nil {
		return nil, err
	}
	defer func() { _ = answer.Body.Close() }()
	body, err := io.ReadAll(answer.Body)
	switch {
	case err != nil:
		return nil, errUnheard
	case answer.StatusCode == http.StatusServiceUnavailable:
		return nil, errCut
	case answer.StatusCode != http.StatusOK:
		return nil, fmt.Errorf("the other array answers %s", answer.Status)
	}
	return body, nil
}

// servePeer answers a parcel that came over HTTP.
func (a *Array) servePeer(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(nil, r.Body, maxBody))
	if err == nil {
		body, err = a.receive(body)
	}
	switch {
	case errors.Is(err, errCut):
		w.WriteHeader(http.StatusServiceUnavailable)
	case err != nil:
		w.WriteHeader(http.StatusBadRequest)
	default:
		_, _ = w.Write(body)
	}
}

// Backstage tells whether a request is between simulators, and no client's.
func (*Array) Backstage(r *http.Request) bool { return r.URL.Path == peerPath }

// acquaint lets two simulators of one process know each other as the arrays on both sides of links.
func acquaint(one, other *Simulator) {
	one.array.knows(inProcess{other.array})
	other.array.knows(inProcess{one.array})
}

func (a *Array) knows(p partner) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.partner = p
}

// Advance puts the array's clock ahead: locks expire, schedules take their snapshots, replicas are synchronized and
// retention ends, all as if the time had been waited for. The clock of a partner in the same process goes with it.
func (s *Simulator) Advance(d time.Duration) {
	a := s.array
	a.mu.Lock()
	a.catchUpTogether()
	a.ahead += d
	n, ok := a.partner.(inProcess)
	a.mu.Unlock()
	if ok {
		n.a.mu.Lock()
		n.a.ahead += d
		n.a.mu.Unlock()
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.catchUpTogether()
}

// Close stops serving and drops what is open. For a partner the array is gone.
func (s *Simulator) Close() error {
	s.leave()
	return s.Server.Close()
}

// Shutdown stops serving once the requests under way are answered.
func (s *Simulator) Shutdown(ctx context.Context) error {
	s.leave()
	return s.Server.Shutdown(ctx)
}

func (s *Simulator) leave() {
	s.array.mu.Lock()
	defer s.array.mu.Unlock()
	s.array.down = true
}

// CutLinks breaks the network that links go over, until RestoreLinks. Both arrays go on, each by itself.
func (s *Simulator) CutLinks() { s.setCut(true) }

// RestoreLinks mends the network that links go over, and what Strike has done.
func (s *Simulator) RestoreLinks() { s.setCut(false) }

func (s *Simulator) setCut(cut bool) {
	s.array.mu.Lock()
	defer s.array.mu.Unlock()
	s.array.cut = cut
	if cut {
		s.array.meet(parted)
		return
	}
	s.array.strike = strike{}
	s.array.catchUpTogether()
}
