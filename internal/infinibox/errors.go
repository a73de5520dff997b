package infinibox

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/remote"
	"github.com/storage-as-code/terraform-provider-storage/internal/rest"
)

// array names the system to the user.
var array = remote.System{Block: "infinibox", Noun: "array"}

// Remedies say what the user can do next.
const (
	remedyCredentials = "Check username and password of the provider's infinibox settings, or the environment variables INFINIBOX_USERNAME and INFINIBOX_PASSWORD. Names of users are case-sensitive."
	remedyRole        = "The role of the InfiniBox user does not allow this: READ_ONLY reads only, POOL_ADMIN works within the pools that the user owns, and everything else takes ADMIN. Use another user, or have an administrator change the role or make the user an owner of the pool."
	remedyRemote      = "The remote array does not let its user do this, or does not know the password: check remote_username and remote_password of the provider's infinibox settings, or the environment variables INFINIBOX_REMOTE_USERNAME and INFINIBOX_REMOTE_PASSWORD, and the user's role there."
	remedyBusy        = "The array is busy or reconfiguring: wait, then run the same command again."
	remedyReference   = "What the request refers to is not on the array (any more). Run terraform plan, which refreshes the state."
	remedyS3Off       = "S3 is a feature of the array that has to be enabled on it first. Have it enabled, or take what is for S3 out of the configuration."
	remedyUnknownPath = "This version of InfiniBox does not know the operation."
	remedyPoolLocked  = "The pool is locked, and until it is unlocked the array changes nothing in it. Where this configuration unlocks it and takes objects out of it, unlock it first: terraform apply -target with the address of the pool."
)

// fromHTTP translates an error of internal/rest, in the array's own words where
// there are any.
func fromHTTP(err error) *api.Error {
	e := array.Failure(err)
	var failed *rest.Error
	if !errors.As(err, &failed) {
		return e
	}
	if failed.Response != nil {
		if answer, err := decode(failed.Response); err == nil && answer.Error != nil {
			e.Code, e.Message = remote.Clean(answer.Error.Code), answer.Error.text()
		}
	}
	if failed.Kind == rest.Busy && !failed.Sent {
		e.Remedy = remedyBusy
	}
	return e
}

// fromArray translates a refusal. A 404 is NotFound for every method; with POST
// and PUT it may mean an object that the request refers to, which the code
// tells: POOL_NOT_FOUND to "POST volumes".
func fromArray(r rest.Request, response *rest.Response, refusal *apiError) *api.Error {
	e := &api.Error{Operation: r.Method + " " + rest.RedactPath(r.Path), Status: response.Status}
	if refusal == nil {
		withoutEnvelope(e, r, response)
		return e
	}
	e.Code, e.Message = remote.Clean(refusal.Code), refusal.text()
	e.Reason, e.Remedy = classify(response.Status, refusal)
	if e.Reason == api.Other && response.Status >= 500 && r.Method != http.MethodGet {
		// An internal error does not say how far the array had come.
		e.Reason, e.Remedy = api.Ambiguous, array.WhenSlow()
	}
	if e.Reason == api.NotFound && (r.Method == http.MethodPost || r.Method == http.MethodPut) {
		e.Remedy = remedyReference
	}
	return e
}

// withoutEnvelope judges an error status that came without the array's words.
func withoutEnvelope(e *api.Error, r rest.Request, response *rest.Response) {
	status := response.Status
	e.Message = fmt.Sprintf("HTTP status %d", status)
	if text := http.StatusText(status); text != "" {
		e.Message += ", " + text
	}
	switch {
	case status == http.StatusUnauthorized:
		e.Reason, e.Remedy = api.Unauthenticated, remedyCredentials
	case status == http.StatusForbidden:
		e.Reason, e.Remedy = api.Forbidden, remedyRole
	case (status >= 500 || status == http.StatusConflict) && r.Method != http.MethodGet:
		// Nothing says how far the array had come, or what is in the way.
		e.Reason, e.Remedy = api.Ambiguous, array.WhenSlow()
	default:
		e.Remedy = array.WhenAnother()
	}
}

