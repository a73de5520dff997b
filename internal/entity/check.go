package entity

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
)

// Check holds the pages of systems to what they say: every name that a word mentions is
// a fact or a kind, every word fits what it stands on, and none takes back another. Its
// error names each page and word that does not.
func Check(systems []*System) error {
	var mistakes []error
	for _, s := range systems {
		kinds := map[string]bool{}
		for _, k := range s.Kinds {
			kinds[k.Name] = true
		}
		page := func(what, name string, found []string) {
			for _, mistake := range found {
				mistakes = append(mistakes, fmt.Errorf("%s %s_%s: %s", what, s.Name, name, mistake))
			}
		}
		for _, k := range s.Kinds {
			page("kind", k.Name, k.mistakes(kinds))
		}
		for _, a := range s.Actions {
			page("action", a.Name, a.mistakes())
		}
		for _, l := range s.Lookups {
			page("look-up", l.Name, l.mistakes())
		}
	}
	return errors.Join(mistakes...)
}

// notes collects what is wrong with a page.
type notes []string

func (n *notes) add(wrong bool, format string, args ...any) {
	if wrong {
		*n = append(*n, fmt.Sprintf(format, args...))
	}
}

// mistakes are what is wrong with a kind's page. Kinds are those of its system, which
// references may name.
func (k *Kind) mistakes(kinds map[string]bool) []string {
	var n notes
	n.add(k.Name == "" || k.Path == "" || k.Doc == "" || k.System == "", "it needs System, Name, Path and Doc")
	n.names(k.Facts, "Path", k.parents())
	n.names(k.Facts, "Identity.Key", k.Identity.Key)
	n.names(k.Facts, "Identity.NamedIn", k.Identity.NamedIn)
	n.names(k.Facts, "Identity.Refers", slices.Sorted(maps.Keys(k.Identity.Refers)))
	n.names(k.Facts, "Reading.By", k.Reading.By)
	n.names(k.Facts, "Planning.Tracks", k.Planning.Tracks)
	n.names(k.Facts, "Listing.Scope", k.Listing.Scope)
	if k.Identity.NamedBy != "" {
		n.names(k.Facts, "Identity.NamedBy", []string{k.Identity.NamedBy})
	}
	for _, r := range k.Rules {
		n.names(k.Facts, "Rules", r.names)
		n.add(len(r.names) < 2, "Rules: a rule is about several attributes")
	}
	n.add(len(k.Identity.Key) == 0 && !k.hasFact(idName) && k.Presence != Nameless, "Identity.Key is needed where no fact is called id")
	n.add(len(k.Identity.Key) > 0 && !k.isFoundByKey(), "Identity.Key wants Reading.Find or Reading.Held, which finds an object by it")
	n.checkHeld(k)
	n.add(k.Identity.Import.Forms == "" && (k.Identity.Import.Key != nil || k.Identity.Import.Told != nil), "Identity.Import wants Forms, which a refusal names")
	n.add(k.Planning.Check == nil && k.Planning.Tracks != nil, "Planning.Tracks is for Planning.Check")
	n.add(k.Planning.Check == nil && k.Planning.Weighs != nil, "Planning.Weighs is for Planning.Check")
	n.builtIn(k)
	n.phases(k)
	n.facts(k.Facts)
	for name, others := range k.Identity.Refers {
		for _, other := range others {
			n.add(!kinds[other], "Identity.Refers of %s names %q, which is no kind of the system", name, other)
		}
	}
	for _, f := range k.Facts {
		n.fact(k, f)
		for _, other := range f.to {
			n.add(!kinds[other], "fact %s: To names %q, which is no kind of the system", f.name, other)
		}
	}
	return n
}

// builtIn holds what the system has by itself against what tells it.
func (n *notes) builtIn(k *Kind) {
	if k.BuiltIn.By == "" {
		return
	}
	by, ok := k.Facts.find(k.BuiltIn.By)
	n.add(!ok, "BuiltIn names %q, which is no fact", k.BuiltIn.By)
	for _, word := range k.BuiltIn.Values {
		n.add(ok && !slices.Contains(by.words(), word), "BuiltIn wants of %s what it never is: %q", by.name, word)
	}
	n.add(k.Presence != Made, "BuiltIn is for a kind that is Made")
	n.add(k.Reading.Find == nil, "BuiltIn wants Reading.Find, which finds the object by it")
}

