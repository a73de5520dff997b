// Package remote is what the clients of systems have in common that are reached
// by internal/rest: the settings of a connection, and the words for its failures.
package remote

import (
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
	"github.com/storage-as-code/terraform-provider-storage/internal/rest"
)

// System names a system in settings, warnings and errors.
type System struct {
	// Block is its name in the provider's configuration, e.g. "unitrends".
	Block string
	// Noun is what a sentence calls it, e.g. "appliance".
	Noun string
}

// Variable is the environment variable of a setting.
func (s System) Variable(setting string) string { return strings.ToUpper(s.Block + "_" + setting) }

// Settings are the settings of a connection that every system has.
func (s System) Settings() []entity.Setting {
	return []entity.Setting{
		{Name: "ca_certificate", Doc: "The certificate authority that signed the " + s.Noun + "'s certificate: PEM text, or the path of a PEM file. The system's authorities are trusted where it is not set."},
		{Name: "insecure", Type: entity.BoolSetting, Doc: "Whether to accept any certificate. Whoever can reach the network between can then read and change what is sent."},
		{Name: "request_timeout", Type: entity.DurationSetting, Doc: "How long one request may take, such as `\"60s\"`, the value where it is not set. Waiting for its turn (`max_concurrency`) does not count."},
		{Name: "max_concurrency", Type: entity.NumberSetting, Doc: fmt.Sprintf("How many requests are under way at a time, %d where it is not set. The others wait, first come, first served.", rest.DefaultMaxConcurrency)},
	}
}

// Config is the connection that Settings describe, without its endpoint and
// credentials.
func (s System) Config(userAgent string, given entity.Given) (rest.Config, diag.Diagnostics) {
	var diags diag.Diagnostics
	if n, set := given["max_concurrency"]; set && given.Int("max_concurrency") < 1 {
		diags.AddAttributeError(path.Root(s.Block).AtName("max_concurrency"), "Invalid setting",
			fmt.Sprintf("max_concurrency is %v: at least one request must be under way at a time.", n))
	}
	return rest.Config{
		CACertificate:  given.Text("ca_certificate"),
		Insecure:       given.Bool("insecure"),
		Timeout:        given.Duration("request_timeout"),
		MaxConcurrency: given.Int("max_concurrency"),
		UserAgent:      userAgent,
	}, diags
}

// Unusable is the error of a client that could not be made of the settings.
func (s System) Unusable(err error) diag.Diagnostic {
	return diag.NewAttributeErrorDiagnostic(path.Root(s.Block), "The "+s.Block+" block cannot be used", sentence(err.Error()))
}

// Warnings tell what a connection gives away. Secret is what travels on it, e.g.
// "password"; cleartext says that it does so unencrypted.
func (s System) Warnings(given entity.Given, secret string, cleartext bool) diag.Diagnostics {
	var diags diag.Diagnostics
	if given.Bool("insecure") {
		diags.AddAttributeWarning(path.Root(s.Block).AtName("insecure"), "The "+s.Noun+"'s certificate is not verified",
			"insecure is true: whoever can reach the network between Terraform and the "+s.Noun+" can read the "+secret+" and change what is sent. "+
				"Set ca_certificate to the authority that signed the "+s.Noun+"'s certificate instead.")
	}
	if cleartext {
		diags.AddAttributeWarning(path.Root(s.Block).AtName("endpoint"), "The "+secret+" travels unencrypted",
			"The endpoint is http. Use https.")
	}
	return diags
}

func sentence(text string) string {
	if text == "" {
		return text
	}
	return strings.ToUpper(text[:1]) + strings.TrimSuffix(text[1:], ".") + "."
}
