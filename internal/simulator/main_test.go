package main

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"os"
	"path/filepath"
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
	body := served(t, "pools/1000/name", "--seed", seed, "--requests", log, "--ca-file", ca, "--password", "secret", "--dump", dump, "--serial", "4711")
	if !strings.Contains(body, `"db"`) {
		t.Error(body)
	}
	if body := served(t, "pools/1000/name", "--seed", dump, "--password", "secret"); !strings.Contains(body, `"db"`) {
		t.Errorf("the dump: %s", body)
	}
	if body := served(t, "system/serial_number", "--seed", dump, "--password", "secret"); !strings.Contains(body, "4711") {
		t.Errorf("the dump: %s", body)
	}
	logged, err := os.ReadFile(log)
	if err != nil || !strings.Contains(string(logged), `"route":"/api/rest/pools/{id}/{attribute}"`) || strings.Contains(string(logged), "secret") {
		t.Errorf("log: %s %v", logged, err)
	}
}

// served is what an InfiniBox with the arguments answers to a GET.
func served(t *testing.T, path string, arguments ...string) string {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	reader, writer := io.Pipe()
	ended := make(chan error, 1)
	go func() { ended <- serve(ctx, append([]string{"infinibox"}, arguments...), writer) }()
	url, err := bufio.NewReader(reader).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	r, err := http.NewRequest(http.MethodGet, strings.TrimSpace(url)+"/api/rest/"+path, nil)
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