// phases holds the groups of a kind against who makes its objects.
func (n *notes) phases(k *Kind) {
	makes := k.Creation.Request != nil || k.Creation.Prepare != nil || k.Creation.Fill != nil || k.Creation.Body != nil || k.Creation.Answer != nil || k.Creation.TakeBack != nil
	deletes := k.Deletion.Request != nil || k.Deletion.Fill != nil || k.Deletion.Each != nil || k.Deletion.Leave != nil || k.Deletion.Danger != "" || k.Deletion.Loses != nil
	if !k.IsManaged() {
		n.add(makes || k.Update.Request != nil || deletes, "Creation, Update and Deletion are for what is made here, and Presence says that others make it")
		n.add(k.Metadata != NoMetadata && k.Presence == Nameless, "Metadata is of no use where nothing tells one object from another")
	}
	n.add(k.isThere() && (makes || deletes), "Creation and Deletion are for what is made here, and Presence says that it is there")
	n.add(k.isOne() && len(k.parents()) > 0, "Path has owners, and Presence says that there are no two")
	told := k.Presence == ToldOnce
	n.add(told && (deletes || k.Update.Request != nil || k.Reading.Find != nil || k.IsListed() || k.hasMetadata()),
		"Reading, Update, Deletion and Listing are for what the system knows, and Presence says that it tells it once")
	n.add(told && slices.ContainsFunc(k.Facts, func(f Fact) bool { return f.isMutable() }), "a fact is Mutable, and Presence says that the system tells it once")
	n.add(told != (k.Identity.Import.Told != nil), "Identity.Import.Told is for what the system tells once, which nothing reads")
	n.add(k.Presence == Nameless && !k.IsListed(), "Plural is needed where there is nothing but a listing")
	n.add(k.Deletion.Request != nil && k.Deletion.Each != nil, "Deletion.Request and Deletion.Each both say how it is deleted")
	n.add(k.Deletion.Fill != nil && k.Deletion.Each != nil, "Deletion.Fill is for one request, and Deletion.Each says several")
	n.add(k.Update.Several != nil && (k.Update.OneByOne || !k.IsManaged()), "Update.Several is for what takes several fields at once")
	n.add(k.Update.Request != nil && k.isOne(), "Update.Request is not for the one of its kind, which is at Path")
	l := k.Listing
	n.add(!k.IsListed() && (l.As != "" || l.Scope != nil || l.Plain || l.Path != "" || l.List != nil), "Listing is for a kind with a Plural")
	n.add(l.Path != "" && l.List != nil, "Listing.Path and Listing.List both say where objects are listed")
	n.add(k.Reading.InFull != nil && (k.IsListed() || !k.IsFound()), "Reading.InFull is for what only the data source of one object tells, and there is another, or none")
	beside := slices.ContainsFunc(k.Facts, func(f Fact) bool { return f.keptBeside })
	n.add(beside != (k.Reading.Beside != nil), "Reading.Beside and facts that are KeptBeside belong together")
	grouped := slices.ContainsFunc(k.Facts, func(f Fact) bool { return f.group != "" })
	n.add(grouped && !k.Update.OneByOne, "InGroup means nothing without Update.OneByOne")
}

// names holds that names which a word mentions are facts.
func (n *notes) names(facts Facts, word string, names []string) {
	for _, name := range names {
		_, ok := facts.find(name)
		n.add(!ok, "%s names %q, which is no fact", word, name)
	}
}

// facts holds that names are given once, and passes on what words have noted.
func (n *notes) facts(facts Facts) {
	seen := map[string]bool{}
	for _, f := range facts {
		n.add(f.name == "", "a fact has no name")
		n.add(seen[f.name], "fact %s: there are two of that name", f.name)
		seen[f.name] = true
		n.add(f.doc == "", "fact %s: it needs a Doc", f.name)
		for _, m := range f.misuse {
			n.add(true, "fact %s: %s", f.name, m)
		}
		if r, ok := recordIn(f.shape); ok {
			var within notes
			within.facts(r.facts)
			for _, part := range r.facts {
				within.add(part.of != nil, "fact %s: Of is for an attribute of the object itself", part.name)
			}
			for _, m := range within {
				n.add(true, "in %s, %s", f.name, m)
			}
		}
	}
}

// recordIn is the record that a fact is, or that its elements are.
func recordIn(s shape) (record, bool) {
	if several, ok := s.(collection); ok {
		s = several.element
	}
	r, ok := s.(record)
	return r, ok
}

