package infinibox

import (
	"cmp"
	"fmt"
	"hash/fnv"
	"math"
	"slices"
	"strings"
)

// The load is made up: each volume and each filesystem has one of its own, which goes up and down with the time, and
// what is told of pools and of the whole array is the sum of theirs.

// ioSizes are the sizes of operations, with their part of all in percent.
var ioSizes = []struct {
	name        string
	bytes, part int
}{{"1K", 1 << 10, 10}, {"4K", 4 << 10, 30}, {">4K", 16 << 10, 60}}

var ioSizeNames = []string{"1K", "4K", ">4K"}

const (
	leastLoad, loadRange = 200, 1800 // operations a second of one dataset
	swing, swingSeconds  = 0.3, 60
	readPart             = 70  // percent of the operations
	fastest              = 200 // microseconds
	nodes                = 3
)

// share is a part of the load of one dataset in one second: operations of one kind and size.
type share struct {
	of                       map[string]string // what filters may ask for
	operations, bytes, spent int               // spent: microseconds in all
	filesystem               bool
}

// loadOf is what a filter lets through in a second.
func (a *Array) loadOf(filter *metricFilter, at int) []share {
	var shares []share
	for _, c := range []*collection{a.volumes, a.filesystems} {
		for _, o := range c.all() {
			for _, s := range sharesOf(o, at) {
				if filter.passes(s) {
					shares = append(shares, s)
				}
			}
		}
	}
	return shares
}

func (f *metricFilter) passes(s share) bool {
	for name, value := range f.values {
		is, ok := s.of[name]
		if name == "protocol" && ok && strings.HasPrefix(is, strings.ToUpper(value)) { // NFS is any version of it
			continue
		}
		if !ok || !strings.EqualFold(is, value) {
			return false
		}
	}
	return true
}

// sharesOf is the load of one dataset in a second.
func sharesOf(o Object, at int) []share {
	hash := fnv.New32a()
	_, _ = fmt.Fprint(hash, o.id()) // never fails
	seed := int(hash.Sum32())
	phase := float64(at%swingSeconds)/swingSeconds + float64(seed%100)/100
	total := float64(leastLoad+seed%loadRange) * (1 + swing*math.Sin(2*math.Pi*phase))
	latency := fastest + int(total)/10
	var shares []share
	for kind, part := range map[string]int{"read": readPart, "write": 100 - readPart} {
		for _, size := range ioSizes {
			n := int(total) * part / 100 * size.part / 100
			of := map[string]string{
				"protocol": "FC", "protocol_type": "SAN", "operation_type": kind, "io_size": size.name, "latency": itoa(latency),
				"pool_id": itoa(o.int("pool_id")), "node_id": itoa(1 + o.id()%nodes), "user_id": "0", "volume_id": itoa(o.id()),
			}
			if isFilesystem(o) {
				of["protocol"], of["protocol_type"], of["filesystem_id"], of["file"] = "NFSV3", "NAS", itoa(o.id()), "/data"
				delete(of, "volume_id")
			}
			shares = append(shares, share{of, n, n * size.bytes, n * latency, isFilesystem(o)})
		}
	}
	return shares
}

// row is the sum of shares, in the fields that are collected.
func row(shares []share, fields []string) []any {
	var bytes, spent int
	operations := map[bool]int{} // by whether they are of filesystems
	for _, s := range shares {
		bytes, spent = bytes+s.bytes, spent+s.spent
		operations[s.filesystem] += s.operations
	}
	numbers := map[string]int{"throughput": bytes, "iops": operations[false], "ops": operations[true]}
	if n := operations[false] + operations[true]; n > 0 {
		numbers["latency"] = spent / n
	}
	values := []any{}
	for _, name := range fields {
		values = append(values, numbers[name])
	}
	return values
}

// groups are the rows of one second, each for one value of the field by which they are grouped.
func (c *collector) groups(shares []share) []any {
	byValue := map[string][]share{}
	for _, s := range shares {
		if value, ok := s.of[c.grouping]; ok {
			byValue[value] = append(byValue[value], s)
		}
	}
	values := sortedKeys(byValue)
	slices.SortStableFunc(values, func(x, y string) int {
		sorting := []string{c.sorting}
		order := cmp.Compare(row(byValue[x], sorting)[0].(int), row(byValue[y], sorting)[0].(int))
		if c.ascending {
			return order
		}
		return -order
	})
	rows := []any{}
	for _, value := range values[:min(len(values), topRows)] {
		rows = append(rows, append([]any{value}, row(byValue[value], c.fields)...))
	}
	return rows
}
