package entity

import (
	"fmt"
	"slices"
	"strings"
)

// say notes a word of which a fact takes one of its sort: a second would overwrite the
// first.
func (f Fact) say(sort, word string) Fact {
	for _, said := range f.said {
		if before, of, _ := strings.Cut(said, " "); of == sort {
			return f.misused(fmt.Sprintf("%s and %s both say %s", before, word, sort))
		}
	}
	f.said = append(slices.Clip(f.said), word+" "+sort)
	return f
}

// misused notes a word that means nothing where it stands.
func (f Fact) misused(why string) Fact {
	f.misuse = append(slices.Clip(f.misuse), why)
	return f
}

// needs holds a word to the shape that it is for.
func needs[S shape](f Fact, word string) Fact {
	if _, ok := f.shape.(S); !ok {
		var s S
		what := strings.TrimPrefix(fmt.Sprintf("%T", s), "entity.")
		if what == "collection" {
			what = "set or a list"
		}
		return f.misused(fmt.Sprintf("%s is for a %s", word, what))
	}
	return f
}

// shaped changes a shape by a word that is for it.
func shaped[S shape](f Fact, word string, change func(S) shape) Fact {
	if s, ok := f.shape.(S); ok {
		f.shape = change(s)
		return f
	}
	return needs[S](f, word)
}