// classify finds the reason and remedy of an error code.
func classify(status int, refusal *apiError) (api.Reason, string) {
	code := refusal.Code
	switch {
	case strings.HasPrefix(code, "APPROVAL_REQUIRED"):
		return api.ApprovalRequired, "" // how to approve, the engine says
	case code == remotePermission:
		return api.Forbidden, remedyRemote
	case status == http.StatusUnauthorized, code == "AUTHENTICATION_REQUIRED":
		return api.Unauthenticated, remedyCredentials
	case forbidden[code]:
		return api.Forbidden, remedyRole
	case code == "MAPPING_ALREADY_EXISTS", code == "ENTITY_ALREADY_ASSIGNED_TO_SNAPSHOT_POLICY", code == "ACTIVE_DIRECTORY_ALREADY_JOINED":
		return api.AlreadyThere, ""
	case gone[code]:
		return api.NotFound, ""
	case strings.HasPrefix(code, "ACTIVE_DIRECTORY_"):
		return api.Other, "" // nothing on the array changes it, and a password that is tried again and again locks its user
	case strings.HasSuffix(code, "_NAME_CONFLICT") && code != "DOMAIN_NAME_CONFLICT", nameTaken[code]:
		return api.NameTaken, "" // who has it, the engine finds out
	case code == "UNKNOWN_PATH":
		return api.Other, remedyUnknownPath
	case code == "S3_FEATURE_NOT_ENABLED":
		return api.Other, remedyS3Off
	case status == http.StatusNotFound && refusal.missing():
		return api.NotFound, ""
	case code == "RECONFIGURING", code == "NOT_SUPPORTED_IN_SYSTEM_STATE", code == "OPERATION_DENIED_CLUSTER_NOT_FULL":
		return api.Other, remedyBusy
	case code == "ILLEGAL_POOL_STATE":
		return api.Conflict, remedyPoolLocked
	case status == http.StatusConflict, givesWay[code]:
		return api.Conflict, ""
	}
	return api.Other, ""
}

var (
	// forbidden are the codes that mean the user; other codes with status 403
	// mean the object.
	forbidden = map[string]bool{
		"UNAUTHORIZED":                true,
		"USER_IS_FORBIDDEN":           true,
		"USER_ROLE_ACCESS_FORBIDDEN":  true,
		"USER_ROLE_CREATE_FORBIDDEN":  true,
		"USER_ROLE_DELETE_FORBIDDEN":  true,
		"USER_ROLE_MODIFY_FORBIDDEN":  true,
		"ACTION_NOT_ALLOWED_FOR_ROLE": true,
	}
	// gone are the codes with another status than 404 that mean that the object is not there.
	gone = map[string]bool{
		"ACTIVE_DIRECTORY_NOT_JOINED":        true,
		"DACL_EDIT_PRINCIPAL_DOES_NOT_EXIST": true,
		"NET_SPACE_IP_NOT_EXISTS":            true,
	}
	// givesWay are the codes with another status than 409 that speak of the state of an
	// object, which may change.
	givesWay = map[string]bool{
		"SNAPSHOT_POLICY_CANNOT_BE_ASSIGNED_TO_CG_MEMBER": true,
		"SSA_EXPRESS_BUSY":           true,
		"SSA_EXPRESS_QUEUE_FULL":     true,
		"NOTIFICATION_TARGET_ACTIVE": true, // until its rules are gone
	}
	nameTaken = map[string]bool{
		"CONFLICT":                        true,
		"USER_ALREADY_EXISTS":             true,
		"TREEQ_NAME_ALREADY_EXISTS":       true,
		"DATASET_NAME_WILL_BE_DUPLICATED": true,
	}
)
