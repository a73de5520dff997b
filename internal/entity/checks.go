package entity

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/listvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/mapvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
)

// stringCheck is a validator of strings made of one function: it returns what is
// wrong, or nil.
type stringCheck struct {
	what   string
	check  func(string) error
	secret bool
}

func (c stringCheck) Description(context.Context) string         { return c.what }
func (c stringCheck) MarkdownDescription(context.Context) string { return c.what }

func (c stringCheck) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	err := c.check(req.ConfigValue.ValueString())
	if at := req.Path.Steps(); err != nil && len(at) > 1 {
		// Terraform shows the line of the attribute at the root, at most.
		if _, inRecord := at[len(at)-1].(path.PathStepAttributeName); inRecord {
			err = fmt.Errorf("%s: %w", req.Path, err)
		}
	}
	switch {
	case err == nil:
	case c.secret:
		// Terraform shows the line of the attribute that an error is about.
		resp.Diagnostics.AddError("Invalid value", req.Path.String()+": "+sentence(err.Error()))
	default:
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid value", sentence(err.Error()))
	}
}

// oneOf refuses words that are not in the list, naming the list.
type oneOf []string

func (c oneOf) Description(context.Context) string         { return "one of " + strings.Join(c, ", ") }
func (c oneOf) MarkdownDescription(context.Context) string { return enumDoc(c) }

func (c oneOf) ValidateString(ctx context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	stringCheck{check: func(s string) error {
		if slices.Contains(c, s) {
			return nil
		}
		for _, word := range c {
			if strings.EqualFold(s, word) {
				return fmt.Errorf("%q must be written %q", s, word)
			}
		}
		return fmt.Errorf("%q is not known here: use one of %s", s, strings.Join(c, ", "))
	}}.ValidateString(ctx, req, resp)
}

func enumDoc(words []string) string {
	return "One of `" + strings.Join(words, "`, `") + "`."
}

// capacityCheck refuses what is no capacity, one below the smallest, and one
// that is no multiple of a block. A fact has one, which its words add to.
type capacityCheck struct {
	smallest, block int64
	unlimited       bool
}

func (c capacityCheck) Description(context.Context) string { return "a capacity" }
func (c capacityCheck) MarkdownDescription(ctx context.Context) string {
	return c.Description(ctx)
}

func (c capacityCheck) ValidateString(ctx context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	stringCheck{check: func(s string) error {
		bytes, err := ParseCapacity(s)
		switch {
		case c.unlimited && s == unlimitedWord:
			return nil
		case err != nil:
			return err
		case bytes < c.smallest:
			return fmt.Errorf("%s is too small: the smallest is %s", s, FormatCapacity(c.smallest))
		case c.block > 0 && bytes%c.block != 0:
			return fmt.Errorf("%s is not a multiple of %d bytes: %s", s, c.block, nearestMultiple(bytes, c.block))
		}
		return nil
	}}.ValidateString(ctx, req, resp)
}

// capacity changes the check that every capacity has.
func (f Fact) capacity(change func(*capacityCheck)) Fact {
	f.checks = slices.Clone(f.checks)
	for i, c := range f.checks {
		if check, ok := c.(capacityCheck); ok {
			change(&check)
			f.checks[i] = check
			return f
		}
	}
	return f // needs[capacity] has said so
}

// block is how many bytes a capacity must be a multiple of; 0 where it need not.
func (f Fact) block() int64 {
	for _, c := range f.checks {
		if check, ok := c.(capacityCheck); ok {
			return check.block
		}
	}
	return 0
}

// LongestOf limits a text to between 1 and n characters.
func (f Fact) LongestOf(n int) Fact {
	return f.check(stringCheck{
		secret: f.secret,
		what:   fmt.Sprintf("1 to %d characters", n),
		check: func(s string) error {
			if count := utf8.RuneCountInString(s); count < 1 || count > n {
				return fmt.Errorf("the %s must have 1 to %d characters; this one has %d", strings.ReplaceAll(f.name, "_", " "), n, count)
			}
			return nil
		},
	})
}

// Matching limits a text by a pattern; rule says in words what the pattern
// allows, to follow "use ...".
func (f Fact) Matching(pattern *regexp.Regexp, rule string) Fact {
	return f.Checked(rule, func(s string) error {
		if !pattern.MatchString(s) {
			return fmt.Errorf("%q has characters that are not allowed: use %s", s, rule)
		}
		return nil
	})
}

// Checked limits a text, or each text of a set, a list or pairs, by a function that returns what
// is wrong; what says in a few words what is expected.
func (f Fact) Checked(what string, check func(string) error) Fact {
	c := stringCheck{what: what, check: check, secret: f.secret}
	switch s, several := f.shape.(collection); {
	case several && s.ordered:
		return f.check(listvalidator.ValueStringsAre(c))
	case several:
		return f.check(setvalidator.ValueStringsAre(c))
	case isPairs(f.shape):
		return f.check(mapvalidator.ValueStringsAre(c))
	}
	return f.check(c)
}

// NotEmpty says that a set or a list has at least one member, and pairs one key.
func (f Fact) NotEmpty() Fact {
	s, several := f.shape.(collection)
	switch {
	case isPairs(f.shape):
		return f.check(mapvalidator.SizeAtLeast(1))
	case !several:
		return needs[collection](f, "NotEmpty")
	case s.ordered:
		return f.check(listvalidator.SizeAtLeast(1))
	}
	return f.check(setvalidator.SizeAtLeast(1))
}

// CheckedNumber limits a number with a fraction by a function that returns what is
// wrong.
func (f Fact) CheckedNumber(what string, check func(float64) error) Fact {
	return f.check(numberCheck{what: what, check: check})
}

// numberCheck is a validator of numbers with a fraction made of one function.
type numberCheck struct {
	what  string
	check func(float64) error
}

func (c numberCheck) Description(context.Context) string         { return c.what }
func (c numberCheck) MarkdownDescription(context.Context) string { return c.what }

func (c numberCheck) ValidateFloat64(_ context.Context, req validator.Float64Request, resp *validator.Float64Response) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	if err := c.check(req.ConfigValue.ValueFloat64()); err != nil {
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid value", sentence(err.Error()))
	}
}

// Between limits a number to a range, both ends included.
func (f Fact) Between(least, most int64) Fact { return f.check(int64validator.Between(least, most)) }

// Positive limits a number to 1 and above.
func (f Fact) Positive() Fact { return f.check(int64validator.AtLeast(1)) }

func (f Fact) check(c validator.Describer) Fact {
	f.checks = append(slices.Clip(f.checks), c)
	return f
}

// checksOf are the checks of one kind of attribute.
func checksOf[V validator.Describer](f Fact) []V {
	var all []V
	for _, c := range f.checks {
		if v, ok := c.(V); ok {
			all = append(all, v)
		}
	}
	return all
}

// sentence makes an error's text one: a capital first, unless that is the name of
// an argument, and a full stop last.
func sentence(s string) string {
	r, size := utf8.DecodeRuneInString(s)
	if first, _, _ := strings.Cut(s, " "); size > 0 && !strings.ContainsAny(first, "_[") {
		s = strings.ToUpper(string(r)) + s[size:]
	}
	if !strings.HasSuffix(s, ".") {
		s += "."
	}
	return s
}
