// Command terraform-provider-storage is a Terraform provider for storage
// systems and what protects their data. Terraform starts it; people do for
// one thing: takeover writes the configuration of what is there already.
package main

import (
	"context"
	"flag"
	"log"
	"os"
	"os/signal"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"

	"github.com/storage-as-code/terraform-provider-storage/internal/brownfield"
	"github.com/storage-as-code/terraform-provider-storage/internal/provider"
)

// version is set by the linker when a release is built.
var version = "dev"

func main() {
	debugging := flag.Bool("debug", false, "wait for a debugger and for Terraform to attach")
	flag.Parse()
	if flag.Arg(0) == "takeover" {
		takeOver(flag.Args()[1:])
		return
	}

	var options []tf6server.ServeOpt
	if *debugging {
		options = append(options, tf6server.WithManagedDebug())
	}
	if err := provider.Serve(version, provider.Systems(version), options...); err != nil {
		log.Fatal(err)
	}
}

// takeOver writes a configuration until it is done or interrupted.
func takeOver(arguments []string) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := brownfield.Command(ctx, provider.Systems(version), arguments, os.Stdout)
	stop()
	if err != nil {
		log.SetFlags(0)
		log.Fatal(err)
	}
}
