package rest

import (
	"context"
	"net/http"
	"sync"
	"testing"
)

// together sends n requests at once and returns the statuses of their answers; 0 is an
// error.
func together(c *Client, n int) map[int]int {
	var wait sync.WaitGroup
	statuses := make([]int, n)
	for i := range n {
		wait.Go(func() {
			if response, err := c.Do(context.Background(), Request{Method: http.MethodGet, Path: "pools"}); err == nil {
				statuses[i] = response.Status
			}
		})
	}
	wait.Wait()
	count := map[int]int{}
	for _, s := range statuses {
		count[s]++
	}
	return count
}

func withPassword(c *Config) { c.Auth = Basic{"admin", "wrong"} }

// However many requests have a wrong password, the system sees one of them, and all
// end with its answer.
func TestWrongPasswordIsSentOnce(t *testing.T) {
	a := serve(t, status(http.StatusUnauthorized))
	c := client(t, a.URL, withPassword)
	if got := together(c, 535); got[http.StatusUnauthorized] != 535 || a.count() != 1 {
		t.Errorf("%v after %d log-ins", got, a.count())
	}
	response, err := c.Do(t.Context(), Request{Method: http.MethodPost, Path: "pools"})
	if err != nil || string(response.Body) != `{"status":401}` || a.count() != 1 {
		t.Error(response, err, a.count())
	}
}

// A password that is taken back while the provider runs is not tried on either.
func TestPasswordThatIsNoLongerRight(t *testing.T) {
	a := serve(t, status(http.StatusOK), status(http.StatusUnauthorized))
	c := client(t, a.URL, withPassword)
	together(c, 1)
	together(c, 1)
	if got := together(c, 20); got[http.StatusUnauthorized] != 20 || a.count() != 2 {
		t.Errorf("%v after %d requests", got, a.count())
	}
}

// An answer that looks at no password proves none.
func TestBusyProvesNoPassword(t *testing.T) {
	a := serve(t, status(http.StatusServiceUnavailable), status(http.StatusTemporaryRedirect), status(http.StatusUnauthorized))
	c := client(t, a.URL, withPassword)
	if got := together(c, 50); got[http.StatusUnauthorized] != 50 || a.count() != 3 {
		t.Errorf("%v after %d requests", got, a.count())
	}
}

// Requests without a password know no door.
func TestOtherCredentialsAreEachTried(t *testing.T) {
	a := serve(t, status(http.StatusUnauthorized))
	c := client(t, a.URL)
	if together(c, 5); a.count() != 5 {
		t.Errorf("%d requests", a.count())
	}
}

// Those who wait for the first request share its failure to reach the system: they
// would wait as long one after the other.
func TestUnreachableIsFoundOutTogether(t *testing.T) {
	a := serve(t, status(http.StatusOK))
	endpoint := a.URL
	a.Close()
	c := client(t, endpoint, withPassword)
	if got := together(c, 50); got[0] != 50 {
		t.Error(got)
	}
}
