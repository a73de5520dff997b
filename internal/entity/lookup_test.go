package entity_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
)

// weather is a lookup whose answer a test gives.
func weather(ask func(ctx context.Context, s *entity.Session, arguments entity.Values) (api.Object, error)) *entity.Lookup {
	return &entity.Lookup{
		System: "sky", Name: "weather", What: "weather", Timeout: time.Minute, Ask: ask,
		Arguments: entity.Facts{
			entity.Text("place").Required(),
			entity.Integer("hours").Optional().Positive(),
			entity.Bool("forecast").Optional(),
		},
		Facts: entity.Facts{
			entity.Text("report").Field("Report"),
			entity.Records("winds", entity.Facts{entity.Integer("speed"), entity.Text("from")}),
		},
	}
}

// sky is a configuration with the session, or with none.
type sky struct{ session *entity.Session }

func (s sky) Session(string) (*entity.Session, diag.Diagnostics) {
	if s.session == nil {
		return nil, diag.Diagnostics{diag.NewErrorDiagnostic("The provider has no sky block", "")}
	}
	return s.session, nil
}

// lookUp reads the lookup's data source, with its timeout for reading.
func lookUp(t *testing.T, l *entity.Lookup, sessions entity.Sessions, timeout any) (map[string]tftypes.Value, diag.Diagnostics) {
	t.Helper()
	source := l.DataSource()
	var schema datasource.SchemaResponse
	source.Schema(t.Context(), datasource.SchemaRequest{}, &schema)
	if diags := schema.Schema.ValidateImplementation(t.Context()); diags.HasError() {
		t.Fatal(diags)
	}
	types := schema.Schema.Type().TerraformType(t.Context()).(tftypes.Object)
	values := map[string]tftypes.Value{}
	for name, of := range types.AttributeTypes {
		values[name] = tftypes.NewValue(of, nil)
	}
	values["place"] = tftypes.NewValue(tftypes.String, "Bergen")
	values["timeouts"] = tftypes.NewValue(types.AttributeTypes["timeouts"], map[string]tftypes.Value{"read": tftypes.NewValue(tftypes.String, timeout)})

	source.(datasource.DataSourceWithConfigure).Configure(t.Context(), datasource.ConfigureRequest{ProviderData: sessions}, &datasource.ConfigureResponse{})
	resp := datasource.ReadResponse{State: tfsdk.State{Schema: schema.Schema, Raw: tftypes.NewValue(types, nil)}}
	source.Read(t.Context(), datasource.ReadRequest{Config: tfsdk.Config{Schema: schema.Schema, Raw: tftypes.NewValue(types, values)}}, &resp)
	var state map[string]tftypes.Value
	if !resp.Diagnostics.HasError() {
		if err := resp.State.Raw.As(&state); err != nil {
			t.Fatal(err)
		}
	}
	return state, resp.Diagnostics
}

func TestLookup(t *testing.T) {
	l := weather(func(_ context.Context, s *entity.Session, arguments entity.Values) (api.Object, error) {
		if s.Own != "barometer" || arguments.Text("place") != "Bergen" || arguments.Known("hours") {
			t.Error(s.Own, arguments)
		}
		return api.Object{"Report": "rain", "winds": []any{api.Object{"speed": 9}}}, nil
	})
	state, diags := lookUp(t, l, sky{&entity.Session{Own: "barometer"}}, nil)
	if diags.HasError() {
		t.Fatal(diags)
	}
	var place, report string
	var winds []tftypes.Value
	for name, into := range map[string]any{"place": &place, "report": &report, "winds": &winds} {
		if err := state[name].As(into); err != nil {
			t.Error(err)
		}
	}
	if place != "Bergen" || report != "rain" || len(winds) != 1 || !state["hours"].IsNull() {
		t.Error(state)
	}
}

func TestLookupThatFails(t *testing.T) {
	refused := &api.Error{Operation: "GET weather", Message: "no barometer", Code: "E7", Remedy: "Tap it."}
	for name, test := range map[string]struct {
		err              error
		timeout          any
		summary, details string
	}{
		"refusal": {refused, nil, "Could not read the weather", "GET weather: no barometer (E7).\n\nTap it."},
		"verdict": {&api.VerdictError{Summary: "A storm is coming", Detail: "Stay in."}, nil, "A storm is coming", "Stay in."},
		"time":    {context.DeadlineExceeded, "90s", "Could not read the weather", "The time allowed for it, 1m30s, is over. If it needs longer, raise read"},
		"default": {context.DeadlineExceeded, nil, "Could not read the weather", "The time allowed for it, 1m, is over."},
		"other":   {errors.New("it broke"), nil, "Could not read the weather", "It broke."},
	} {
		t.Run(name, func(t *testing.T) {
			l := weather(func(context.Context, *entity.Session, entity.Values) (api.Object, error) { return nil, test.err })
			_, diags := lookUp(t, l, sky{&entity.Session{}}, test.timeout)
			if len(diags) != 1 || diags[0].Summary() != test.summary || !strings.Contains(diags[0].Detail(), test.details) {
				t.Error(diags)
			}
		})
	}
}

func TestLookupHasADeadline(t *testing.T) {
	l := weather(func(ctx context.Context, _ *entity.Session, _ entity.Values) (api.Object, error) {
		<-ctx.Done()
		return nil, context.Cause(ctx)
	})
	if _, diags := lookUp(t, l, sky{&entity.Session{}}, "1ms"); !strings.Contains(diags[0].Detail(), "1ms") {
		t.Error(diags)
	}
}

