package entity

import (
	"context"
	"fmt"
	"math"
	"math/big"

	"github.com/hashicorp/terraform-plugin-framework/function"
)

// Functions are the provider's functions for arithmetic on capacities.
func Functions() []func() function.Function {
	return []func() function.Function{
		func() function.Function { return bytesFunction{} },
		func() function.Function { return capacityFunction{} },
	}
}

type bytesFunction struct{}

func (bytesFunction) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "bytes"
}

func (bytesFunction) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary:             "The bytes of a capacity",
		MarkdownDescription: "Returns the number of bytes that a capacity such as `\"1.5TiB\"` or `\"500GB\"` means.",
		Parameters: []function.Parameter{function.StringParameter{
			Name: "capacity", MarkdownDescription: "A number and a unit: B, KB, MB, GB, TB, PB, EB (powers of 1000) or KiB, MiB, GiB, TiB, PiB, EiB (powers of 1024); or a plain number of bytes.",
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
		resp.Error = function.NewArgumentFuncError(0, sentence(err.Error()))
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
		resp.Error = function.NewArgumentFuncError(0, "A capacity is not negative.")
	case !given.IsInt():
		resp.Error = function.NewArgumentFuncError(0, fmt.Sprintf("%s is not a whole number of bytes. Where it comes of a division, floor() and ceil() round.", given.Text('g', shownDigits)))
	case accuracy != big.Exact:
		resp.Error = function.NewArgumentFuncError(0, fmt.Sprintf("%s is larger than a system can hold: at most %d bytes.", given.Text('g', shownDigits), math.MaxInt64))
	default:
		resp.Error = resp.Result.Set(ctx, FormatCapacity(bytes))
	}
}
