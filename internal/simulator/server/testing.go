package server

import "io"

// TB is the part of testing.TB that a simulator's Start needs.
type TB interface {
	Helper()
	Cleanup(func())
	Fatalf(format string, args ...any)
}

// Started fails the test where a simulator could not be started, and closes it when the test ends.
func Started[S io.Closer](tb TB, simulator S, err error) S {
	tb.Helper()
	if err != nil {
		tb.Fatalf("start the simulator: %v", err)
	}
	tb.Cleanup(func() { _ = simulator.Close() })
	return simulator
}
