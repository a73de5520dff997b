package entity

import (
	"context"
	"fmt"
	"time"

	datatimeouts "github.com/hashicorp/terraform-plugin-framework-timeouts/datasource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	datasource "github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
)

// resourceTimeouts lets the user say how long operations on a resource may take. It
// is an attribute, because a block costs every plan, also where nobody uses it.
func resourceTimeouts(ctx context.Context) schema.Attribute {
	describe := func(operation string, otherwise time.Duration) string {
		return fmt.Sprintf("How long %s may take, such as \"30m\"; %s where it is not set.", operation, shortly(otherwise))
	}
	all := timeouts.Attributes(ctx, timeouts.Opts{
		Create: true, CreateDescription: describe("creating", defaultWriteTimeout),
		Read: true, ReadDescription: describe("reading", defaultReadTimeout),
		Update: true, UpdateDescription: describe("updating", defaultWriteTimeout),
		Delete: true, DeleteDescription: describe("deleting", defaultWriteTimeout),
	}).(schema.SingleNestedAttribute)
	for name, a := range all.Attributes {
		one := a.(schema.StringAttribute)
		one.Validators = []validator.String{durations}
		all.Attributes[name] = one
	}
	all.MarkdownDescription = "How long operations may take, as in `timeouts = { create = \"30m\" }`."
	return all
}

// sourceTimeouts is the same for a data source, which is only read.
func sourceTimeouts(ctx context.Context, otherwise time.Duration) datasource.Attribute {
	all := datatimeouts.AttributesWithOpts(ctx, datatimeouts.Opts{
		ReadDescription: fmt.Sprintf("How long reading may take, such as \"45m\"; %s where it is not set.", shortly(otherwise)),
	}).(datasource.SingleNestedAttribute)
	for name, a := range all.Attributes {
		one := a.(datasource.StringAttribute)
		one.Validators = []validator.String{durations}
		all.Attributes[name] = one
	}
	all.MarkdownDescription = "How long reading may take, as in `timeouts = { read = \"45m\" }`."
	return all
}

var durations = stringCheck{what: "a duration", check: func(text string) error {
	_, err := parseDuration(text)
	return err
}}

// durationCheck refuses what is no duration, or no whole number of units.
func durationCheck(unit time.Duration) stringCheck {
	return stringCheck{what: "a duration", check: func(text string) error {
		d, err := parseDuration(text)
		if err == nil && d%unit != 0 {
			err = fmt.Errorf("%q is no whole number of %s", text, map[time.Duration]string{time.Second: "seconds", time.Minute: "minutes", time.Millisecond: "milliseconds"}[unit])
		}
		return err
	}}
}

// parseDuration reads a time that something may take, which is never none.
func parseDuration(text string) (time.Duration, error) {
	d, err := time.ParseDuration(text)
	switch {
	case err != nil:
		return 0, fmt.Errorf("%q is not a duration: write numbers and units, such as \"30s\", \"5m\" or \"1h30m\"", text)
	case d <= 0:
		return 0, fmt.Errorf("%q leaves no time: write a duration above zero, such as \"30s\" or \"5m\"", text)
	}
	return d, nil
}
