package infinibox

import (
	"errors"
	"net/http"
)

// Accident is what happens to a question that one array asks the other, at the word of a test.
type Accident int

const (
	noAccident Accident = iota
	// Unreached loses the question on its way. The next one arrives.
	Unreached
	// Unheard loses the answer to what was carried out.
	Unheard
	// CutBefore is Unreached by a network that stays cut until RestoreLinks.
	CutBefore
	// CutAfter is Unheard by such a network.
	CutAfter
	// Gone finds nobody, from that question on until RestoreLinks.
	Gone
	// Failing has the other array answer with an internal error, and carry out nothing.
	Failing
	// Forbidden has it not know the user.
	Forbidden
)

// strike is an accident that is to happen, and the count of questions.
type strike struct {
	asked, at int
	what      Accident
	gone      bool // the partner is, for as long as RestoreLinks is not called
}

// errUnheard is where a question has arrived, and its answer has not.
var errUnheard = errors.New("the other array's answer is lost")

// Strike has an accident happen to the nth question, from 1, that this array asks the other one from now on. News that
// the two exchange beside are no questions.
func (s *Simulator) Strike(n int, what Accident) {
	s.array.mu.Lock()
	defer s.array.mu.Unlock()
	s.array.strike = strike{at: n, what: what}
}

// Questions counts those that this array has asked the other one since the last Strike, accidents among them.
func (s *Simulator) Questions() int {
	s.array.mu.Lock()
	defer s.array.mu.Unlock()
	return s.array.strike.asked
}

// befalls counts a question, and says what is to happen to it. News go the way that the last accident has left.
func (s *strike) befalls(verb string) Accident {
	if verb != "" {
		if s.asked++; s.asked == s.at {
			return s.what
		}
	}
	return noAccident
}

// answers tells whether the other array answers by itself that it does not do what is asked.
func (x Accident) answers() bool { return x == Failing || x == Forbidden }

// refusal is that answer.
func (x Accident) refusal() *refusalNote {
	if x == Forbidden {
		return &refusalNote{Code: errRemotePermission.code, Status: errRemotePermission.status, Message: errRemotePermission.message}
	}
	return &refusalNote{Code: "INTERNAL_SERVER_ERROR", Status: http.StatusInternalServerError, Message: "Internal Server Error"}
}

// unclear is an error of ask where the other array has maybe done what it was asked: what is to become of the replica, only a
// person can tell.
func unclear(err error, doing string) error {
	if errors.Is(err, errUnheard) {
		return conflict("REPLICA_PARTIAL_FAILURE", "Replica(s) %s failed, replica(s) status is unknown. User intervention is required.", doing)
	}
	return err
}

func isUnclear(err error) bool {
	var e *apiError
	return errors.As(err, &e) && e.code == "REPLICA_PARTIAL_FAILURE"
}
