package infinibox

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"

	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
	"github.com/storage-as-code/terraform-provider-storage/internal/rest"
)

// Remedies say what the user can do next.
const (
	remedyCredentials = "Check username and password of the provider's infinibox settings, or the environment variables INFINIBOX_USERNAME and INFINIBOX_PASSWORD. Names of users are case-sensitive."
	remedyRole        = "The role of the InfiniBox user does not allow this: READ_ONLY reads only, POOL_ADMIN works within the pools that the user owns, and everything else takes ADMIN. Use another user, or have an administrator change the role or make the user an owner of the pool."
	remedyRemote      = "The operation needs permission on the remote array of the link as well: have an administrator give the link credentials for it."
	remedyAuthority   = "Set ca_certificate in the provider's infinibox settings to the CA that signed the array's certificate (PEM text or the path of a file). For a test, insecure = true accepts any certificate."
	remedyHostname    = "Use the name that the certificate was made for as the endpoint (INFINIBOX_ENDPOINT), or give the array a certificate for the name in use."
	remedyExpired     = "Give the array a certificate that is valid now, and check this machine's clock."
	remedyTLS         = "The TLS handshake failed: check that endpoint (INFINIBOX_ENDPOINT) is the array's management address and port, and that it offers TLS 1.2 or later."
	remedyScheme      = "The port answers plain HTTP: check the port of endpoint (INFINIBOX_ENDPOINT), or begin it with http://."
	remedyHost        = "No host has that name: check endpoint (INFINIBOX_ENDPOINT)."
	remedyUnreachable = "Check endpoint (INFINIBOX_ENDPOINT), and that this machine reaches the array's management address: network, firewall, proxy."
	remedyNotInfini   = "What answers is not the InfiniBox API: check endpoint (INFINIBOX_ENDPOINT)."
	remedyBusy        = "The array is busy or reconfiguring: wait, then run the same command again."
	remedySlow        = "Run the same command again: what was done is found, and the rest is completed. Should it happen again, look at the array's load, or lengthen the time-outs."
	remedyReference   = "What the request refers to is not on the array (any more). Run terraform plan, which refreshes the state."
	remedyUnknownPath = "This version of InfiniBox does not know the operation."
)

// fromHTTP translates an error of internal/rest.
func fromHTTP(err error) *entity.Error {
	var failed *rest.Error
	var login *entity.Error
	switch {
	case errors.As(err, &failed):
	case errors.As(err, &login):
		return login
	default:
		return &entity.Error{Operation: "request", Message: clean(err.Error()), Err: err}
	}
	e := &entity.Error{Operation: failed.Operation, Message: failure(failed), Err: failed.Err}
	if failed.Response != nil {
		e.Status = failed.Response.Status
		if answer, err := decode(failed.Response); err == nil && answer.Error != nil {
			e.Code = clean(answer.Error.Code)
			e.Message = answer.Error.text()
		}
	}
	switch failed.Kind {
	case rest.Unreachable:
		e.Reason, e.Remedy = entity.Unreachable, remedyConnect(failed.Err)
	case rest.NoAnswer:
		e.Reason, e.Remedy = entity.Unreachable, remedySlow
	case rest.Untrusted:
		e.Reason, e.Remedy = entity.Untrusted, remedyTrust(failed.Err)
	case rest.BadAnswer:
		e.Remedy = remedyNotInfini
	case rest.Busy:
		e.Remedy = remedyBusy
	case rest.Interrupted:
		if errors.Is(failed.Err, context.DeadlineExceeded) {
			e.Remedy = remedySlow
		}
	}
	if failed.Sent {
		e.Reason, e.Remedy = entity.Ambiguous, remedySlow
	}
	return e
}

// failure is the text of a rest.Error without the operation, which
// entity.Error states itself.
func failure(e *rest.Error) string {
	return clean(strings.TrimPrefix(e.Error(), e.Operation+": "))
}

