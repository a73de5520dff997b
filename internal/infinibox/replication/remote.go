package replication

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox/common"
)

// remotePath is where an array takes requests for the one at the other end of a link.
const remotePath = "remote"

// asWhom says whose rights a request has on the other array.
const asWhom = " The other array wants a user of its own: one of the same name and password as here, or the provider's `remote_username` and `remote_password`, which are sent where it asks for them."

// toRemote are the arguments that say what is asked of the other array.
var toRemote = entity.Facts{
	entity.Ref("link_id").Optional().To("link").Doc("The id of the link to the other array."),
	entity.Text("host").Optional().LongestOf(255).Checked("the name or address of an array", checkHost).
		Doc("The other array's name or address, as a link to it has it. In place of `link_id`."),
	entity.Text("path").Required().Checked("a path below api/rest", checkPath).
		Doc("What is asked for, below `api/rest`, such as `\"pools\"` or `\"volumes/1001\"`."),
	entity.Pairs("query").Optional().Doc("The parameters of the request, such as `{ name = \"eq:db\", fields = \"id,name\" }`."),
}

// Remote reads from the array at the other end of a link.
var Remote = entity.Lookup{
	System: common.System, Name: "remote", What: "answer of the remote array",
	Doc: "What the array at the other end of a link answers to a read of its API: for a configuration that works with one array and has to know something of the other, such as the id of a pool there. " +
		"Where both are in Terraform, a second `alias` of the provider and its data sources are better. The answer is kept in the state." + asWhom,
	Arguments: toRemote,
	Facts: entity.Facts{
		entity.Text("value").Doc("The result as text; absent where there is none, and where it is a list or an object."),
		entity.Text("json").Doc("The result as JSON, for `jsondecode`. Numbers, units and moments are those of the API. A list is whole, unless `query` asks for a `page`."),
	},
	Ask: func(ctx context.Context, s *entity.Session, v entity.Values) (api.Object, error) {
		if err := checkRemote(v); err != nil {
			return nil, err
		}
		answer, err := common.Whole(ctx, s, pathToRemote(v), queryOf(v))
		if err != nil {
			return nil, err
		}
		return common.TextAndJSON(answer)
	},
}

// remoteCall changes something on the array at the other end of a link.
var remoteCall = entity.Action{
	System: common.System, Name: "remote_call",
	Doc: "Sends a request to the API of the array at the other end of a link. It is for what is done once there, where no second provider reaches that array. " +
		"What the other array holds dangerous it does only with approval, as for its own clients." + asWhom,
	Arguments: entity.Join(toRemote, entity.Facts{
		entity.Enum("method", http.MethodPost, http.MethodPut, http.MethodDelete).Required().
			Doc("What is done: `POST` makes something or carries out an operation, `PUT` changes something, `DELETE` deletes it."),
		entity.Text("body").Optional().Checked("JSON", checkJSON).Doc("The body of the request as JSON, by `jsonencode`."),
		entity.Secret("secret_body", "").Checked("JSON", checkJSON).Doc("The body where it holds a secret, in place of `body`."),
	}),
	Weighs: []entity.Weighing{{
		When:   "with `method = \"DELETE\"`",
		Reason: "What the path names is deleted on the other array, with the data that it has.",
		Is:     func(v entity.Values) bool { return v.Text("method") == http.MethodDelete },
	}},
	Loses:      namedThere,
	Approvable: true,
	Check:      checkRemoteCall,
	Doing: func(v entity.Values) string {
		return fmt.Sprintf("Sending %s %s to %s", v.Text("method"), v.Text("path"), remoteArray(v))
	},
	Request: func(v entity.Values) api.Request {
		r := api.Request{Method: v.Text("method"), Path: pathToRemote(v), Query: queryOf(v)}
		for _, name := range []string{"body", "secret_body_wo"} {
			if v.Known(name) {
				r.Body = json.RawMessage(v.Text(name))
			}
		}
		return r
	},
	Done: func(answer any) string {
		if o, ok := answer.(api.Object); ok && o["id"] != nil { // all else may be a secret
			return fmt.Sprintf("The other array has done it, to the object of id %v", o["id"])
		}
		return "The other array has done it"
	},
}

