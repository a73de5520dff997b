package infinibox

import (
	"cmp"
	"math"
	"slices"
	"strconv"
)

const (
	// freeWindows is how many pages of a large collection are asked for before they have
	// to be worth it, and fruitfulWindow how many reads each has to answer from then on:
	// as many as Terraform has under way, which one request for their ids would answer.
	freeWindows    = 10
	fruitfulWindow = 10
)

// windows are the pages of a large collection that were asked for from an id on. What they
// show of it is kept from round to round.
type windows struct {
	count, answered int   // pages, and reads that they have answered
	width           int64 // how many ids apart the first and the last of a page are
	refused         bool  // the array does not sort the collection by id
}

// again is for the next round.
func (w windows) again() windows { return windows{width: w.width, refused: w.refused} }

// opened counts a page.
func (w *windows) opened(from, until int64) {
	w.count++
	if until != math.MaxInt64 {
		w.width = max(pageSize, (until-from+1)/pageSize*pageSize)
	}
}

// windowOf is from where on to ask for a page that has the id: from the beginning of a
// stretch of as many ids as a page spans, so that pages lie side by side, or of what is not
// known yet. It is none where such pages answer too little.
func (b *batch) windowOf(id string) (from int64, ok bool) {
	n, err := strconv.ParseInt(id, 10, 64)
	w := b.windows
	if err != nil || b.source != nil || w.refused || w.count >= freeWindows && w.answered < w.count*fruitfulWindow {
		return 0, false
	}
	stretch := max(w.width, pageSize)
	from = n - n%stretch
	if n < 0 {
		from = n
	}
	return max(from, b.known.gap(n)), true
}

// span is a stretch of ids, both ends included.
type span struct{ from, to int64 }

func (s span) has(id string) bool {
	n, err := strconv.ParseInt(id, 10, 64)
	return err == nil && s.from <= n && n <= s.to
}

// spans are stretches with ids between them, in order.
type spans []span

// at is the first span that does not end before an id.
func (all spans) at(id int64) int {
	i, _ := slices.BinarySearchFunc(all, id, func(s span, id int64) int { return cmp.Compare(s.to, id) })
	return i
}

func (all spans) have(id string) bool {
	n, err := strconv.ParseInt(id, 10, 64)
	if err != nil {
		return false
	}
	i := all.at(n)
	return i < len(all) && all[i].from <= n
}

// gap is the first id after the span before an id, which is in none.
func (all spans) gap(id int64) int64 {
	if i := all.at(id); i > 0 {
		return all[i-1].to + 1
	}
	return math.MinInt64
}

// with adds a span, and joins it with those that it meets.
func (all spans) with(s span) spans {
	first := all.at(s.from)
	if first > 0 && all[first-1].to == s.from-1 {
		first--
	}
	end := first
	for end < len(all) && (s.to == math.MaxInt64 || all[end].from <= s.to+1) {
		s.from, s.to = min(s.from, all[end].from), max(s.to, all[end].to)
		end++
	}
	return slices.Replace(all, first, end, s)
}
