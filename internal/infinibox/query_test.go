package infinibox

import (
	"fmt"
	"io"
	"log"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/rest"
)

var quiet = log.New(io.Discard, "", 0)

func responseOf(status int, body string) *rest.Response {
	return &rest.Response{Status: status, Body: []byte(body)}
}

func TestCondition(t *testing.T) {
	for _, test := range []struct {
		operator api.Operator
		values   []string
		want     string // "" for an error
	}{
		{api.Equal, []string{"a b:c,(d)"}, "eq:a b:c,(d)"},
		{api.NotEqual, []string{"x"}, "neq:x"},
		{api.Less, []string{"1"}, "lt:1"},
		{api.LessOrEqual, []string{"1"}, "leq:1"},
		{api.Greater, []string{"1"}, "gt:1"},
		{api.GreaterOrEqual, []string{"1"}, "geq:1"},
		{api.Like, []string{"db"}, "like:db"},
		{api.IsNull, nil, "is:null"},
		{api.IsNotNull, nil, "isnot:null"},
		{api.In, []string{"1"}, "in:(1)"},
		{api.In, []string{"1", "2", "c"}, "in:(1,2,c)"},
		{api.NotIn, []string{"1", "2"}, "notin:(1,2)"},
		{api.Between, []string{"5", "10"}, "between:[5,10]"},

		{api.Equal, nil, ""},
		{api.Equal, []string{"a", "b"}, ""},
		{api.IsNull, []string{"null"}, ""},
		{api.In, nil, ""},
		{api.In, []string{"a,b"}, ""},
		{api.NotIn, []string{"a)"}, ""},
		{api.In, []string{""}, ""},
		{api.In, []string{" a"}, ""},
		{api.Between, []string{"1"}, ""},
		{api.Between, []string{"1", "2", "3"}, ""},
		{api.Between, []string{"[1", "2"}, ""},
		{"near", []string{"1"}, ""},
		{"", []string{"1"}, ""},
	} {
		got, err := condition(api.Filter{Field: "f", Operator: test.operator, Values: test.values})
		if (err != nil) != (test.want == "") || err == nil && got != test.want {
			t.Errorf("%s %q: %q, %v", test.operator, test.values, got, err)
		}
	}
}

func TestParameters(t *testing.T) {
	own := url.Values{"tenant": {"1"}}
	p, err := parameters(api.Query{
		Filters: []api.Filter{
			{Field: "size", Operator: api.Greater, Values: []string{"1"}},
			{Field: "size", Operator: api.Less, Values: []string{"9"}},
			{Field: "name", Operator: api.Equal, Values: []string{"a&b=c"}},
		},
		Sort: []string{"-size", "name"}, Fields: []string{"id", "nas.x"}, Params: own,
	})
	if err != nil {
		t.Fatal(err)
	}
	const want = "fields=id%2Cnas.x&name=eq%3Aa%26b%3Dc&size=gt%3A1&size=lt%3A9&sort=-size%2Cname&tenant=1"
	if got := p.Encode(); got != want || len(own) != 1 {
		t.Error(got)
	}
	for _, q := range []api.Query{
		{Filters: []api.Filter{{Field: "page", Operator: api.IsNull}}},
		{Filters: []api.Filter{{Field: "approved", Operator: api.Equal, Values: []string{"yes"}}}},
		{Filters: []api.Filter{{Field: "a&b", Operator: api.IsNull}}},
		{Filters: []api.Filter{{Operator: api.IsNull}}},
		{Sort: []string{"--a"}},
		{Sort: []string{"a,b"}},
		{Fields: []string{""}},
	} {
		if _, err := parameters(q); err == nil {
			t.Errorf("%+v was accepted", q)
		}
	}
}

func FuzzCondition(f *testing.F) {
	for _, o := range []api.Operator{api.Equal, api.In, api.Between, api.IsNull, api.Like} {
		f.Add(string(o), "a", "b,c")
	}
	f.Fuzz(func(t *testing.T, operator, a, b string) {
		p, err := parameters(api.Query{Filters: []api.Filter{{Field: "f", Operator: api.Operator(operator), Values: []string{a, b}}}})
		if err != nil {
			return
		}
		// Whatever is accepted comes out as the same two values.
		back, err := url.ParseQuery(p.Encode())
		if err != nil || len(back) != 1 {
			t.Fatal(back, err)
		}
		_, list, _ := strings.Cut(back.Get("f"), ":")
		if got := strings.Split(list[1:len(list)-1], ","); len(got) != 2 || got[0] != a || got[1] != b {
			t.Errorf("%q became %q", []string{a, b}, got)
		}
	})
}

