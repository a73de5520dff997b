package walk

import (
	"fmt"
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
)

// What only some objects have goes with the value that it depends on, whatever else of it
// there is.
func TestWhatAnObjectHas(t *testing.T) {
	k := &kind{variants: map[string]entity.Variant{
		"style":  {By: "type", Values: []string{"TUBE"}},
		"radius": {By: "style", Values: []string{"ROUND"}, Required: true},
		"pin_wo": {By: "type", Values: []string{"BULB"}, Or: []entity.Variant{{By: "style", Values: []string{"SQUARE"}}}},
	}}
	for want, arguments := range map[string]map[string]any{
		"map[radius:1 style:ROUND type:TUBE]":      {"type": "TUBE", "style": "ROUND", "radius": 1, "pin_wo": "x", "pin_wo_version": 1},
		"map[style:FLAT type:TUBE]":                {"type": "TUBE", "style": "FLAT", "radius": 1},
		"map[pin_wo:x style:SQUARE type:TUBE]":     {"type": "TUBE", "style": "SQUARE", "pin_wo": "x"},
		"map[pin_wo:x pin_wo_version:1 type:BULB]": {"type": "BULB", "style": "ROUND", "radius": 1, "pin_wo": "x", "pin_wo_version": 1},
	} {
		k.fit(arguments)
		if got := fmt.Sprint(arguments); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
	if !k.mustHave("radius") || k.mustHave("style") {
		t.Error("a round one must have a radius, and no style is needed")
	}
}
