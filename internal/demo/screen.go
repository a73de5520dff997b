package main

import (
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/storage-as-code/terraform-provider-storage/internal/cli"
)

// screen is what the demo prints on, with colours where a person watches.
type screen struct {
	w       io.Writer
	colours bool
}

func newScreen(f *os.File) *screen {
	info, err := f.Stat()
	terminal := err == nil && info.Mode()&os.ModeCharDevice != 0
	return &screen{w: f, colours: terminal && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"}
}

// The colours, as a terminal takes them.
const (
	bold   = "1"
	red    = "31"
	green  = "32"
	yellow = "33"
	faint  = "2"
)

func (s *screen) paint(colour, text string) string {
	if !s.colours {
		return text
	}
	return "\x1b[" + colour + "m" + text + "\x1b[0m"
}

func (s *screen) print(lines ...string) {
	for _, l := range lines {
		_, _ = fmt.Fprintln(s.w, strings.TrimRight(l, " "))
	}
}

func (s *screen) title(format string, args ...any) {
	s.print("", s.paint(bold, fmt.Sprintf(format, args...)))
}

func (s *screen) text(format string, args ...any) {
	s.print(fmt.Sprintf(format, args...))
}

func (s *screen) step(number int, title string) {
	s.print("", s.paint(bold, fmt.Sprintf("%d. %s", number, title)))
}

// act tells what is done other than by the CLI.
func (s *screen) act(format string, args ...any) {
	s.print("   # " + fmt.Sprintf(format, args...))
}

func (s *screen) command(env, name, line string) {
	s.print("   " + s.paint(faint, "$ ") + strings.TrimSpace(env+" "+name+" "+line))
}

func (s *screen) answer(a cli.Answer) {
	for _, line := range digest(a.Stdout, a.Stderr) {
		s.print("     " + s.mark(line))
	}
}

// verbatim shows an answer as it is.
func (s *screen) verbatim(text string) {
	for line := range strings.Lines(text) {
		s.print("     " + strings.TrimRight(line, "\r\n"))
	}
}

func (s *screen) proof(format string, args ...any) {
	s.print("   " + s.paint(green, "✓ ") + fmt.Sprintf(format, args...))
}

// mark colours a line of the CLI as the CLI would.
func (s *screen) mark(line string) string {
	sign, _, _ := strings.Cut(strings.TrimSpace(line), " ")
	switch sign {
	case "+":
		return s.paint(green, line)
	case "~", "-/+", "Warning:":
		return s.paint(yellow, line)
	case "-", "Error:":
		return s.paint(red, line)
	}
	return line
}
