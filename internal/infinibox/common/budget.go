package common

import (
	"context"
	"fmt"
	"math"
	"strconv"
	"sync"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
)

// Budget adds up, over one plan, what the pools can promise and what the volumes and
// filesystems of the configuration ask of them. It refuses only what cannot be: the
// plan's own datasets exceeding their pool. What else is in the pool may be on
// its way out in the same plan, so it only warns of that.
type Budget struct {
	mu    sync.Mutex
	pools map[int64]*poolBudget
	// The pools that this plan creates have no id yet, nor have the pools that
	// their datasets name. Together they must suffice.
	created, largest, asked int64

	counted map[int64]bool // datasets
}

// poolBudget is what one pool can promise, in bytes.
type poolBudget struct {
	virtual int64 // as it will be
	used    int64 // by everything in it now
	planned int64 // by the datasets of this plan, as they will be
	growth  int64 // what this plan adds and takes away so far
	known   bool
	special string // what the pool is for, where that is neither volumes nor filesystems
	// seen says that the plan of the pool itself has told what it will be. Terraform plans
	// a pool before what refers to it; one that is named by a number may be planned later,
	// and grow.
	seen bool

	learning sync.Mutex // held while the array is asked
}

// BudgetOf is the budget of the plan that is being made.
func BudgetOf(s *entity.Session) *Budget {
	b := entity.Note[Budget](s, "pool budget")
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.pools == nil {
		b.pools, b.counted = map[int64]*poolBudget{}, map[int64]bool{}
	}
	return b
}

func (b *Budget) of(id int64) *poolBudget {
	if b.pools[id] == nil {
		b.pools[id] = &poolBudget{}
	}
	return b.pools[id]
}

