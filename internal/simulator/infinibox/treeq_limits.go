package infinibox

// quota is one of the two things that a TreeQ is limited in.
type quota struct {
	field, code, noun          string // capacity, CAPACITY, capacity
	leastSoft, leastHard, step int
	softText, hardText, gap    string // the least values, and how far the limits are apart, as messages write them
}

const mostQuota = 1000000000000000000

var quotas = []quota{
	{"capacity", "CAPACITY", "capacity", 500000000, 1000000000, 100000000, "500MB", "1GB", "100MB"},
	{"inodes", "INODE", "iNodes", 2, 3, 1, "2", "3", "1"},
}

// check compares the limits with their bounds and with each other. A limit of null is none.
func (q quota) check(treeq Object) error {
	soft, hasSoft := treeq["soft_"+q.field].(int)
	hard, hasHard := treeq["hard_"+q.field].(int)
	switch {
	case hasSoft && soft < q.leastSoft:
		return q.refuse("SOFT_TOO_LOW", "TreeQ soft %s limit is too low, minimum is %s", q.noun, q.softText)
	case hasSoft && soft > mostQuota:
		return q.refuse("SOFT_TOO_HIGH", "TreeQ soft %s cannot be greater than %d", q.noun, mostQuota)
	case hasHard && hard < q.leastHard:
		return q.refuse("HARD_TOO_LOW", "TreeQ hard %s limit is too low, minimum is %s", q.noun, q.hardText)
	case hasHard && hard > mostQuota:
		return q.refuse("HARD_TOO_HIGH", "TreeQ hard %s cannot be greater than %d", q.noun, mostQuota)
	case !hasSoft || !hasHard:
		return nil
	case hard < soft:
		return q.refuse("HARD_BELOW_SOFT", "TreeQ hard %s has to be at least %s above soft %s", q.noun, q.gap, q.noun)
	case hard-soft < q.step:
		return q.refuse("INTERVAL_TOO_SMALL", "TreeQ hard %s has to be at least %s above soft %s", q.noun, q.gap, q.noun)
	}
	return nil
}

func (q quota) refuse(code, format string, args ...any) error {
	return conflict("TREEQ_INVALID_LIMITS_"+q.code+"_"+code, format, args...)
}
