package entity

import (
	"errors"
	"strings"
)

// Setting is what the provider was given for a text setting of the system's block; ""
// where it was given nothing.
func (s *Session) Setting(name string) string { return s.given.Text(name) }

// Settings are the values of text settings that an operation cannot do without, in
// order. They are for what no state can hold, such as the password that undoes
// something. The error says which are missing and how to give them.
func (s *Session) Settings(names ...string) ([]string, error) {
	if missing := s.missing(names); len(missing) > 0 {
		return nil, errors.New("the provider was not given " + strings.Join(missing, " and ") + ". " + HowToSet(s.system, missing...))
	}
	values := make([]string, len(names))
	for i, name := range names {
		values[i] = s.Setting(name)
	}
	return values, nil
}

func (s *Session) missing(names []string) []string {
	var missing []string
	for _, name := range names {
		if s.Setting(name) == "" {
			missing = append(missing, name)
		}
	}
	return missing
}

// Deletes reports whether the plan deletes the object of Before, to replace it or not.
func (p *Plan) Deletes() bool {
	return p.Before != nil && (p.After == nil || p.Replaced) || p.Forced
}

// NeedsSettings refuses the plan where the provider lacks settings that it takes to
// carry it out. Doing begins the summary: "Leaving the domain".
func (p *Plan) NeedsSettings(doing string, names ...string) {
	if missing := p.Session.missing(names); len(missing) > 0 {
		p.Refuse("", doing+" needs "+strings.Join(missing, " and "),
			"No state holds what it takes, so it comes from the provider's settings. "+HowToSet(p.Session.system, missing...))
	}
}
