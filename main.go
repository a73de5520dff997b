// Command terraform-provider-storage is a Terraform provider for storage
// systems and what protects their data. Terraform starts it; people do not.
package main

import (
	"flag"
	"log"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"

	"github.com/storage-as-code/terraform-provider-storage/internal/provider"
)

// version is set by the linker when a release is built.
var version = "dev"

func main() {
	debugging := flag.Bool("debug", false, "wait for a debugger and for Terraform to attach")
	flag.Parse()

	var options []tf6server.ServeOpt
	if *debugging {
		options = append(options, tf6server.WithManagedDebug())
	}
	if err := provider.Serve(version, provider.Systems(version), options...); err != nil {
		log.Fatal(err)
	}
}
