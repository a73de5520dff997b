// Package testcore plays Terraform's core over a provider, for a configuration of
// several resources at once: it validates, refreshes, plans and applies them by the
// plugin protocol in the order in which Terraform would, one process of the
// provider a walk, keeps the state, and holds the provider to what Terraform holds
// it to.
//
// It is for what takes too many runs of the CLI, and for what the CLI decides by
// chance: in what order operations that do not depend on each other begin is a
// matter of a seed here.
package testcore

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// defaultParallelism is Terraform's own.
const defaultParallelism = 10

// Reporter is what the core tells of a provider that breaks its word; a testing.TB
// is one.
type Reporter interface {
	Helper()
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
}

// Core is a working directory of Terraform's: a provider's block, and a state.
type Core struct {
	// Start starts a process of the provider. Each walk has one of its own.
	Start func() tfprotov6.ProviderServer
	// Provider are the arguments of the provider's block.
	Provider map[string]any
	// State is what has been applied.
	State *State
	// Parallelism is how many operations run at once; Terraform's own number where 0.
	Parallelism int
	// Order chooses which of the operations that are free to begin comes next; by
	// their addresses where nil.
	Order *rand.Rand
	// Killed says that what a provider answers after the context's end is never heard.
	Killed bool

	t       Reporter
	schemas *Schemas
	mu      sync.Mutex
	said    strings.Builder
}

// New is a core without a state, for a provider of the given schemas.
func New(t Reporter, start func() tfprotov6.ProviderServer, schemas *Schemas, provider map[string]any) *Core {
	return &Core{Start: start, Provider: provider, State: NewState(), t: t, schemas: schemas}
}

// Schemas are those of a provider, which no configuration changes.
type Schemas struct {
	*tfprotov6.GetProviderSchemaResponse
	Identities map[string]*tfprotov6.ResourceIdentitySchema
}

// SchemasOf asks a provider for its schemas.
func SchemasOf(start func() tfprotov6.ProviderServer) *Schemas {
	server := start()
	all, err := server.GetProviderSchema(context.Background(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil || Problems(all.Diagnostics).Failed() {
		panic(fmt.Sprint("the provider has no schema: ", err))
	}
	identities, err := server.GetResourceIdentitySchemas(context.Background(), &tfprotov6.GetResourceIdentitySchemasRequest{})
	if err != nil || Problems(identities.Diagnostics).Failed() {
		panic(fmt.Sprint("the provider has no identities: ", err))
	}
	return &Schemas{all, identities.IdentitySchemas}
}

// Said is all that the provider has ever said, for a scan for secrets.
func (c *Core) Said() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.said.String()
}

func (c *Core) parallelism() int {
	if c.Parallelism > 0 {
		return c.Parallelism
	}
	return defaultParallelism
}

// schema is that of a resource's type.
func (c *Core) schema(address string) *tfprotov6.Schema {
	schema := c.schemas.ResourceSchemas[TypeOf(address)]
	if schema == nil {
		c.t.Fatalf("there is no resource %s", TypeOf(address))
	}
	return schema
}

// identityType is the type of a resource's identity.
func (c *Core) identityType(address string) tftypes.Type {
	identity := c.schemas.Identities[TypeOf(address)]
	if identity == nil {
		c.t.Fatalf("%s has no identity", TypeOf(address))
	}
	return identity.ValueType()
}

func (c *Core) null(address string) tftypes.Value {
	return tftypes.NewValue(c.schema(address).ValueType(), nil)
}

// walk is one process of the provider, at work for one walk of the graph.
type walk struct {
	*Core
	tfprotov6.ProviderServer
	ctx    context.Context
	result *Result
	config Config
	// state is the walk's own: what a plan has refreshed, or what an apply has made.
	state *State
}

func (c *Core) walk(ctx context.Context, config Config, state *State, result *Result) *walk {
	return &walk{Core: c, ProviderServer: c.Start(), ctx: ctx, result: result, config: config, state: state}
}

// configure hands the provider's block over.
func (w *walk) configure() bool {
	w.t.Helper()
	config, err := Encode(w.schemas.Provider.ValueType(), w.Provider, nil)
	if err != nil {
		w.t.Fatalf("the provider's block: %v", err)
	}
	valid, err := w.ValidateProviderConfig(w.ctx, &tfprotov6.ValidateProviderConfigRequest{Config: Wire(config)})
	if err != nil {
		return w.hear("", Configuring, nil, err)
	}
	if !w.hear("", Configuring, valid.Diagnostics, nil) {
		return false
	}
	resp, err := w.ConfigureProvider(w.ctx, &tfprotov6.ConfigureProviderRequest{TerraformVersion: "1.14.0", Config: Wire(config)})
	if err != nil {
		return w.hear("", Configuring, nil, err)
	}
	return w.hear("", Configuring, resp.Diagnostics, nil)
}

// hear notes what the provider says, and reports whether it was no error.
func (w *walk) hear(address string, doing Doing, problems []*tfprotov6.Diagnostic, err error) bool {
	if err != nil {
		w.broken(address, doing, "the provider failed: %v", err)
		return false
	}
	w.note(address, doing, problems)
	return !Problems(problems).Failed()
}

func (w *walk) note(address string, doing Doing, problems []*tfprotov6.Diagnostic) {
	if len(problems) == 0 {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	fmt.Fprintln(&w.said, Problems(problems))
	for _, p := range problems {
		w.result.Said = append(w.result.Said, Said{Address: address, Doing: doing, Diagnostic: p})
	}
}

// broken is a provider that breaks its word: an error of the test, and one of the
// run as it is with Terraform.
func (w *walk) broken(address string, doing Doing, format string, args ...any) {
	w.t.Helper()
	detail := fmt.Sprintf(format, args...)
	w.t.Errorf("%s, at its %s: %s", address, doing, detail)
	w.note(address, doing, []*tfprotov6.Diagnostic{{
		Severity: tfprotov6.DiagnosticSeverityError, Summary: "The provider breaks its word", Detail: detail,
	}})
}

// begin notes that an operation begins.
func (w *walk) begin(operation string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.result.Order = append(w.result.Order, operation)
}
