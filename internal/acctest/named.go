package acctest

import (
	"context"
	"regexp"
	"sync"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
	"github.com/storage-as-code/terraform-provider-storage/internal/provider"
)

// Test runs the steps with the CLI and the provider in this process.
func Test(t *testing.T, c resource.TestCase) {
	t.Helper()
	Tool(t)
	types := &named{}
	for _, step := range c.Steps {
		types.in(step.Config)
	}
	c.IsUnitTest = true
	c.ProtoV6ProviderFactories = map[string]func() (tfprotov6.ProviderServer, error){
		"storage": func() (tfprotov6.ProviderServer, error) { return types.server(), nil },
	}
	resource.Test(t, c)
}

// named are the provider's types that the configurations of a test name. Its CLI is
// shown no others: it reads all schemas anew for each command, which takes it several
// times as long as the command itself.
type named struct {
	mu    sync.Mutex
	types map[string]bool
}

var typeNames = regexp.MustCompile(`\bstorage_\w+`)

// in adds the types that a configuration names.
func (n *named) in(config string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.types == nil {
		n.types = map[string]bool{}
	}
	for _, name := range typeNames.FindAllString(config, -1) {
		n.types[name] = true
	}
}

func (n *named) server() tfprotov6.ProviderServer {
	return namedServer{Server: provider.Server("test")().(entity.Server), named: n}
}

type namedServer struct {
	entity.Server
	named *named
}

// wholeSchema is the provider's, made once for all tests of a package.
var wholeSchema = sync.OnceValues(func() (*tfprotov6.GetProviderSchemaResponse, error) {
	return provider.Server("test")().GetProviderSchema(context.Background(), &tfprotov6.GetProviderSchemaRequest{})
})

func (s namedServer) GetProviderSchema(context.Context, *tfprotov6.GetProviderSchemaRequest) (*tfprotov6.GetProviderSchemaResponse, error) {
	whole, err := wholeSchema()
	if err != nil {
		return nil, err
	}
	s.named.mu.Lock()
	defer s.named.mu.Unlock()
	part := *whole
	part.ResourceSchemas = only(whole.ResourceSchemas, s.named.types)
	part.DataSourceSchemas = only(whole.DataSourceSchemas, s.named.types)
	part.ListResourceSchemas = only(whole.ListResourceSchemas, s.named.types)
	part.ActionSchemas = only(whole.ActionSchemas, s.named.types)
	return &part, nil
}

func only[T any](all map[string]T, named map[string]bool) map[string]T {
	some := make(map[string]T, len(named))
	for name := range named {
		if one, is := all[name]; is {
			some[name] = one
		}
	}
	return some
}