// remoteArray names the array at the other end of a link.
func remoteArray(v entity.Values) string {
	if v.Known("host") {
		return v.Text("host")
	}
	return "the other array of link " + v.ID("link_id")
}

// pathToRemote is the path of a request for the other array.
func pathToRemote(v entity.Values) string {
	segments := []any{remotePath, v.Int("link_id")}
	if v.Known("host") {
		segments[1] = v.Text("host")
	}
	for segment := range strings.SplitSeq(v.Text("path"), "/") {
		segments = append(segments, segment)
	}
	return api.Path(segments...)
}

func queryOf(v entity.Values) url.Values {
	q := url.Values{}
	for key, value := range v.Pairs("query") {
		q.Set(key, value)
	}
	return q
}

// namedThere says what a path names on the other array, where that tells.
func namedThere(ctx context.Context, s *entity.Session, v entity.Values) []string {
	if v.Unknown("link_id") || v.Unknown("host") || v.Unknown("path") {
		return nil
	}
	o, err := common.Object(s.Client.Do(ctx, api.Request{Method: http.MethodGet, Path: pathToRemote(v)}))
	if name := common.NameOf(o); err == nil && name != "" {
		return []string{fmt.Sprintf("On %s, %s is %q.", remoteArray(v), v.Text("path"), name)}
	}
	return nil
}

// checkRemote refuses arguments that do not say which array is meant.
func checkRemote(v entity.Values) error {
	switch {
	case v.Null("link_id") == v.Null("host"):
		return errors.New("it takes one of link_id and host, to say which array is meant")
	case v.Pairs("query")["approved"] != "":
		return errors.New("query has approved, which is not for it: an action has an attribute of that name")
	}
	return nil
}

func checkRemoteCall(v entity.Values) error {
	if !v.Null("body") && !v.Null("secret_body_wo") {
		return errors.New("it takes either body or secret_body_wo: a request has one body")
	}
	return checkRemote(v)
}

var (
	hostName   = regexp.MustCompile(`^[A-Za-z0-9:][A-Za-z0-9.:_-]*$`)
	onlyDigits = regexp.MustCompile(`^[0-9]*$`)
)

// checkHost refuses what would be read as something else than an array.
func checkHost(host string) error {
	switch {
	case onlyDigits.MatchString(host):
		return fmt.Errorf("%q is not the name of an array: where it is the id of a link, set link_id", host)
	case !hostName.MatchString(host):
		return fmt.Errorf("%q is neither the name of an array nor an address", host)
	}
	return nil
}

// checkPath refuses a path that would leave its place, or have no meaning there.
func checkPath(path string) error {
	switch {
	case strings.ContainsAny(path, "?#"):
		return fmt.Errorf("%q has parameters: they are set in query", path)
	case strings.Contains(path, "%"):
		return fmt.Errorf("%q is escaped: write the characters as they are", path)
	case strings.HasPrefix(strings.TrimLeft(path, "/"), "api/rest"):
		return fmt.Errorf("%q begins with api/rest, which the array adds: leave it out", path)
	}
	for segment := range strings.SplitSeq(path, "/") {
		switch segment {
		case "":
			return fmt.Errorf("%q is not such as \"volumes/1001\": it has no slash first or last, and nothing empty between slashes", path)
		case ".", "..":
			return fmt.Errorf("%q has %q, which no path of the API has", path, segment)
		}
	}
	return nil
}

// checkJSON refuses a body that is no JSON, without a word of what is in it.
func checkJSON(body string) error {
	if !json.Valid([]byte(body)) {
		return errors.New("the body is not JSON: write it with jsonencode")
	}
	return nil
}
