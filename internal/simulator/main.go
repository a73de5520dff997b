// Command simulator serves a simulated storage system, for trying the provider out, for tests and benchmarks.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"sort"
	"strings"
	"syscall"
	"time"

	"github.com/storage-as-code/terraform-provider-storage/internal/simulator/alibabacloud"
	"github.com/storage-as-code/terraform-provider-storage/internal/simulator/infinibox"
	"github.com/storage-as-code/terraform-provider-storage/internal/simulator/ontap"
	"github.com/storage-as-code/terraform-provider-storage/internal/simulator/server"
	"github.com/storage-as-code/terraform-provider-storage/internal/simulator/unitrends"
)

// simulated is a system that is being served.
type simulated interface {
	URL() string
	CACertificate() string
	Shutdown(ctx context.Context) error
}

// common are the flags that every simulator has, read.
type common struct {
	listen, username, password, faults string
	tls                                bool
	latency                            time.Duration
	requests                           io.Writer
	seed                               []byte
}

// dumper is a system that tells its state.
type dumper interface {
	simulated
	Dump(w io.Writer) error
}

// dumped is a system that writes its state to a file at the end, if that has a name.
type dumped struct {
	dumper
	file string
}

// dumpFlag adds the flag that names such a file.
func dumpFlag(flags *flag.FlagSet) *string {
	return flags.String("dump", "", "`file` to write the state to at the end, as JSON that --seed reads")
}

// Shutdown stops serving, and writes the state once all is answered.
func (d dumped) Shutdown(ctx context.Context) error {
	if err := d.dumper.Shutdown(ctx); err != nil || d.file == "" {
		return err
	}
	file, err := os.OpenFile(d.file, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	return errors.Join(d.Dump(file), file.Close())
}

// systems are the simulators there are. Each adds its own flags and returns how it is started.
var systems = map[string]func(flags *flag.FlagSet) func(common) (simulated, error){
	"alibabacloud": func(flags *flag.FlagSet) func(common) (simulated, error) {
		token := flags.String("security-token", "", "makes the access key a temporary one, good only with this `token`")
		denied := flags.Bool("no-permission", false, "deny the user of the access key all that it asks for")
		return func(c common) (simulated, error) {
			return alibabacloud.New(alibabacloud.Options{
				Listen: c.listen, AccessKeyID: c.username, AccessKeySecret: c.password, TLS: c.tls, Latency: c.latency,
				Requests: c.requests, Faults: c.faults, Seed: c.seed, SecurityToken: *token, NoPermission: *denied,
			})
		}
	},
	"infinibox": func(flags *flag.FlagSet) func(common) (simulated, error) {
		peer := flags.String("peer", "", "`URL` of the array on the other side of links")
		serial := flags.Int("serial", 0, "serial `number` of the system, 1 to 65535; 0 draws one, so that two simulators are two arrays")
		syncTime := flags.Duration("sync-time", 0, "how long the data of a replica takes to the peer, such as 30s; at 0 it is there at once")
		s3 := flags.Bool("s3", false, "enable S3-compatible object storage, so that pools may be of type S3")
		dump := dumpFlag(flags)
		return func(c common) (simulated, error) {
			array, err := infinibox.New(infinibox.Options{
				Listen: c.listen, Username: c.username, Password: c.password, TLS: c.tls, Latency: c.latency,
				Requests: c.requests, Faults: c.faults, Seed: c.seed, Peer: *peer, SyncTime: *syncTime, Serial: *serial, S3: *s3,
			})
			return dumped{array, *dump}, err
		}
	},
	"ontap": func(flags *flag.FlagSet) func(common) (simulated, error) {
		dump := dumpFlag(flags)
		return func(c common) (simulated, error) {
			cluster, err := ontap.New(ontap.Options{
				Listen: c.listen, Username: c.username, Password: c.password, TLS: c.tls, Latency: c.latency,
				Requests: c.requests, Faults: c.faults, Seed: c.seed,
			})
			return dumped{cluster, *dump}, err
		}
	},
	"unitrends": func(flags *flag.FlagSet) func(common) (simulated, error) {
		life := flags.Duration("token-life", time.Hour, "how long a token is good for")
		return func(c common) (simulated, error) {
			return unitrends.New(unitrends.Options{
				Listen: c.listen, Username: c.username, Password: c.password, TLS: c.tls, Latency: c.latency,
				Requests: c.requests, Faults: c.faults, Seed: c.seed, TokenLife: *life,
			})
		}
	},
}

func main() {
	if err := run(os.Args[1:], os.Stdout); err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "simulator:", err)
		os.Exit(1)
	}
}

// run serves the system that the arguments name until it is interrupted.
func run(arguments []string, stdout io.Writer) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	return serve(ctx, arguments, stdout)
}

// serve prints the URL as the first and only line, and returns once the context is done and all is answered.
func serve(ctx context.Context, arguments []string, stdout io.Writer) error {
	if len(arguments) == 0 || systems[arguments[0]] == nil {
		return fmt.Errorf("usage: simulator %s [flags]", strings.Join(names(), "|"))
	}
	var c common
	flags := flag.NewFlagSet(arguments[0], flag.ContinueOnError)
	flags.StringVar(&c.listen, "listen", "127.0.0.1:0", "`address` to serve on; port 0 takes a free one")
	flags.StringVar(&c.username, "username", "admin", "name of an administrator")
	flags.StringVar(&c.password, "password", "123456", "password of the built-in users")
	flags.BoolVar(&c.tls, "tls", false, "serve HTTPS with a certificate made for this run")
	flags.DurationVar(&c.latency, "latency", 0, "time added to every answer, such as 10ms")
	flags.StringVar(&c.faults, "faults", "", server.FaultSyntax)
	caFile := flags.String("ca-file", "", "`file` to write the certificate to that clients must trust; with --tls")
	requests := flags.String("requests", "", "`file` to add one line of JSON to for every request")
	seed := flags.String("seed", "", "`file` of JSON with the state to begin with")
	start := systems[arguments[0]](flags)
	if err := flags.Parse(arguments[1:]); err != nil {
		return err
	}
	if *requests != "" {
		file, err := os.OpenFile(*requests, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
		if err != nil {
			return err
		}
		defer func() { _ = file.Close() }()
		c.requests = file
	}
	if *seed != "" {
		var err error
		if c.seed, err = os.ReadFile(*seed); err != nil {
			return err
		}
	}
	system, err := start(c)
	if err != nil {
		return err
	}
	if *caFile != "" {
		if err := os.WriteFile(*caFile, []byte(system.CACertificate()), 0o600); err != nil {
			return err
		}
	}
	if _, err := fmt.Fprintln(stdout, system.URL()); err != nil {
		return err
	}
	<-ctx.Done()
	deadline, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	return system.Shutdown(deadline)
}

func names() []string {
	var list []string
	for name := range systems {
		list = append(list, name)
	}
	sort.Strings(list)
	return list
}
