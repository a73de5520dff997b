package provider

import (
	"os"
	"runtime/debug"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"

	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
)

// Serve serves the provider to Terraform until that hangs up. It serves no page that does
// not mean what it says.
func Serve(version string, systems []*entity.System, options ...tf6server.ServeOpt) error {
	if err := entity.Check(systems); err != nil {
		return err
	}
	quietLogs()
	shortLife()
	return tf6server.Serve("registry.terraform.io/storage-as-code/storage", serverOf(version, systems), options...)
}

// quietLogs limits the plugin libraries' logs to errors where the user asked for
// none. They log everything by default, for Terraform to throw away: a fifth of
// the time of a large plan.
func quietLogs() {
	for _, setting := range os.Environ() {
		if name, level, _ := strings.Cut(setting, "="); strings.HasPrefix(name, "TF_LOG") && level != "" && name != "TF_LOG_CORE" {
			return
		}
	}
	for _, name := range []string{"TF_LOG_PROVIDER", "TF_LOG_SDK", "TF_LOG_SDK_PROTO", "TF_LOG_SDK_FRAMEWORK"} {
		_ = os.Setenv(name, "ERROR") // a failure leaves the logs as they were
	}
}

// shortLife lets garbage lie: the process ends with the plan or the apply, and
// collecting costs a quarter of it. The soft limit bounds what may pile up.
func shortLife() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(400)
	}
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(256 << 20)
	}
}
