package alibabacloud

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/remote"
	"github.com/storage-as-code/terraform-provider-storage/internal/rest"
)

// refused is an error as the service answers it.
type refused struct{ code, message, requestID string }

func read(response *rest.Response) refused {
	answer, err := decode(response.Body)
	if err != nil {
		return refused{}
	}
	text := func(field string) string {
		value, _ := answer[field].(string)
		return remote.Clean(value)
	}
	return refused{code: text("Code"), message: text("Message"), requestID: text("RequestId")}
}

// throttled reports whether the service asks to come back later. The status of
// that is mostly 400.
func throttled(response *rest.Response) bool {
	return response.Status >= http.StatusBadRequest && strings.HasPrefix(read(response).code, "Throttling")
}

// refusal translates an error of the service.
func refusal(action string, response *rest.Response) *api.Error {
	said := read(response)
	e := &api.Error{Status: response.Status, Code: said.code, Message: said.message}
	if e.Code == "" {
		e.Message = fmt.Sprintf("the answer tells nothing but HTTP status %d, %s", response.Status, http.StatusText(response.Status))
		e.Remedy = service.WhenAnother()
		return e
	}
	if said.requestID != "" {
		e.Message = strings.TrimSpace(e.Message + ", request " + said.requestID)
	}
	e.Reason, e.Remedy = classify(action, said.code)
	return e
}

func classify(action, code string) (api.Reason, string) {
	switch family, _, _ := strings.Cut(code, "."); family {
	case "NoPermission", "Forbidden":
		return api.Forbidden, fmt.Sprintf("The RAM user or role of the access key may not do this: attach a policy to it that allows the action yundun-sas:%s on all resources (\"*\").", action)
	case "InvalidAccessKeyId":
		return api.Unauthenticated, "There is no such access key: check " + settings("access_key_id") + ". A temporary one may have expired."
	case "SignatureDoesNotMatch", "InvalidAccessKeySecret", "IncompleteSignature":
		return api.Unauthenticated, "The secret is not that of the access key: check " + settings("access_key_secret") + ", also for blanks around it."
	case "MissingSecurityToken", "InvalidSecurityToken":
		return api.Unauthenticated, "A temporary access key is good only with its security token, and as long as that lasts: get a new one and set " + settings("access_key_id", "access_key_secret", "security_token") + "."
	case "InvalidTimeStamp", "IllegalTimestamp":
		return api.Unauthenticated, "The service refuses requests whose clock is off by more than 15 minutes: set this machine's clock."
	case "ServerError":
		return api.Other, fmt.Sprintf("The service does not say what is wrong. Check that the task exists, and that the account's tasks are kept at the endpoint of the region (%s). If so, try again later, or give the request's id to Alibaba Cloud's support.", settings("region", "endpoint"))
	}
	return api.Other, ""
}

// settings names settings of the block and their environment variables.
func settings(names ...string) string {
	var variables []string
	for _, name := range names {
		variables = append(variables, service.Variable(name))
	}
	return fmt.Sprintf("%s of the provider's %s block (%s)", strings.Join(names, ", "), service.Block, strings.Join(variables, ", "))
}

func remedyNoKey() string {
	return "Set " + settings("access_key_id", "access_key_secret") +
		", or provide a key where Alibaba Cloud's own tools look for one: ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET, " +
		"OIDC, the configuration of the aliyun CLI, ~/.alibabacloud/credentials, or the RAM role of the machine."
}
