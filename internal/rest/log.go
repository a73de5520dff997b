package rest

import (
	"context"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-log/tflog"
)

// logLevel is how much the user asked to see. It is read once: building log
// entries that nobody reads costs more than the requests.
type logLevel int

const (
	logOff logLevel = iota
	logRequests
	logBodies
)

const subsystem = "rest"

// logVariables name the log level that applies to this provider, the most
// specific first, as Terraform and terraform-plugin-log read them.
var logVariables = []string{"TF_LOG_PROVIDER_STORAGE_REST", "TF_LOG_PROVIDER_STORAGE", "TF_LOG_PROVIDER", "TF_LOG"}

func levelFromEnvironment(getenv func(string) string) logLevel {
	for _, name := range logVariables {
		switch strings.ToUpper(getenv(name)) {
		case "":
		case "TRACE", "JSON":
			return logBodies
		case "DEBUG":
			return logRequests
		default:
			return logOff
		}
	}
	return logOff
}

// logAttempt writes one entry an attempt: what was asked and how it ended, and
// at TRACE the bodies, without their secrets. Headers are never logged.
func (k *call) logAttempt(ctx context.Context) {
	if k.log == logOff {
		return
	}
	ctx = tflog.NewSubsystem(ctx, subsystem, tflog.WithRootFields())
	fields := map[string]any{
		"request":     k.serial,
		"attempt":     k.attempts,
		"method":      k.request.Method,
		"path":        RedactPath(k.request.Path),
		"duration_ms": time.Since(k.began).Milliseconds(),
	}
	response := k.response
	if k.failure != nil {
		response = k.failure.Response
		if k.failure.Err != nil {
			fields["error"] = k.failure.Err.Error()
		}
	}
	if response != nil {
		fields["status"] = response.Status
	}
	tflog.SubsystemDebug(ctx, subsystem, "request", fields)
	if k.log < logBodies {
		return
	}
	secrets, sent := Secrets(k.body), ""
	if form, ok := k.request.Body.(Form); ok {
		secrets, sent = form.contents(false), form.String()
	} else if k.body != nil {
		sent = redact(k.body, secrets)
	}
	bodies := map[string]any{"request": k.serial, "attempt": k.attempts}
	if len(k.request.Query) > 0 {
		bodies["query"] = redactQuery(k.request.Query, secrets)
	}
	if sent != "" {
		bodies["sent"] = sent
	}
	if response != nil {
		bodies["received"] = redact(response.Body, secrets)
	}
	tflog.SubsystemTrace(ctx, subsystem, "bodies", bodies)
}
