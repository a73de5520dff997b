package entity

import (
	"fmt"
	"math"
	"math/big"
	"regexp"
	"strconv"
	"strings"
)

// The units of a capacity, largest first in each family: decimal as disks are
// sold, binary as memory is counted.
var capacityUnits = []struct {
	name  string
	bytes int64
}{
	{"EiB", 1 << 60}, {"EB", 1e18},
	{"PiB", 1 << 50}, {"PB", 1e15},
	{"TiB", 1 << 40}, {"TB", 1e12},
	{"GiB", 1 << 30}, {"GB", 1e9},
	{"MiB", 1 << 20}, {"MB", 1e6},
	{"KiB", 1 << 10}, {"KB", 1e3},
	{"B", 1},
}

var capacityText = regexp.MustCompile(`^([0-9]+(?:\.[0-9]+)?) *([A-Za-z]*)$`)

// ParseCapacity reads a capacity such as "10TB", "1.5 TiB" or "1000000000000"
// and returns its bytes. It is exact where the libraries that read sizes go
// through a float: "1.1TB" is 1100000000000 bytes, and half a byte is refused.
func ParseCapacity(text string) (int64, error) {
	number, err := exactCapacity(text)
	if err != nil {
		return 0, err
	}
	if !number.IsInt() {
		return 0, fmt.Errorf("%q is not a whole number of bytes", text)
	}
	return bytesOf(text, number.Num())
}

// bytesOf is the number of bytes that a text means, where a system can hold it.
func bytesOf(text string, number *big.Int) (int64, error) {
	if !number.IsInt64() {
		return 0, fmt.Errorf("%q is larger than a system can hold: at most %d bytes", text, int64(math.MaxInt64))
	}
	return number.Int64(), nil
}

// exactCapacity is the number of bytes that a text means, which may have a fraction.
func exactCapacity(text string) (*big.Rat, error) {
	match := capacityText.FindStringSubmatch(strings.TrimSpace(text))
	if match == nil {
		return nil, fmt.Errorf("%q is not a capacity: write a number and a unit, such as \"10TB\", \"1.5TiB\" or \"512MB\", or a plain number of bytes", text)
	}
	unit := int64(1)
	if match[2] != "" {
		unit = 0
		for _, u := range capacityUnits {
			if strings.EqualFold(u.name, match[2]) {
				unit = u.bytes
				break
			}
		}
		if unit == 0 {
			return nil, fmt.Errorf("%q has an unknown unit %q: use B, KB, MB, GB, TB, PB or EB (powers of 1000), or KiB, MiB, GiB, TiB, PiB or EiB (powers of 1024)", text, match[2])
		}
	}
	number, ok := new(big.Rat).SetString(match[1])
	if !ok {
		return nil, fmt.Errorf("%q is not a capacity", text)
	}
	return number.Mul(number, new(big.Rat).SetInt64(unit)), nil
}

// FormatCapacity writes bytes with the largest unit that is exact, so that the
// text reads back as the same bytes: 500000000000 is "500GB", 1099511627776 is
// "1TiB", 1000000192512 stays "1000000192512".
func FormatCapacity(bytes int64) string {
	if bytes > 0 {
		best := ""
		for _, u := range capacityUnits {
			if u.bytes > 1 && bytes%u.bytes == 0 {
				text := strconv.FormatInt(bytes/u.bytes, 10)
				if best == "" || len(text)+len(u.name) < len(best) {
					best = text + u.name
				}
			}
		}
		// A long count of a small unit ("976562688KiB") reads worse than bytes.
		if best != "" && len(best) <= 8 {
			return best
		}
	}
	return strconv.FormatInt(bytes, 10)
}

// roundUp is the next multiple of unit at or above bytes, or the most that a number
// holds where there is none; unit 0 means none.
func roundUp(bytes, unit int64) int64 {
	if unit <= 1 || bytes%unit == 0 {
		return bytes
	}
	if last := math.MaxInt64 / unit * unit; bytes > last {
		return math.MaxInt64
	}
	return (bytes/unit + 1) * unit
}

// nearestMultiple says in words which multiple of a unit is the next, or the last.
func nearestMultiple(bytes, unit int64) string {
	next := roundUp(bytes, unit)
	if next%unit == 0 {
		return fmt.Sprintf("the next one is %q", FormatCapacity(next))
	}
	return fmt.Sprintf("the last one is %q", FormatCapacity(bytes/unit*unit))
}