// collection serves pages of the ids that are there at each request.
func collection(ids func(request int) []int) http.HandlerFunc {
	request := 0
	return func(w http.ResponseWriter, r *http.Request) {
		request++
		answerPage(w, r, ids(request))
	}
}

func answerPage(w http.ResponseWriter, r *http.Request, ids []int) {
	size, _ := strconv.Atoi(r.URL.Query().Get("page_size"))
	number, _ := strconv.Atoi(r.URL.Query().Get("page"))
	if size < 1 || size > 1000 {
		refuse(400, "MAX_PAGE_SIZE_VIOLATION", "x")(w, r)
		return
	}
	from, to := min((number-1)*size, len(ids)), min(number*size, len(ids))
	items := make([]string, 0, size)
	for _, id := range ids[from:to] {
		items = append(items, fmt.Sprintf(`{"id":%d,"name":"v%d"}`, id, id))
	}
	fmt.Fprintf(w, `{"result":[%s],"error":null,"metadata":{"ready":true,"page":%d,"page_size":%d,"pages_total":%d,"number_of_objects":%d}}`,
		strings.Join(items, ","), number, size, (len(ids)+size-1)/size, len(ids))
}

func upTo(n int) []int {
	ids := make([]int, n)
	for i := range ids {
		ids[i] = i + 1
	}
	return ids
}

func listIDs(t *testing.T, c *Client, q api.Query) (ids []string, err error) {
	t.Helper()
	for object, err := range c.List(t.Context(), "volumes", q) {
		if err != nil {
			return ids, err
		}
		ids = append(ids, fmt.Sprint(object["id"]))
	}
	return ids, nil
}

func TestList(t *testing.T) {
	for _, test := range []struct{ objects, limit, want, requests int }{
		{0, 0, 0, 1}, {1, 0, 1, 1}, {1000, 0, 1000, 1}, {1001, 0, 1001, 2}, {2500, 0, 2500, 3},
		{2500, 1, 1, 1}, {2500, 1000, 1000, 1}, {2500, 1001, 1001, 2}, {5, 7, 5, 1},
	} {
		b := newBox(t, collection(func(int) []int { return upTo(test.objects) }))
		ids, err := listIDs(t, newClient(t, b), api.Query{Limit: test.limit})
		if err != nil || len(ids) != test.want || len(b.log()) != test.requests {
			t.Errorf("%+v: %d objects by %d requests, %v", test, len(ids), len(b.log()), err)
		}
	}
}

func TestListOfWhatChanges(t *testing.T) {
	// Between page 1 and 2, id 1 goes: 1001 shifts to page 1.
	b := newBox(t, collection(func(request int) []int {
		if request == 1 {
			return upTo(1500)
		}
		return upTo(1500)[1:]
	}))
	ids, err := listIDs(t, newClient(t, b), api.Query{})
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]int{}
	for _, id := range ids {
		seen[id]++
	}
	if len(seen) != len(ids) || len(ids) < 1499 {
		t.Errorf("%d objects, %d different", len(ids), len(seen))
	}

	// Between page 1 and 2, another comes to the front: one shows twice.
	b = newBox(t, collection(func(request int) []int {
		if request == 1 {
			return upTo(1500)
		}
		return append([]int{9999}, upTo(1500)...)
	}))
	if ids, err = listIDs(t, newClient(t, b), api.Query{}); err != nil || len(ids) != 1501 {
		t.Errorf("%d objects, %v", len(ids), err)
	}
}

func TestListErrors(t *testing.T) {
	ok := func(w http.ResponseWriter, r *http.Request) { answerPage(w, r, upTo(1500)) }
	b := newBox(t, inSequence(ok, refuse(403, "UNAUTHORIZED", "x")))
	ids, err := listIDs(t, newClient(t, b), api.Query{})
	if len(ids) != 1000 || api.ReasonOf(err) != api.Forbidden {
		t.Error(len(ids), err)
	}
	for _, body := range []string{`{"result":{},"metadata":{"ready":true}}`, `{"result":["a"],"metadata":{"ready":true}}`} {
		if _, err := listIDs(t, newClient(t, newBox(t, say(200, body))), api.Query{}); err == nil {
			t.Errorf("%s was accepted", body)
		}
	}
	b = newBox(t, ok)
	if _, err := listIDs(t, newClient(t, b), api.Query{Filters: []api.Filter{{Field: "a", Operator: api.In}}}); err == nil || len(b.log()) != 0 {
		t.Error(b.log(), err)
	}
	for range newClient(t, b).List(t.Context(), "volumes", api.Query{}) { //nolint:errcheck // what is sent matters here
		break
	}
	if len(b.log()) != 1 {
		t.Error(b.log())
	}
}
