package entity_test

import (
	"math"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
)

func TestParseCapacity(t *testing.T) {
	for text, want := range map[string]int64{
		"0": 0, "1": 1, "1B": 1, "1kb": 1000, "1KiB": 1024, "1 KB": 1000, " 1KB ": 1000, "10TB": 10e12, "1.5TiB": 3 << 39,
		"1.1TB": 1.1e12, "0.5KB": 500, "1MB": 1e6, "1MiB": 1 << 20, "1GB": 1e9, "1gib": 1 << 30, "1PB": 1e15, "1PiB": 1 << 50,
		"1EB": 1e18, "7EiB": 7 << 60, "9223372036854775807": math.MaxInt64, "1000000192512": 1000000192512,
		"0.000000000000000001EB": 1, "007GB": 7e9, "1.0": 1,
	} {
		if got, err := entity.ParseCapacity(text); err != nil || got != want {
			t.Errorf("%q is %d, %v; wanted %d", text, got, err, want)
		}
	}
	for text, why := range map[string]string{
		"": "not a capacity", "TB": "not a capacity", "ten TB": "not a capacity", "-1GB": "not a capacity", "+1GB": "not a capacity",
		"1e12": "not a capacity", "1,5TB": "not a capacity", "1.TB": "not a capacity", ".5TB": "not a capacity", "1 2": "not a capacity",
		"0x10": "not a capacity", "1/2TB": "not a capacity", "Inf": "not a capacity", "1T": "unknown unit", "1iB": "unknown unit",
		"1.5": "not a whole number of bytes", "0.0001KB": "not a whole number of bytes", "8EiB": "larger", "9223372036854775808": "larger",
		"99999999999999999999EB": "larger", "1\u00a0TB": "not a capacity", "١TB": "not a capacity",
	} {
		if got, err := entity.ParseCapacity(text); err == nil || !strings.Contains(err.Error(), why) {
			t.Errorf("%q is %d, %v; wanted %q", text, got, err, why)
		}
	}
}

func TestFormatCapacity(t *testing.T) {
	for bytes, want := range map[int64]string{
		0: "0", 1: "1", 999: "999", 1000: "1KB", 1024: "1KiB", 500e9: "500GB", 1 << 40: "1TiB", 1000000192512: "1000000192512",
		1536 << 30: "1536GiB", 10e12: "10TB", 1e18: "1EB", math.MaxInt64: "9223372036854775807", -1: "-1",
	} {
		if got := entity.FormatCapacity(bytes); got != want {
			t.Errorf("%d is %q, wanted %q", bytes, got, want)
		}
	}
}

func FuzzParseCapacity(f *testing.F) {
	for _, text := range []string{"10TB", "1.5 TiB", "1000000000000", "", "1e999999999", "0.0000001EB", strings.Repeat("9", 400) + "B", "\xff"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		bytes, err := entity.ParseCapacity(text)
		if err != nil {
			if !utf8.ValidString(err.Error()) {
				t.Errorf("the error is no text: %q", err)
			}
			return
		}
		if bytes < 0 {
			t.Fatalf("%q is %d bytes", text, bytes)
		}
		again, err := entity.ParseCapacity(entity.FormatCapacity(bytes))
		if err != nil || again != bytes {
			t.Errorf("%q is %d bytes, written %q, which is %d, %v", text, bytes, entity.FormatCapacity(bytes), again, err)
		}
	})
}

// What is written of any number of bytes reads back as the same.
func FuzzFormatCapacity(f *testing.F) {
	for _, bytes := range []int64{0, 1, 1000, 1024, 1 << 40, 1e12, 1000000192512, math.MaxInt64, 7 << 60, 999999999999999999} {
		f.Add(bytes)
	}
	f.Fuzz(func(t *testing.T, bytes int64) {
		if bytes < 0 {
			return
		}
		text := entity.FormatCapacity(bytes)
		if again, err := entity.ParseCapacity(text); err != nil || again != bytes {
			t.Errorf("%d is written %q, which is %d, %v", bytes, text, again, err)
		}
	})
}

// No import id makes the provider crash, or ask for anything but what it names.
func FuzzImportID(f *testing.F) {
	for _, id := range []string{"1001", "id=1001", "name=w", "widget_id=7,box_id=1", "a=b,c", "=", ",", "name=", "id=-1", "\x00"} {
		f.Add(id)
	}
	d := newDepot()
	tf := newTerraform(f, d, nil)
	server := tf.start()
	f.Fuzz(func(t *testing.T, id string) {
		for _, kind := range []string{"widget", "link", "plate"} {
			resp, err := server.ImportResourceState(t.Context(), &tfprotov6.ImportResourceStateRequest{TypeName: "storage_depot_" + kind, ID: id})
			if err != nil {
				t.Fatal(err)
			}
			if !diagnostics(resp.Diagnostics).failed() && len(resp.ImportedResources) != 1 {
				t.Errorf("%q imports %d objects", id, len(resp.ImportedResources))
			}
		}
		for _, request := range d.since() {
			if !strings.HasPrefix(request, "LIST widgets ") && !strings.HasPrefix(request, "LIST plates ") {
				t.Errorf("%q asked %s", id, request)
			}
		}
	})
}