// What a question makes for itself is removed, whatever becomes of the question.
func TestTemporarily(t *testing.T) {
	broken := errors.New("it broke")
	creation := api.Request{Method: http.MethodPost, Path: "plates", Body: api.Object{"name": "p"}}
	remove := func(made api.Object) []api.Request {
		return []api.Request{{Method: http.MethodDelete, Path: "plates/7"}, {Method: http.MethodDelete, Path: fmt.Sprintf("plates/%v", made["id"])}}
	}
	for name, test := range map[string]struct {
		within time.Duration
		use    func(stop func()) error
		before func(stop func(), d *depot)
		want   error
		left   int
	}{
		"answered":            {use: func(func()) error { return nil }},
		"failed":              {use: func(func()) error { return broken }, want: broken},
		"stopped while used":  {use: func(stop func()) error { stop(); return context.Canceled }, want: context.Canceled},
		"out of time":         {within: time.Millisecond, use: func(func()) error { return context.DeadlineExceeded }, want: context.DeadlineExceeded},
		"stopped while made":  {use: func(func()) error { return broken }, want: broken, before: func(stop func(), d *depot) { d.before = func(int, string) *fault { stop(); return nil } }},
		"stopped before":      {use: func(func()) error { return nil }, want: context.Canceled, before: func(stop func(), _ *depot) { stop() }},
		"refused":             {use: func(func()) error { return nil }, want: errAny, before: func(_ func(), d *depot) { d.failing(1, fault{message: "no"}) }},
		"not removed":         {use: func(func()) error { return nil }, want: errAny, left: 1, before: func(_ func(), d *depot) { d.failing(3, fault{message: "it sticks"}) }},
		"one of two is there": {use: func(func()) error { return nil }, want: errAny, before: func(_ func(), d *depot) { d.failing(2, fault{message: "it sticks"}) }},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDepot()
			ctx, stop := context.WithTimeout(t.Context(), cmp.Or(test.within, time.Hour))
			defer stop()
			if test.before != nil {
				test.before(stop, d)
			}
			err := (&entity.Session{Client: d}).Temporarily(ctx, creation, func(made api.Object) error {
				if len(d.rows["plates"]) != 1 || made["name"] != "p" {
					t.Errorf("used %v of %v", made, d.rows["plates"])
				}
				if test.within > 0 {
					<-ctx.Done()
				}
				return test.use(stop)
			}, remove)
			if (err == nil) != (test.want == nil) || !errors.Is(test.want, errAny) && !errors.Is(err, test.want) {
				t.Errorf("%v, want %v", err, test.want)
			}
			if len(d.rows["plates"]) != test.left || test.left > 0 && !strings.Contains(err.Error(), "left behind: DELETE plates/1001: it sticks") {
				t.Errorf("%v is left: %v", d.rows["plates"], err)
			}
		})
	}
}

// errAny stands for any error.
var errAny = errors.New("any error")

func TestLookupOfASystemThatIsNotConfigured(t *testing.T) {
	l := weather(func(context.Context, *entity.Session, entity.Values) (api.Object, error) {
		t.Error("it was asked")
		return nil, nil
	})
	if _, diags := lookUp(t, l, sky{}, nil); len(diags) != 1 || diags[0].Summary() != "The provider has no sky block" {
		t.Error(diags)
	}
}

// A field of another form is left out with a warning, and the rest is there.
func TestLookupOfNonsense(t *testing.T) {
	wind := api.Object{"speed": 9, "from": "west"}
	for name, test := range map[string]struct {
		answer api.Object
		report any
		winds  string
		warns  string
	}{
		"a text for a list":     {api.Object{"Report": "rain", "winds": "strong"}, "rain", "<nil>", "winds of the weather|in the field winds"},
		"a number for a record": {api.Object{"Report": "rain", "winds": []any{7, wind}}, "rain", "[map[from:west speed:9]]", "winds of the weather|an object was expected"},
		"a null for a record":   {api.Object{"Report": "rain", "winds": []any{nil, wind}}, "rain", "[map[from:west speed:9]]", ""},
		"a field of a record": {
			api.Object{"Report": "rain", "winds": []any{api.Object{"speed": "fast", "from": "east"}, api.Object{"speed": "slow"}, wind}}, "rain",
			"[map[from:east speed:<nil>] map[from:<nil> speed:<nil>] map[from:west speed:9]]", "winds.speed of the weather|a whole number was expected",
		},
		"a list for a text": {api.Object{"Report": []any{}, "winds": []any{wind}}, nil, "[map[from:west speed:9]]", "report of the weather|in the field Report"},
	} {
		t.Run(name, func(t *testing.T) {
			l := weather(func(context.Context, *entity.Session, entity.Values) (api.Object, error) { return test.answer, nil })
			state, diags := lookUp(t, l, sky{&entity.Session{}}, nil)
			if diags.HasError() {
				t.Fatal(diags)
			}
			if report, winds := decode(t, state["report"]), fmt.Sprint(decode(t, state["winds"])); report != test.report || winds != test.winds {
				t.Errorf("the report is %v, the winds are %s", report, winds)
			}
			var said []string
			for _, d := range diags {
				said = append(said, d.Summary()+" "+d.Detail())
			}
			if test.warns == "" && len(said) > 0 || test.warns != "" && len(said) != 1 {
				t.Fatalf("%d warnings: %s", len(said), said)
			}
			if test.warns != "" {
				says(t, strings.ToLower(said[0]), strings.Split(strings.ToLower(test.warns), "|")...)
			}
		})
	}
}
