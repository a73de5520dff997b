package main

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestServe(t *testing.T) {
	directory := t.TempDir()
	seed := filepath.Join(directory, "seed.json")
	text := `{"requests":[{"method":"POST","path":"pools","body":{"name":"db","physical_capacity":1000000000000}}]}`
	if err := os.WriteFile(seed, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	log, ca := filepath.Join(directory, "log"), filepath.Join(directory, "ca.pem")
	dump := filepath.Join(directory, "dump.json")
	body := served(t, "rest/pools/1000/name", "infinibox", "--seed", seed, "--requests", log, "--ca-file", ca, "--dump", dump, "--serial", "4711")
	if !strings.Contains(body, `"db"`) {
		t.Error(body)
	}
	if body := served(t, "rest/pools/1000/name", "infinibox", "--seed", dump); !strings.Contains(body, `"db"`) {
		t.Errorf("the dump: %s", body)
	}
	if body := served(t, "rest/system/serial_number", "infinibox", "--seed", dump); !strings.Contains(body, "4711") {
		t.Errorf("the dump: %s", body)
	}
	logged, err := os.ReadFile(log)
	if err != nil || !strings.Contains(string(logged), `"route":"/api/rest/pools/{id}/{attribute}"`) || strings.Contains(string(logged), "secret") {
		t.Errorf("log: %s %v", logged, err)
	}
}

func TestDumpOfACluster(t *testing.T) {
	dump := filepath.Join(t.TempDir(), "dump.json")
	served(t, "svm/svms", "ontap", "--dump", dump)
	if body := served(t, "svm/svms?name=vs1", "ontap", "--seed", dump); !strings.Contains(body, `"vs1"`) {
		t.Errorf("the dump: %s", body)
	}
}

// The container starts the program by a command that it takes.
func TestContainer(t *testing.T) {
	text, err := os.ReadFile("Containerfile")
	if err != nil {
		t.Fatal(err)
	}
	program, command := "", []string(nil)
	for line := range strings.Lines(string(text)) {
		word, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		var arguments []string
		switch word {
		case "COPY":
			program = strings.Fields(rest)[1]
		case "ENTRYPOINT", "CMD":
			if err := json.Unmarshal([]byte(rest), &arguments); err != nil {
				t.Fatalf("%s: %v", line, err)
			}
			command = append(command, arguments...)
		}
	}
	port := slices.Index(command, "0.0.0.0:8080")
	if len(command) < 2 || command[0] != program || port < 0 || !strings.Contains(string(text), "\nEXPOSE 8080\n") {
		t.Fatalf("it copies %s, and starts %v", program, command)
	}
	command[port] = "127.0.0.1:0"
	if body := served(t, "rest/system/name", command[1:]...); !strings.Contains(body, `"simulator"`) {
		t.Error(body)
	}
}

// served is what a system with the arguments answers to a GET.
func served(t *testing.T, path string, arguments ...string) string {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	reader, writer := io.Pipe()
	ended := make(chan error, 1)
	go func() { ended <- serve(ctx, append(arguments, "--password", "secret"), writer) }()
	url, err := bufio.NewReader(reader).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	r, err := http.NewRequest(http.MethodGet, strings.TrimSpace(url)+"/api/"+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.SetBasicAuth("admin", "secret")
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Error(err)
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	return string(body)
}

func TestUsage(t *testing.T) {
	for _, arguments := range [][]string{nil, {"nonsense"}, {"infinibox", "--faults", "nonsense"}, {"infinibox", "--seed", "/nonexistent"}} {
		if err := serve(t.Context(), arguments, io.Discard); err == nil {
			t.Errorf("%v was taken", arguments)
		}
	}
}
