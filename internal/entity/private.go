package entity

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
)

// The keys of an object's private state: what its attributes do not tell.
const (
	// privateApproved holds "true" or "false": what the plan of a deletion was
	// told, for the deletion that carries it out.
	privateApproved = "approved"
	// privateImported is set from import until a configuration that speaks of metadata
	// is applied: what the state has is what was found, not what was asked for. It holds
	// "true" until the first read has found it; what comes later is others'.
	privateImported = "imported"
	// privateUnfinished is set while a creation has not ended well.
	privateUnfinished = "unfinished"
	// privateKept is set where a plan keeps the object, and its name, for the second
	// plan of a replacement that the user forces.
	privateKept = "kept"
	// privateGuarded is set where a deletion was planned of what is known not to be
	// unfinished, also if its state looks like that.
	privateGuarded = "guarded"
	// privateDestroyed is set where a plan destroys an object and makes no other in its
	// place.
	privateDestroyed = "destroyed"
)

// privateState is what the framework hands over as one.
type privateState interface {
	GetKey(ctx context.Context, key string) ([]byte, diag.Diagnostics)
	SetKey(ctx context.Context, key string, value []byte) diag.Diagnostics
}

func destroyed(ctx context.Context, private privateState) bool {
	word, _ := private.GetKey(ctx, privateDestroyed)
	return word != nil
}

// forgetPlan removes what a plan has left for the operation that carries it out.
func forgetPlan(ctx context.Context, private privateState) (diags diag.Diagnostics) {
	for _, key := range []string{privateApproved, privateGuarded, privateKept, privateDestroyed} {
		diags.Append(private.SetKey(ctx, key, nil)...)
	}
	return diags
}