// fact holds the words of one fact against each other, and against the kind's others.
func (n *notes) fact(k *Kind, f Fact) {
	var of notes
	of.names(k.Facts, "Repeats", f.repeats)
	of.names(k.Facts, "ChosenAnewWith", f.chosenAnewWith)
	if f.sentWith != "" {
		other, ok := k.Facts.find(f.sentWith)
		of.add(!ok, "SentWith names %q, which is no fact", f.sentWith)
		of.add(ok && other.change == nil, "SentWith names %s, which has no operation of its own", f.sentWith)
		of.add(!f.secret, "SentWith is for a secret")
	}
	of.names(k.Facts, "After", f.after)
	of.names(k.Facts, "OncePer", f.once)
	if f.joins != nil {
		of.names(k.Facts, "Joins", []string{f.joins.owner})
	}
	if f.relation != nil {
		of.names(k.Facts, "Relation.Around", f.relation.Around)
	}
	if f.while != nil {
		other, ok := k.Facts.find(f.while.name)
		of.add(!ok, "While names %q, which is no fact", f.while.name)
		if ok {
			t := other.shape.attrType()
			of.add(!t.Equal(f.while.value.Type(context.Background())), "While wants of %s what it never is: %s", f.while.name, f.while.value)
		}
	}
	if f.above != "" {
		other, ok := k.Facts.find(f.above)
		of.add(!ok, "Above names %q, which is no fact", f.above)
		of.add(ok && (!isOrdered(f.shape) || !isOrdered(other.shape)), "Above is for numbers, capacities, durations and moments")
	}
	of.add(f.gap != 0 && f.above == "", "By says how far above, and there is no Above")
	of.checkVariant(k, f)
	of.add(f.revealed && k.Presence != Made && k.Presence != Sole, "it is Revealed by a creation, and nothing is created here")
	of.add(f.revealed && f.afterCreation, "it is Revealed by the creation, and so not AfterCreation")
	of.add(f.mutable && !f.settable(), "it is Mutable, and nobody sets it")
	of.add(f.anew != nil && !f.isMutable(), "it has ReplacedWhen, and every change of it replaces the object")
	of.add(f.anew != nil && k.isThere(), "it has ReplacedWhen, and nothing makes the object anew")
	of.add(len(f.danger) > 0 && !f.settable(), "it has a Danger, and nobody sets it")
	of.add(f.instruction && (f.inPath || f.unread || f.afterCreation || f.from != nil || f.hasOperation() || f.relation != nil),
		"an Instruction is not sent by itself, and so takes no word on how it is sent or read")
	of.add(f.unread && f.from != nil && !f.readAtImport, "it is Unread, and From says how to read it")
	of.add(f.readAtImport && (!f.unread || f.use != defaulted), "ReadAtImport is for what is Defaulted and Unread")
	of.add(f.inPath && f.afterCreation, "it is InPath, and what is AfterCreation is not in the path of one")
	of.add(!f.settable() && (f.inPath || f.afterCreation || f.unread || f.instruction || f.into != nil), "it says how it is sent, and nobody sets it")
	for _, m := range of {
		n.add(true, "fact %s: %s", f.name, m)
	}
}

// isOrdered reports whether one value of a shape can be above another.
func isOrdered(s shape) bool {
	switch s.(type) {
	case integer, capacity, duration, moment:
		return true
	}
	return false
}

// mistakes are what is wrong with an action's page.
func (a *Action) mistakes() []string {
	var n notes
	n.add(a.Name == "" || a.Doc == "" || a.Request == nil || a.Doing == nil, "it needs Name, Doc, Request and Doing")
	n.add(a.Loses != nil && a.Danger == "" && len(a.Weighs) == 0, "Loses says what is lost to a danger, and there is none")
	n.arguments(a.Arguments)
	return n
}

// mistakes are what is wrong with a look-up's page.
func (l *Lookup) mistakes() []string {
	var n notes
	n.add(l.Name == "" || l.Doc == "" || l.Ask == nil, "it needs Name, Doc and Ask")
	n.arguments(l.Arguments)
	for _, f := range l.Arguments {
		n.add(f.secret, "argument %s: no state may hold a secret, and a data source has its arguments there", f.name)
	}
	n.facts(l.Facts)
	return n
}

// arguments hold that each is set by the user.
func (n *notes) arguments(facts Facts) {
	n.facts(facts)
	for _, f := range facts {
		n.add(f.use != required && f.use != optional, "argument %s: it is neither Required nor Optional", f.name)
	}
}
