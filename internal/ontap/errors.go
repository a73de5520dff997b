package ontap

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/remote"
	"github.com/storage-as-code/terraform-provider-storage/internal/rest"
)

// site names the cluster in settings, warnings and errors.
var site = remote.System{Block: "ontap", Noun: "ONTAP cluster"}

const (
	remedyCredentials = "Check username and password of the provider's ontap block, or the environment variables ONTAP_USERNAME and ONTAP_PASSWORD. The user needs the application \"http\" with password authentication."
	remedyRole        = "The role of the ONTAP user does not allow this: have an administrator give the user a role that has access to /api/protocols/vscan and, read-only, to /api/svm/svms."
	remedyReference   = "What the request refers to is not on the cluster (any more). Run terraform plan, which refreshes the state."
)

// The codes of errors that are told apart here; what the others mean, the
// entities say.
const (
	codeDuplicate = "1"
	codeNoEntry   = "4"
	codeForbidden = "6"
	// codeNoAPI: this version of ONTAP does not know the path.
	codeNoAPI = "3"
	// codeRole: the pool was created or updated, but for its role.
	codeRole = "10027248"
)

// apiError is what an answer holds of a refusal. Its arguments repeat parts of
// the message, in a list or not, and are not read.
type apiError struct {
	Code    any    `json:"code"`
	Message string `json:"message"`
	Target  string `json:"target"`
}

// code is the code as text; it may come as a number.
func (e *apiError) code() string {
	if e.Code == nil {
		return ""
	}
	return remote.Clean(fmt.Sprint(e.Code))
}

func refusalIn(response *rest.Response) *apiError {
	var body struct {
		Error *apiError `json:"error"`
	}
	if json.Unmarshal(response.Body, &body) != nil {
		return nil
	}
	return body.Error
}

// fromHTTP translates an error of internal/rest.
func fromHTTP(err error) *api.Error {
	e := site.Failure(err)
	var failed *rest.Error
	if errors.As(err, &failed) && failed.Response != nil {
		if refusal := refusalIn(failed.Response); refusal != nil {
			e.Code, e.Message = refusal.code(), remote.Clean(refusal.Message)
		}
	}
	return e
}

// fromCluster translates a refusal.
func fromCluster(r rest.Request, response *rest.Response) *api.Error {
	e := &api.Error{Operation: r.Method + " " + r.Path, Status: response.Status}
	refusal := refusalIn(response)
	if refusal == nil {
		// A 404 that is not the API's must never pass for a deleted object.
		e.Message = fmt.Sprintf("HTTP status %d, %s", response.Status, http.StatusText(response.Status))
		e.Remedy = site.WhenAnother()
	} else {
		e.Code, e.Message, e.Field = refusal.code(), remote.Clean(refusal.Message), remote.Clean(refusal.Target)
	}
	switch {
	case response.Status == http.StatusUnauthorized:
		e.Reason, e.Remedy = api.Unauthenticated, remedyCredentials
	case response.Status == http.StatusForbidden, e.Code == codeForbidden:
		e.Reason, e.Remedy = api.Forbidden, remedyRole
	case e.Code == codeRole:
		e.Reason = api.PartlyDone
	case e.Code == codeDuplicate:
		e.Reason = api.NameTaken
	case e.Code == codeNoAPI:
		e.Remedy = "This version of ONTAP does not know the operation: Vscan has it from 9.6 on."
	case e.Code == codeNoEntry, refusal != nil && response.Status == http.StatusNotFound:
		e.Reason = api.NotFound
		if r.Method == http.MethodPost || r.Method == http.MethodPatch {
			e.Remedy = remedyReference
		}
	case refusal != nil && response.Status == http.StatusConflict:
		e.Reason = api.Conflict
	case refusal == nil && response.Status >= 500 && r.Method != http.MethodGet:
		// Nothing says how far the cluster had come.
		e.Reason = api.Ambiguous
		e.Remedy = "Run the same command again: it completes what was not done, and names what is there already."
	}
	return e
}
