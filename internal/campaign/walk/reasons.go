package walk

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
	"github.com/storage-as-code/terraform-provider-storage/internal/testcore"
)

// Here is what errors are right, and what takes more than one apply by Terraform's own
// order. All else is a violation.

// reasons are parts of errors that say why a change cannot be made though what it
// leads to could be.
var reasons = []string{
	"keeps what it has",                      // what a configuration does not speak of stays with who has it
	"moves with its consistency group alone", // the array moves what is in a group with the group
	"It can be changed only while",           // another attribute forbids it, which the change leaves
}

// wantsApproval reports whether an error is of an operation that nobody has approved.
func wantsApproval(e testcore.Said) bool {
	return strings.Contains(e.Summary, "not approved")
}

// approved reports whether the user has approved what is done to an object. The word
// of the configuration counts, and that of the state where the object goes.
func (s *step) approved(address string) bool {
	if r, stays := s.after.Resources[address]; stays {
		return r.Arguments["approved"] == true && s.before.Resources[address].Arguments["approved"] != false
	}
	return s.before.Resources[address].Arguments["approved"] == true
}

// rightly reports whether an error of a plan has its reason in the change itself,
// though both configurations are possible.
func (s *step) rightly(e testcore.Said) bool {
	switch {
	case wantsApproval(e) && !s.approved(e.Address):
		return true
	case e.Summary == testcore.Cycle: // Terraform itself cannot put the operations into an order
		return true
	case strings.Contains(e.Summary, "cannot shrink"):
		was, will := s.before.Resources[e.Address].Arguments, s.after.Resources[e.Address].Arguments
		return slices.ContainsFunc(slices.Collect(maps.Keys(will)), func(name string) bool { return shrinks(was[name], will[name]) })
	}
	return slices.ContainsFunc(reasons, func(words string) bool { return strings.Contains(e.Summary+"\n"+e.Detail, words) })
}

func shrinks(was, will any) bool {
	a, ok1 := was.(string)
	b, ok2 := will.(string)
	x, err1 := entity.ParseCapacity(a)
	y, err2 := entity.ParseCapacity(b)
	return ok1 && ok2 && err1 == nil && err2 == nil && y < x
}

// circle finds objects that take each other's values of an attribute of which no two
// have the same: none can be the first. It returns one of them and the attribute.
func (s *step) circle(m *maker) (address, attribute string) {
	for _, k := range m.kinds {
		for _, names := range k.unique {
			last := names[len(names)-1]
			had := map[string]string{}
			for address, r := range s.before.Resources {
				for _, m := range s.after.Moved {
					if m.From == address {
						address = m.To
						break
					}
				}
				if _, isText := r.Arguments[last].(string); isText && testcore.TypeOf(address) == k.resource {
					had[tuple(names, r.Arguments)] = address // what refers to another object has no third value
				}
			}
			// From each object to the one whose value it takes.
			for _, start := range s.after.Addresses() {
				for one, n := start, 0; n < len(had); n++ {
					r, stays := s.after.Resources[one]
					next := had[tuple(names, r.Arguments)]
					if !stays || testcore.TypeOf(one) != k.resource || next == "" || next == one {
						break
					}
					if one = next; one == start {
						return start, last
					}
				}
			}
		}
	}
	return "", ""
}

// never reports whether an apply has failed of what the array does not change, whatever
// else changes.
func (w *world) never(a attempt) bool {
	says := w.maker.estate.Never
	return says != nil && slices.ContainsFunc(a.done.Errors(), func(e testcore.Said) bool { return says(e, a.plan) })
}

// unapproved are the objects that an apply has failed for, and that have no approval:
// where only the array knew that it wants one, and where others have changed an object,
// so that the plan had to go on.
func (w *world) unapproved(s *step, a attempt) []string {
	var all []string
	for _, e := range a.done.Errors() {
		_, stays := s.after.Resources[e.Address]
		late := strings.Contains(e.Detail, "(APPROVAL_REQUIRED)") || wantsApproval(e) && (w.drifted[e.Address] || foretold(a, e))
		if stays && late && !s.approved(e.Address) {
			all = append(all, e.Address)
		}
	}
	return all
}

