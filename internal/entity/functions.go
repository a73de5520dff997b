package entity

import (
	"context"
	"fmt"
	"math"
	"math/big"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/function"
)

// Functions are the provider's functions for arithmetic on capacities.
func Functions() []func() function.Function {
	return []func() function.Function{
		func() function.Function { return bytesFunction{} },
		func() function.Function { return capacityFunction{} },
		func() function.Function { return roundUpFunction{} },
	}
}

// unusable is what is wrong with an argument. Terraform adds the full stop.
func unusable(argument int64, problem string) *function.FuncError {
	return function.NewArgumentFuncError(argument, strings.TrimSuffix(sentence(problem), "."))
}

const capacityDoc = "A number and a unit: B, KB, MB, GB, TB, PB, EB (powers of 1000) or KiB, MiB, GiB, TiB, PiB, EiB (powers of 1024); or a plain number of bytes."

type bytesFunction struct{}

func (bytesFunction) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "bytes"
}

func (bytesFunction) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary:             "The bytes of a capacity",
		MarkdownDescription: "Returns the number of bytes that a capacity such as `\"1.5TiB\"` or `\"500GB\"` means.",
		Parameters: []function.Parameter{function.StringParameter{
			Name: "capacity", MarkdownDescription: capacityDoc,
		}},
		Return: function.Int64Return{},
	}
}

func (bytesFunction) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var text string
	if resp.Error = req.Arguments.Get(ctx, &text); resp.Error != nil {
		return
	}
	bytes, err := ParseCapacity(text)
	if err != nil {
		resp.Error = unusable(0, err.Error())
		return
	}
	resp.Error = resp.Result.Set(ctx, bytes)
}

type capacityFunction struct{}

func (capacityFunction) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "capacity"
}

func (capacityFunction) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary:             "A number of bytes as a capacity",
		MarkdownDescription: "Returns a number of bytes with the largest unit that is exact: `500000000000` becomes `\"500GB\"`, `1099511627776` becomes `\"1TiB\"`. It is the inverse of `bytes`.",
		Parameters: []function.Parameter{function.NumberParameter{ // of which a fraction can be told from the provider's mistake
			Name: "bytes", MarkdownDescription: "A number of bytes, whole and not negative.",
		}},
		Return: function.StringReturn{},
	}
}

func (capacityFunction) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var given *big.Float
	if resp.Error = req.Arguments.Get(ctx, &given); resp.Error != nil {
		return
	}
	bytes, accuracy := given.Int64()
	switch {
	case given.Sign() < 0:
		resp.Error = unusable(0, "a capacity is not negative")
	case !given.IsInt():
		resp.Error = unusable(0, fmt.Sprintf("%s is not a whole number of bytes. Where it comes of a division, floor() and ceil() round", given.Text('g', shownDigits)))
	case accuracy != big.Exact:
		resp.Error = unusable(0, fmt.Sprintf("%s is larger than a system can hold: at most %d bytes", given.Text('g', shownDigits), int64(math.MaxInt64)))
	default:
		resp.Error = resp.Result.Set(ctx, FormatCapacity(bytes))
	}
}

type roundUpFunction struct{}

func (roundUpFunction) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "capacity_round_up"
}

func (roundUpFunction) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary:             "A capacity rounded up to a multiple",
		MarkdownDescription: "Returns the smallest capacity that is at least the one given and a multiple of another: of `\"1GB\"` and `\"512B\"`, `\"1GB\"`; of `\"999.9MB\"` and `\"1GiB\"`, `\"1GiB\"`. A size that was divided may have a fraction of a byte.",
		Parameters: []function.Parameter{
			function.StringParameter{Name: "capacity", MarkdownDescription: capacityDoc},
			function.StringParameter{Name: "multiple", MarkdownDescription: "What the result is to be a multiple of, in the same form: `\"512B\"` for the size of a volume."},
		},
		Return: function.StringReturn{},
	}
}

func (roundUpFunction) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var text, multiple string
	if resp.Error = req.Arguments.Get(ctx, &text, &multiple); resp.Error != nil {
		return
	}
	unit, err := ParseCapacity(multiple)
	switch {
	case err != nil:
		resp.Error = unusable(1, err.Error())
		return
	case unit == 0:
		resp.Error = unusable(1, "nothing but 0 is a multiple of 0")
		return
	}
	number, err := exactCapacity(text)
	if err != nil {
		resp.Error = unusable(0, err.Error())
		return
	}
	// Of a quotient a/b, the units that it takes are (a + b·unit - 1) / (b·unit).
	size := new(big.Int).Mul(number.Denom(), big.NewInt(unit))
	units := new(big.Int).Add(number.Num(), size)
	units.Sub(units, big.NewInt(1)).Div(units, size)
	bytes, err := bytesOf(text, units.Mul(units, big.NewInt(unit)))
	if err != nil {
		resp.Error = unusable(0, err.Error())
		return
	}
	resp.Error = resp.Result.Set(ctx, FormatCapacity(bytes))
}