func remedyConnect(err error) string {
	var dns *net.DNSError
	var record tls.RecordHeaderError
	switch {
	case errors.As(err, &dns) && dns.IsNotFound:
		return remedyHost
	case errors.As(err, &record), errors.Is(err, http.ErrSchemeMismatch):
		return remedyScheme
	}
	return remedyUnreachable
}

func remedyTrust(err error) string {
	var (
		authority x509.UnknownAuthorityError
		hostname  x509.HostnameError
		invalid   x509.CertificateInvalidError
	)
	switch {
	case errors.As(err, &authority):
		return remedyAuthority
	case errors.As(err, &hostname):
		return remedyHostname
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return remedyExpired
	case errors.As(err, &invalid):
		return remedyAuthority
	}
	return remedyTLS
}

// fromArray translates a refusal. A 404 is NotFound for every method; with POST
// and PUT it may mean an object that the request refers to, which the code
// tells: POOL_NOT_FOUND to "POST volumes".
func fromArray(r rest.Request, response *rest.Response, refusal *apiError) *entity.Error {
	e := &entity.Error{Operation: r.Method + " " + r.Path, Status: response.Status}
	if refusal == nil {
		withoutEnvelope(e, r, response)
		return e
	}
	e.Code, e.Message = clean(refusal.Code), refusal.text()
	e.Reason, e.Remedy = classify(response.Status, refusal)
	if e.Reason == entity.NotFound && (r.Method == http.MethodPost || r.Method == http.MethodPut) {
		e.Remedy = remedyReference
	}
	return e
}

// withoutEnvelope judges an error status that came without the array's words.
func withoutEnvelope(e *entity.Error, r rest.Request, response *rest.Response) {
	status := response.Status
	e.Message = fmt.Sprintf("HTTP status %d", status)
	if text := http.StatusText(status); text != "" {
		e.Message += ", " + text
	}
	switch {
	case status == http.StatusUnauthorized:
		e.Reason, e.Remedy = entity.Unauthenticated, remedyCredentials
	case status == http.StatusForbidden:
		e.Reason, e.Remedy = entity.Forbidden, remedyRole
	case status >= 500 && r.Method != http.MethodGet:
		// Nothing says how far the array had come.
		e.Reason, e.Remedy = entity.Ambiguous, remedySlow
	default:
		e.Remedy = remedyNotInfini
	}
}

// classify finds the reason and remedy of an error code.
func classify(status int, refusal *apiError) (entity.Reason, string) {
	code := refusal.Code
	switch {
	case strings.HasPrefix(code, "APPROVAL_REQUIRED"):
		return entity.ApprovalRequired, "" // how to approve, the engine says
	case code == "REMOTE_PERMISSION_REQUIRED":
		return entity.Forbidden, remedyRemote
	case status == http.StatusUnauthorized, code == "AUTHENTICATION_REQUIRED":
		return entity.Unauthenticated, remedyCredentials
	case forbidden[code]:
		return entity.Forbidden, remedyRole
	case strings.HasSuffix(code, "_NAME_CONFLICT") && code != "DOMAIN_NAME_CONFLICT", nameTaken[code]:
		return entity.NameTaken, "" // who has it, the engine finds out
	case code == "UNKNOWN_PATH":
		return entity.Other, remedyUnknownPath
	case status == http.StatusNotFound && refusal.missing():
		return entity.NotFound, ""
	case code == "RECONFIGURING", code == "NOT_SUPPORTED_IN_SYSTEM_STATE", code == "OPERATION_DENIED_CLUSTER_NOT_FULL":
		return entity.Other, remedyBusy
	}
	return entity.Other, ""
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
	nameTaken = map[string]bool{
		"CONFLICT":                        true,
		"USER_ALREADY_EXISTS":             true,
		"TREEQ_NAME_ALREADY_EXISTS":       true,
		"DATASET_NAME_WILL_BE_DUPLICATED": true,
	}
)