// foretold reports whether the plan has warned of what the apply refuses, because others
// have changed the object and a plan goes on over that.
func foretold(a attempt, e testcore.Said) bool {
	return slices.ContainsFunc(a.plan.Warnings(), func(said testcore.Said) bool {
		return said.Address == e.Address && said.Summary == e.Summary
	})
}

// tooLate reports whether an operation failed for what create_before_destroy keeps until
// after it: the old object beside which the array cannot have the new one, one that it
// is to have the place of, and one that depended on it.
func tooLate(a attempt) bool {
	return slices.ContainsFunc(a.done.Errors(), func(e testcore.Said) bool {
		change := a.plan.Changes[e.Address]
		if change == nil {
			return false
		}
		for _, other := range a.plan.Changes {
			if keepsPlace(other, e) {
				return true
			}
			if other.Action != testcore.Delete || !other.Before.CreateBeforeDestroy && other.Deposed == "" {
				continue
			}
			resource := testcore.ResourceOf(e.Address)
			if testcore.TypeOf(other.Address) == testcore.TypeOf(e.Address) || slices.Contains(other.Before.Dependencies, resource) {
				return true
			}
		}
		return change.Action == testcore.CreateThenDelete
	})
}

// keepsPlace reports whether an error says that the old object of a replacement is in the
// way, which create_before_destroy keeps until the new one is there.
func keepsPlace(change *testcore.Change, e testcore.Said) bool {
	if change.Action != testcore.CreateThenDelete || change.Before == nil || testcore.TypeOf(change.Address) != testcore.TypeOf(e.Address) {
		return false
	}
	old, _ := testcore.Plain(change.Before.Value).(map[string]any)
	return strings.Contains(e.Detail, "In the way is ") && strings.Contains(e.Detail, fmt.Sprintf("(id %v)", old["id"]))
}

// inLockedPool reports whether an apply has failed for what goes from a pool that is
// locked and that the plan unlocks: Terraform deletes first, and unlocks nothing then.
func inLockedPool(a attempt) bool {
	return slices.ContainsFunc(a.done.Errors(), func(e testcore.Said) bool { return strings.Contains(e.Detail, "(ILLEGAL_POOL_STATE)") }) &&
		slices.ContainsFunc(slices.Collect(maps.Values(a.plan.Changes)), func(c *testcore.Change) bool {
			return c.Action == testcore.Update && c.Value("locked") == false && a.plan.Refreshed.Attributes(c.Address)["locked"] == true
		})
}

// announced reports whether a plan has said itself that it takes another apply.
func announced(a attempt) bool {
	return slices.ContainsFunc(a.plan.Said, func(said testcore.Said) bool { return strings.Contains(said.Summary, "until the next apply") })
}

// onlyGrown reports whether an apply has failed for nothing but what others have made
// larger.
func onlyGrown(a attempt) bool {
	return a.failed() && !slices.ContainsFunc(a.done.Errors(), func(e testcore.Said) bool { return !strings.Contains(e.Summary, "cannot shrink") })
}

// abandons reports whether an object goes, or gives way to a new one, that another
// object was in: Terraform deletes it before it moves the other. A member of a set is
// no such object: the deletion takes it out first.
func (s *step) abandons(a attempt) bool {
	for address := range s.before.Resources {
		change := a.plan.Changes[address]
		if _, stays := s.after.Resources[address]; stays && (change == nil || change.Action != testcore.Replace) {
			continue
		}
		for other, r := range s.before.Resources {
			if _, stays := s.after.Resources[other]; !stays {
				continue
			}
			for _, value := range r.Arguments {
				if ref, ok := value.(testcore.Ref); ok && ref.Address == address {
					return true
				}
			}
		}
	}
	return false
}
