package entity

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// System is one kind of system that the provider serves: its block in the
// provider's configuration, and its entities.
type System struct {
	// Name is the block's name, and begins the names of the types and of the
	// environment variables.
	Name string
	// Title is what people call it.
	Title string
	// Settings are the arguments of the block.
	Settings []Setting
	// Areas are its parts. What they hold is below.
	Areas []Area
	// Kinds are its entities.
	Kinds []*Kind
	// Actions are its operations that leave no lasting state.
	Actions []*Action
	// Lookups are its data sources that no kind has.
	Lookups []*Lookup
	// Connect makes a session of the settings. It sends nothing yet.
	Connect func(ctx context.Context, given Given) (*Session, diag.Diagnostics)
}

// Setting is one argument of a system's block. Its environment variable is the
// block's and the argument's name in capitals: INFINIBOX_ENDPOINT.
type Setting struct {
	Name string
	Type SettingType
	Doc  string
	// Required settings must come from the block or the environment, but where there is
	// the one that Unless names.
	Required  bool
	Unless    string
	Sensitive bool
}

// SettingType is the type of a setting's value.
type SettingType int

// The types of settings. In the environment a pairs setting is a JSON object.
const (
	TextSetting     SettingType = iota
	BoolSetting                 // true or false
	NumberSetting               // a whole number
	DurationSetting             // "30s", "5m"
	PairsSetting                // a map of strings, which a plan need not know
)

// Given are the settings as given, by name.
type Given map[string]any

// Text, Bool, Int, Duration and Pairs are a setting's value, or the zero value
// where it was not given.
func (g Given) Text(name string) string            { v, _ := g[name].(string); return v }
func (g Given) Bool(name string) bool              { v, _ := g[name].(bool); return v }
func (g Given) Int(name string) int                { v, _ := g[name].(int64); return int(v) }
func (g Given) Duration(name string) time.Duration { v, _ := g[name].(time.Duration); return v }
func (g Given) Pairs(name string) types.Map        { v, _ := g[name].(types.Map); return v }

// Variable is the environment variable of a setting.
func (s *System) Variable(setting string) string { return variable(s.Name, setting) }

func variable(system, setting string) string { return strings.ToUpper(system + "_" + setting) }

// HowToSet says where a user gives settings that are missing.
func HowToSet(system string, settings ...string) string {
	variables := make([]string, len(settings))
	for i, name := range settings {
		variables[i] = variable(system, name)
	}
	noun := "variable"
	if len(settings) > 1 {
		noun = "variables"
	}
	return fmt.Sprintf("Set %s in the provider's %s block, or the environment %s %s.",
		strings.Join(settings, " and "), system, noun, strings.Join(variables, " and "))
}

// Attribute is the system's block in the provider's schema.
func (s *System) Attribute() schema.Attribute {
	attributes := map[string]schema.Attribute{}
	for _, setting := range s.Settings {
		doc := setting.Doc + " Environment variable: `" + s.Variable(setting.Name) + "`."
		switch setting.Type {
		case BoolSetting:
			attributes[setting.Name] = schema.BoolAttribute{Optional: true, Sensitive: setting.Sensitive, MarkdownDescription: doc}
		case NumberSetting:
			attributes[setting.Name] = schema.Int64Attribute{Optional: true, Sensitive: setting.Sensitive, MarkdownDescription: doc}
		case PairsSetting:
			attributes[setting.Name] = schema.MapAttribute{Optional: true, ElementType: types.StringType, Sensitive: setting.Sensitive, MarkdownDescription: doc + " There it is a JSON object.", Validators: []validator.Map{checkKeys()}}
		default:
			attributes[setting.Name] = schema.StringAttribute{Optional: true, Sensitive: setting.Sensitive, MarkdownDescription: doc}
		}
	}
	return schema.SingleNestedAttribute{
		Optional:            true,
		Attributes:          attributes,
		MarkdownDescription: "How to reach " + s.Title + ".",
	}
}

