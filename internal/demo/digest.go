package main

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// What of the CLI's output tells the story: which objects change, what changes
// of an object that stays, the sums, and what the CLI warns of or refuses.
var (
	object  = regexp.MustCompile(`^  # (\S+) (will be|must be|has been) ([^r].*|re[^a].*)$`) // not "read during apply"
	change  = regexp.MustCompile(`^ +~ (\w+) += (.* -> .*)$`)
	sum     = regexp.MustCompile(`^(Plan: |No changes\.|Apply complete!|Destroy complete!)`)
	problem = regexp.MustCompile(`^(Error|Warning): `)
	index   = regexp.MustCompile(`\[[^]]*\]$`)

	// What tells a problem with one object from the same problem with another.
	particular = regexp.MustCompile(`"[^"]*"|\d+`)

	// The place of a problem in the configuration, and the lines found there.
	place = regexp.MustCompile(`^ +(on \S+ line \d+|\d+: )`)

	// What ends a warning on stdout: the CLI goes on with its work.
	progress = regexp.MustCompile(`^\S+: (Creating|Modifying|Destroying|Refreshing)`)
)

// digest is the CLI's output in a few lines: of objects that only an index tells
// apart, and of problems that only the object's name does, one stands for all;
// and what one problem explains the next does not repeat.
func digest(stdout, stderr string) []string {
	d := &digester{}
	for _, output := range []string{stdout, stderr} {
		for line := range strings.Lines(output) {
			d.take(strings.TrimRight(line, " \r\n"))
		}
		d.close()
	}
	var lines []string
	explained := map[string]bool{}
	for _, e := range d.entries {
		lines = append(lines, e.render(explained)...)
	}
	return lines
}

type digester struct {
	entries []*entry
	open    *entry // the last one, while its lines still come
}

// entry is what the CLI says of an object, of a problem, or of the whole.
type entry struct {
	kind        kind
	text        string   // what is done with the object; the problem's title; the sum
	more        []string // changes of the object; the problem's explanation
	first, last string   // the address of the object, and of the last one like it
	count       int
}

type kind int

const (
	ofObject kind = iota
	ofProblem
	ofWhole
)

func (d *digester) take(line string) {
	switch {
	case problem.MatchString(line):
		d.close()
		d.open = &entry{kind: ofProblem, text: line}
	case sum.MatchString(line):
		d.close()
		d.open = &entry{kind: ofWhole, text: line}
		d.close()
	case progress.MatchString(line):
		d.close()
	case object.MatchString(line):
		d.close()
		m := object.FindStringSubmatch(line)
		d.open = &entry{kind: ofObject, text: m[2] + " " + m[3], first: m[1]}
	case d.open == nil:
	case d.open.kind == ofObject && change.MatchString(line):
		m := change.FindStringSubmatch(line)
		d.open.more = append(d.open.more, m[1]+" = "+m[2])
	case d.open.kind == ofProblem && !place.MatchString(line):
		d.open.more = append(d.open.more, line)
	}
}

// close ends the open entry, or counts it where there is one like it.
func (d *digester) close() {
	e := d.open
	d.open = nil
	if e == nil {
		return
	}
	for _, other := range d.entries {
		if other.like(e) {
			other.last = e.first
			other.count++
			if e.text < other.text { // the CLI's own order of problems is by chance
				other.text, other.more = e.text, e.more
			}
			return
		}
	}
	e.count = 1
	d.entries = append(d.entries, e)
}

func (e *entry) like(o *entry) bool {
	if e.kind != o.kind {
		return false
	}
	if e.kind == ofProblem {
		return general(e.text) == general(o.text)
	}
	return e.text == o.text && e.name() == o.name() && slices.Equal(e.more, o.more)
}

func general(text string) string { return particular.ReplaceAllString(text, "…") }

// name is the object's address without its index.
func (e *entry) name() string { return index.ReplaceAllString(e.first, "") }

func (e *entry) render(explained map[string]bool) []string {
	switch e.kind {
	case ofObject:
		address := e.first
		if e.count > 1 {
			address = strings.TrimSuffix(e.first, "]") + " … " + strings.TrimPrefix(e.last, e.name()+"[")
		}
		lines := []string{sign(e.text) + " " + address + " " + e.text}
		for _, c := range e.more {
			lines = append(lines, "    ~ "+c)
		}
		return lines
	case ofProblem:
		title := e.text
		if e.count > 1 {
			title += fmt.Sprintf(" (and %d more like it)", e.count-1)
		}
		lines := []string{title}
		for paragraph := range strings.SplitSeq(strings.Join(e.more, "\n"), "\n\n") {
			if paragraph = strings.Trim(paragraph, "\n"); paragraph != "" && (!explained[paragraph] || strings.HasPrefix(paragraph, "(and ")) {
				explained[paragraph] = true
				for line := range strings.SplitSeq(paragraph, "\n") {
					lines = append(lines, "  "+strings.TrimRight(strings.TrimLeft(line, " "), ","))
				}
			}
		}
		return lines
	default:
		return []string{e.text}
	}
}

// sign is the CLI's own for what it does with an object.
func sign(text string) string {
	switch {
	case strings.Contains(text, "created"):
		return "+"
	case strings.Contains(text, "updated"):
		return "~"
	case strings.Contains(text, "replaced"):
		return "-/+"
	default:
		return "-"
	}
}
