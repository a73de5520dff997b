// Command terraform-provider-storage is a Terraform provider for storage
// systems and what protects their data. Terraform starts it; people do not.
package main

import (
	"flag"
	"log"
	"os"
	"runtime/debug"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"

	"github.com/storage-as-code/terraform-provider-storage/internal/provider"
)

// version is set by the linker when a release is built.
var version = "dev"

func main() {
	debugging := flag.Bool("debug", false, "wait for a debugger and for Terraform to attach")
	flag.Parse()
	quietLogs()
	shortLife()

	var options []tf6server.ServeOpt
	if *debugging {
		options = append(options, tf6server.WithManagedDebug())
	}
	err := tf6server.Serve("registry.terraform.io/storage-as-code/storage", provider.Server(version), options...)
	if err != nil {
		log.Fatal(err)
	}
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