// Configure makes the system's session of its block and the environment. It
// returns nil without a diagnostic where neither speaks of the system.
func (s *System) Configure(ctx context.Context, block types.Object) (*Session, diag.Diagnostics) {
	var diags diag.Diagnostics
	if block.IsNull() && !s.inEnvironment() {
		return nil, nil
	}
	given := Given{}
	values := Values(block.Attributes())
	for _, setting := range s.Settings {
		at := path.Root(s.Name).AtName(setting.Name)
		value, err := s.value(setting, values[setting.Name])
		switch {
		case err != nil:
			diags.AddAttributeError(at, "Invalid setting", sentence(err.Error()))
		case value != nil:
			given[setting.Name] = value
		}
	}
	if !diags.HasError() {
		diags.Append(s.missing(given)...)
	}
	if diags.HasError() {
		return nil, diags
	}
	session, problems := s.Connect(ctx, given)
	diags.Append(problems...)
	if session != nil {
		session.kinds, session.system, session.given = s.Kinds, s.Name, given
	}
	return session, diags
}

// missing are the required settings that are not given.
func (s *System) missing(given Given) (diags diag.Diagnostics) {
	for _, setting := range s.Settings {
		if !setting.Required || given[setting.Name] != nil || given[setting.Unless] != nil {
			continue
		}
		detail := HowToSet(s.Name, setting.Name)
		if setting.Unless != "" {
			detail = strings.TrimSuffix(detail, ".") + fmt.Sprintf("; or else %s (%s).", setting.Unless, s.Variable(setting.Unless))
		}
		diags.AddAttributeError(path.Root(s.Name).AtName(setting.Name), fmt.Sprintf("The %s block has no %s", s.Name, setting.Name), detail)
	}
	return diags
}

// inEnvironment reports whether the environment names the system's first
// required setting, which is where it is, or what stands for that.
func (s *System) inEnvironment() bool {
	for _, setting := range s.Settings {
		if setting.Required {
			return os.Getenv(s.Variable(setting.Name)) != "" || setting.Unless != "" && os.Getenv(s.Variable(setting.Unless)) != ""
		}
	}
	return false
}

// value is a setting from the block, else from the environment; nil where
// neither has it.
func (s *System) value(setting Setting, configured attr.Value) (any, error) {
	if configured != nil && configured.IsUnknown() && setting.Type != PairsSetting {
		return nil, fmt.Errorf("%s is known only after apply; a provider needs it to plan. Use a value that is known, or the environment variable %s",
			setting.Name, s.Variable(setting.Name))
	}
	if configured == nil || configured.IsNull() {
		text := os.Getenv(s.Variable(setting.Name))
		if text == "" {
			return nil, nil
		}
		value, err := setting.parse(text)
		if err != nil {
			return nil, fmt.Errorf("the environment variable %s: %w", s.Variable(setting.Name), err)
		}
		return value, nil
	}
	switch v := configured.(type) {
	case types.Bool:
		return v.ValueBool(), nil
	case types.Int64:
		return v.ValueInt64(), nil
	case types.Map:
		return v, nil
	}
	text, _ := textOf(configured)
	return setting.parse(text)
}

func (setting Setting) parse(text string) (any, error) {
	switch setting.Type {
	case BoolSetting:
		v, err := strconv.ParseBool(text)
		if err != nil {
			return nil, fmt.Errorf("%s is neither true nor false", setting.Name)
		}
		return v, nil
	case NumberSetting:
		v, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return nil, fmt.Errorf("%s is not a whole number", setting.Name)
		}
		return v, nil
	case DurationSetting:
		v, err := parseDuration(text)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", setting.Name, err)
		}
		return v, nil
	case PairsSetting:
		var pairs map[string]*string
		if json.Unmarshal([]byte(text), &pairs) != nil {
			return nil, fmt.Errorf("%s is not a JSON object of texts such as {\"managed_by\": \"terraform\"}", setting.Name)
		}
		values := make(map[string]attr.Value, len(pairs))
		for key, value := range pairs {
			if err := CheckKey(key); err != nil {
				return nil, fmt.Errorf("%s: %w", setting.Name, err)
			}
			values[key] = types.StringPointerValue(value)
		}
		return types.MapValueMust(types.StringType, values), nil
	}
	return text, nil
}
