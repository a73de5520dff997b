package provider

import (
	"context"
	"os"
	"runtime/debug"
	"strings"
	"sync"
	"time"

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
	var served served
	defer served.end()
	return tf6server.Serve("registry.terraform.io/storage-as-code/storage", serverOf(version, systems, served.add), options...)
}

// farewell is how long the end of a run may take: Terraform waits two seconds for the
// process to end, and then kills it.
const farewell = 1500 * time.Millisecond

// served are the providers that this process has served.
type served struct {
	mu  sync.Mutex
	all []*storage
}

func (s *served) add(p *storage) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.all = append(s.all, p)
}

// end ends what they have begun with their systems, such as log-ins, all at once. A run
// that is over does not fail over it: what is left, the system ends by itself.
func (s *served) end() {
	ctx, cancel := context.WithTimeout(context.Background(), farewell)
	defer cancel()
	s.mu.Lock()
	defer s.mu.Unlock()
	var wait sync.WaitGroup
	for _, p := range s.all {
		configured := p.configured.Load()
		if configured == nil {
			continue
		}
		for _, session := range *configured {
			if session.End != nil {
				wait.Go(func() { _ = session.End(ctx) })
			}
		}
	}
	wait.Wait()
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