// Pool notes what a planned pool will be able to promise.
func (b *Budget) Pool(p *entity.Plan) {
	// Terraform plans a replacement twice: as a change, then as a creation.
	if p.After == nil || p.Replaced {
		return
	}
	virtual, ok := p.After.Bytes("virtual_capacity")
	if !ok {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if p.Before == nil {
		b.created = sum(b.created, virtual)
		b.largest = max(b.largest, virtual)
		return
	}
	pool := b.of(p.Before.Int("id"))
	pool.virtual, pool.seen = virtual, true
}

// Dataset notes what a planned volume or filesystem asks of its pool, and refuses what
// the pool cannot give.
func (b *Budget) Dataset(ctx context.Context, p *entity.Plan) {
	before, _ := p.Before.Bytes("size")
	if p.After == nil || p.Replaced {
		b.release(p.Before.Int("pool_id"), before)
		return
	}
	after, ok := p.After.Bytes("size")
	if !ok || p.Forced { // its place is counted already
		return
	}
	if p.After.Unknown("pool_id") {
		b.fromNewPools(ctx, p, after)
		return
	}
	id, from, growth := p.After.Int("pool_id"), p.Before.Int("pool_id"), after
	if from == id {
		growth -= before
	}
	if growth != 0 {
		b.learn(ctx, p.Session, id)
	}

	b.mu.Lock()
	defer b.mu.Unlock()
	pool := b.of(id)
	if b.first(p.Before) {
		pool.planned = sum(pool.planned, after)
		pool.growth = sum(pool.growth, growth)
		if from != 0 && from != id {
			b.of(from).growth = sum(b.of(from).growth, -before)
			if p.After.Bool("move_with_capacity") {
				pool.virtual = sum(pool.virtual, before)
			}
		}
	}
	switch {
	case pool.special != "" && p.Changes("pool_id"):
		p.Refuse("pool_id", "The pool is not for this",
			fmt.Sprintf("The pool with id %d is of type %s, and volumes and filesystems are made in a pool of type STANDARD.", id, pool.special))
	case !pool.known || pool.growth <= 0:
	case pool.planned > pool.virtual:
		story := fmt.Sprintf("The volumes and filesystems of this configuration in the pool with id %d need %s, and its virtual capacity is %s. "+
			"Raise the pool's virtual_capacity, or make them smaller.",
			id, about(pool.planned), about(pool.virtual))
		if pool.seen {
			p.Refuse("size", tooSmall, story)
			return
		}
		p.Warn(tooSmall, story+" The pool is not managed here, or the plan has not come to it yet: it can only be applied if the pool grows first.")
	case growth > 0 && sum(pool.used, pool.growth) > pool.virtual:
		p.Warn("The pool may be too small",
			fmt.Sprintf("The pool with id %d has a virtual capacity of %s, of which %s is in use. This plan adds %s so far: "+
				"it can only be applied if something else in the pool goes first.",
				id, about(pool.virtual), about(pool.used), about(pool.growth)))
	}
}

// first reports whether a dataset has not been counted yet: an unchanged one that
// is refused is planned twice.
func (b *Budget) first(dataset entity.Values) bool {
	if dataset == nil {
		return true
	}
	id := dataset.Int("id")
	if b.counted[id] {
		return false
	}
	b.counted[id] = true
	return true
}

// fromNewPools holds a dataset whose pool has no id yet against the pools that this
// plan creates. A pool is planned before the datasets that name it. Where the array has
// pools already, it may turn out to be one of these.
func (b *Budget) fromNewPools(ctx context.Context, p *entity.Plan, size int64) {
	b.mu.Lock()
	b.asked = sum(b.asked, size)
	fits := b.created == 0 || size <= b.largest && b.asked <= b.created
	story := fmt.Sprintf("This one asks for %s. The volumes and filesystems planned on pools that are known only after apply need %s in sum; the new pools have a virtual capacity of %s, the largest of them %s. "+
		"Raise the pool's virtual_capacity, or make them smaller.",
		p.After.Text("size"), about(b.asked), about(b.created), about(b.largest))
	b.mu.Unlock()
	if fits {
		return
	}
	for _, err := range p.Session.Client.List(ctx, "pools", api.Query{Fields: []string{"id"}, Limit: 1}) {
		if err == nil {
			p.Warn(tooSmall, story+" It can only be applied if this one is on a pool that is there already.")
		}
		return
	}
	p.Refuse("size", tooSmall, story)
}

const tooSmall = "The pool is too small for what is planned on it"

func (b *Budget) release(pool, bytes int64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.of(pool).growth = sum(b.of(pool).growth, -bytes)
}

// learn asks the array once a plan what a pool promises now. Where it cannot
// say, the array itself will judge at apply.
func (b *Budget) learn(ctx context.Context, s *entity.Session, id int64) {
	b.mu.Lock()
	pool := b.of(id)
	b.mu.Unlock()
	pool.learning.Lock()
	defer pool.learning.Unlock()
	if pool.known {
		return
	}
	o, err := s.Client.Read(ctx, "pools", strconv.FormatInt(id, 10), []string{"id", "virtual_capacity", "free_virtual_space", "type"})
	if err != nil {
		return
	}
	b.mu.Lock()
	if kind, _ := o["type"].(string); kind != "STANDARD" {
		pool.special = kind
	}
	b.mu.Unlock()
	virtual, err1 := Number(o["virtual_capacity"])
	free, err2 := Number(o["free_virtual_space"])
	if err1 != nil || err2 != nil {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	pool.known, pool.used = true, virtual-free
	if pool.virtual == 0 { // no plan of the pool itself has said otherwise
		pool.virtual = virtual
	}
}

// sum adds capacities: what no number holds is as much as one holds, and not less
// than nothing.
func sum(a, b int64) int64 {
	switch total := a + b; {
	case a > 0 && b > 0 && total < 0:
		return math.MaxInt64
	case a < 0 && b < 0 && total >= 0:
		return math.MinInt64
	default:
		return total
	}
}

// about is a capacity for a person: what the array has rounded up is not exact in
// any unit.
func about(bytes int64) string {
	exact := entity.FormatCapacity(bytes)
	if _, err := strconv.ParseInt(exact, 10, 64); err != nil || bytes < 1e9 {
		return exact
	}
	if bytes < 1e12 {
		return fmt.Sprintf("about %.2fGB", float64(bytes)/1e9)
	}
	return fmt.Sprintf("about %.2fTB", float64(bytes)/1e12)
}
