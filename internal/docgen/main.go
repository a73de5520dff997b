// Command docgen prints the provider's schema as `terraform providers schema
// -json` does, for tfplugindocs to make the docs from; and with -finish it adds to the
// pages in a directory what tfplugindocs does not know.
//
// It asks the provider rather than a Terraform CLI because a CLI leaves out
// what it does not know: before 1.14 that is list resources and actions, and
// the docs would change with the CLI of whoever generated them.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"os"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/storage-as-code/terraform-provider-storage/internal/provider"
)

func main() {
	pages := flag.String("finish", "", "finish the pages in this `directory`, in place of printing the schema")
	flag.Parse()
	var err error
	if *pages != "" {
		err = finish(*pages, provider.Systems("docs"))
	} else {
		err = run(context.Background())
	}
	if err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context) error {
	server := providerserver.NewProtocol6(provider.New("docs")())()

	schemas, err := server.GetProviderSchema(ctx, &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		return err
	}
	if err := firstError(schemas.Diagnostics); err != nil {
		return err
	}
	identities, err := server.GetResourceIdentitySchemas(ctx, &tfprotov6.GetResourceIdentitySchemasRequest{})
	if err != nil {
		return err
	}
	if err := firstError(identities.Diagnostics); err != nil {
		return err
	}

	out := json.NewEncoder(os.Stdout)
	out.SetIndent("", "  ")
	return out.Encode(document{
		FormatVersion: "1.0",
		Providers:     map[string]providerJSON{"storage": convert(schemas, identities)},
	})
}

func firstError(diagnostics []*tfprotov6.Diagnostic) error {
	for _, d := range diagnostics {
		if d.Severity == tfprotov6.DiagnosticSeverityError {
			return fmt.Errorf("%s: %s", d.Summary, d.Detail)
		}
	}
	return nil
}
