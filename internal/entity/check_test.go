package entity

import (
	"context"
	"iter"
	"strings"
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
)

func listNone(context.Context, *Session, Values, api.Query) iter.Seq2[api.Object, error] { return nil }

// A mistake of a page is named with the page and the word.
func TestMistakesOfPages(t *testing.T) {
	facts := func(more ...Fact) Facts {
		return Join(Facts{ID(), Text("name").Required().Doc("d"), Integer("low").Optional().Doc("d"), Bool("on").Optional().Doc("d")}, more)
	}
	request := func(Values) api.Request { return api.Request{} }
	for want, k := range map[string]Kind{
		`kind depot_toy: fact age: it needs a Doc`:                     {Facts: facts(Text("age"))},
		`fact low: there are two of that name`:                         {Facts: facts(Text("low").Doc("d"))},
		`Identity.Key names "nobody", which is no fact`:                {Identity: Identity{Key: []string{"nobody"}}},
		`Identity.NamedBy names "nobody"`:                              {Identity: Identity{NamedBy: "nobody"}},
		`Identity.Refers names "nobody", which is no fact`:             {Identity: Identity{Refers: map[string][]string{"nobody": nil}}},
		`Identity.Refers of low names "nobody", which is no kind`:      {Identity: Identity{Refers: map[string][]string{"low": {"nobody"}}}},
		`Identity.Import wants Forms`:                                  {Identity: Identity{Import: Import{Key: func(context.Context, *Session, string) (Values, error) { return nil, nil }}}},
		`Reading.By names "nobody"`:                                    {Reading: Reading{By: []string{"nobody"}}},
		`Planning.Tracks names "nobody"`:                               {Planning: Planning{Tracks: []string{"nobody"}}},
		`Planning.Tracks is for Planning.Check`:                        {Planning: Planning{Tracks: []string{"low"}}},
		`Planning.Weighs is for Planning.Check`:                        {Planning: Planning{Weighs: []Consent{{"fill it", "It bursts."}}}},
		`Listing.Scope names "nobody"`:                                 {Listing: Listing{Scope: []string{"nobody"}}},
		`Listing.Path and Listing.List both`:                           {Listing: Listing{Path: "all", List: listNone}},
		`Rules names "nobody"`:                                         {Rules: []Rule{ExactlyOne("low", "nobody")}},
		`a rule is about several attributes`:                           {Rules: []Rule{AtLeastOne("low")}},
		`Path names "box_id"`:                                          {Path: "boxes/{box_id}/toys"},
		`Presence says that others make it`:                            {Presence: Foreign, Deletion: Deletion{Danger: "It is lost."}},
		`Presence says that it is there`:                               {Presence: There, Creation: Creation{Request: request}},
		`BuiltIn names "nobody", which is no fact`:                     {BuiltIn: BuiltIn{By: "nobody"}},
		`BuiltIn wants of sort what it never is: "C"`:                  {BuiltIn: BuiltIn{"sort", []string{"A", "C"}}, Facts: facts(Enum("sort", "A", "B").Required())},
		`BuiltIn is for a kind that is Made`:                           {Presence: There, BuiltIn: BuiltIn{"name", nil}},
		`BuiltIn wants Reading.Find`:                                   {BuiltIn: BuiltIn{"name", nil}},
		`Update.Several is for what takes several fields`:              {Update: Update{OneByOne: true, Several: request}},
		`Deletion.Fill is for one request`:                             {Deletion: Deletion{Fill: func(context.Context, *Session, Values, *api.Request) error { return nil }, Each: func(context.Context, *Session, Values) ([]api.Request, error) { return nil, nil }}},
		`both say how it is deleted`:                                   {Deletion: Deletion{Request: request, Each: func(context.Context, *Session, Values) ([]api.Request, error) { return nil, nil }}},
		`Reading.Beside and facts that are KeptBeside belong together`: {Facts: facts(Text("x").KeptBeside().Doc("d"))},
		`Reading.InFull is for what only the data source`:              {Plural: "toys", Reading: Reading{InFull: func(context.Context, *Session, api.Object) error { return nil }}},
		`InGroup means nothing without Update.OneByOne`:                {Facts: facts(Text("x").Optional().Mutable().InGroup("g").Doc("d"))},
		`fact x: Repeats names "nobody"`:                               {Facts: facts(Text("x").Optional().Repeats("nobody").Doc("d"))},
		`fact x: ChosenAnewWith names "nobody"`:                        {Facts: facts(Text("x").Defaulted().ChosenAnewWith("nobody").Doc("d"))},
		`fact x: After names "nobody"`:                                 {Facts: facts(Text("x").Optional().After("nobody").Doc("d"))},
		`fact x: OncePer names "nobody"`:                               {Facts: facts(Text("x").Optional().OncePer("nobody").Doc("d"))},
		`fact x: Joins names "nobody"`:                                 {Facts: facts(Text("x").Optional().Joins("r", "nobody").Doc("d"))},
		`fact x: Above names "nobody"`:                                 {Facts: facts(Integer("x").Optional().Above("nobody").Doc("d"))},
		`fact x: Above is for numbers`:                                 {Facts: facts(Integer("x").Optional().Above("name").Doc("d"))},
		`fact x: Above and NotBelow both say what it is above`:         {Facts: facts(Integer("x").Optional().Above("id").NotBelow("id").Doc("d"))},
		`fact x: By says how far above`:                                {Facts: facts(Integer("x").Optional().By(3).Doc("d"))},
		`fact x: ReadAtImport is for what is Defaulted and Unread`:     {Facts: facts(Integer("x").Optional().Unread().ReadAtImport().Doc("d"))},
		`fact x: While names "nobody"`:                                 {Facts: facts(Integer("x").Optional().While("nobody", true).Doc("d"))},
		`fact x: While wants of on what it never is`:                   {Facts: facts(Integer("x").Optional().While("on", "yes").Doc("d"))},
		`fact x: To names "nobody", which is no kind`:                  {Facts: facts(Ref("x").Optional().To("nobody").Doc("d"))},
		`fact x: it is Mutable, and nobody sets it`:                    {Facts: facts(Integer("x").Mutable().Doc("d"))},
		`fact x: it has a Danger, and nobody sets it`:                  {Facts: facts(Integer("x").Danger("Much is lost.").Doc("d"))},
		`fact x: an Instruction is not sent by itself`:                 {Facts: facts(Bool("x").Optional().Instruction().AfterCreation().Doc("d"))},
		`fact x: Required and Optional both say who sets it`:           {Facts: facts(Text("x").Required().Optional().Doc("d"))},
		`fact x: OncePer and Joins both say`:                           {Facts: facts(Text("x").Required().OncePer().Joins("r", "name").Doc("d"))},
		`fact x: ChangedBy and Members both say how it is changed`:     {Facts: facts(Integers("x").Optional().ChangedBy(func(string, Values) api.Request { return api.Request{} }).Members(Relation{}).Doc("d"))},
		`fact x: ChangedBy and ChangedUntil both say how`:              {Facts: facts(Integers("x").Optional().ChangedBy(func(string, Values) api.Request { return api.Request{} }).ChangedUntil(func(api.Object, Values) []api.Request { return nil }).Doc("d"))},
		`fact x: InAnyOrder is for a set or a list`:                    {Facts: facts(Text("x").Optional().InAnyOrder().Doc("d"))},
		`fact x: SentWith names "nobody", which is no fact`:            {Facts: facts(Secret("x", "").SentWith("nobody").Doc("d"))},
		`fact x: SentWith names low, which has no operation`:           {Facts: facts(Secret("x", "").SentWith("low").Doc("d"))},
		`fact x: SentWith is for a secret`:                             {Facts: facts(Text("x").Optional().SentWith("low").Doc("d"))},
		`Presence says that it tells it once`:                          {Presence: ToldOnce, Deletion: Deletion{Request: request}},
		`a fact is Mutable, and Presence says`:                         {Presence: ToldOnce, Facts: facts(Text("x").Optional().Mutable().Doc("d"))},
		`Identity.Import.Told is for what the system tells once`:       {Presence: ToldOnce},
		`fact x: OrUnlimited is for a capacity`:                        {Facts: facts(Text("x").OrUnlimited().Doc("d"))},
		`fact x: InSeconds is for a moment`:                            {Facts: facts(Text("x").InSeconds().Doc("d"))},
		`fact x: GrowsOnly is for a capacity`:                          {Facts: facts(Integer("x").Optional().GrowsOnly().Doc("d"))},
		`fact x: Members is for a set or a list`:                       {Facts: facts(Integer("x").Optional().Members(Relation{}).Doc("d"))},
		`fact x: NotEmpty is for a set or a list`:                      {Facts: facts(Integer("x").Optional().NotEmpty().Doc("d"))},
		`fact x: AtLeast: `:                                            {Facts: facts(Capacity("x").Optional().AtLeast("much").Doc("d"))},
		`fact parts: AsWritten is for texts`:                           {Facts: facts(Records("parts", Facts{Text("x").Doc("d")}).NotEmpty().AsWritten().Doc("d"))},
		`in parts, fact x: AsWritten is for a text`:                    {Facts: facts(Records("parts", Facts{Integer("x").AsWritten().Doc("d")}).Doc("d"))},
		`fact x: Of names "nobody", which is no fact`:                  {Facts: facts(Text("x").Optional().Of("nobody", "A").Doc("d"))},
		`fact x: Of says no value of kind`:                             {Facts: facts(Enum("kind", "A").Required(), Text("x").Optional().Of("kind").Doc("d"))},
		`fact x: Of wants of kind what it never is: "C"`:               {Facts: facts(Enum("kind", "A", "B").Required(), Text("x").Optional().Of("kind", "A", "C").Doc("d"))},
		`fact x: Of wants of low what it never is`:                     {Facts: facts(Text("x").Optional().Of("low", "1").Doc("d"))},
		`fact x: Of names kind, which the system never tells`:          {Facts: facts(Enum("kind", "A").Required().Unread(), Text("x").Optional().Of("kind", "A").Doc("d"))},
		`fact x: Of names kind, which the resource does not have`:      {Facts: facts(Enum("kind", "A"), Text("x").Optional().Of("kind", "A").Doc("d"))},
		`fact x: OrOf says what else it is of`:                         {Facts: facts(Text("x").Optional().OrOf("name", "A").Doc("d"))},
		`fact x: Of names "noone", which is no fact`:                   {Facts: facts(Enum("kind", "A").Optional(), Text("x").Optional().Of("kind", "A").OrOf("noone", "A").Doc("d"))},
		`fact x: Of goes round in a circle`:                            {Facts: facts(Enum("kind", "A").Optional().Of("x", "A"), Enum("x", "A").Optional().Of("kind", "A"))},
		`in parts, fact x: Of is for an attribute of the object`:       {Facts: facts(Enum("kind", "A").Required(), Records("parts", Facts{Text("x").Optional().Of("kind", "A").Doc("d")}).Doc("d"))},
		`fact x: it is Revealed by a creation, and nothing`:            {Presence: There, Facts: facts(Revealed("x").Doc("d"))},
		`fact x: it is Revealed by the creation, and so not`:           {Facts: facts(Revealed("x").AfterCreation().Doc("d"))},
		`fact x: it has ReplacedWhen, and every change`:                {Facts: facts(Text("x").Optional().ReplacedWhen(Becomes("a")).Doc("d"))},
		`fact x: it has ReplacedWhen, and nothing makes`:               {Presence: There, Facts: facts(Text("x").Optional().Mutable().ReplacedWhen(Becomes("a")).Doc("d"))},
		`Reading.Find and Reading.Held both say`:                       {Path: "boxes/{low}/toys", Identity: Identity{Key: []string{"low", "name"}}, Reading: Reading{Find: func(context.Context, *Session, Values) (api.Object, error) { return nil, nil }, Held: &Held{}}},
		`Reading.Held wants a Path with one owner`:                     {Identity: Identity{Key: []string{"low", "name"}}, Reading: Reading{Held: &Held{}}},
		`Reading.Held wants the owner first in Identity.Key`:           {Path: "boxes/{low}/toys", Identity: Identity{Key: []string{"name", "low"}}, Reading: Reading{Held: &Held{}}},
		`Listing and Reading.Held both say where`:                      {Path: "boxes/{low}/toys", Identity: Identity{Key: []string{"low", "name"}}, Reading: Reading{Held: &Held{Field: "toys"}}, Listing: Listing{List: listNone}},
		`fact x: it is Queryable, and a field of the owner`:            {Path: "boxes/{low}/toys", Identity: Identity{Key: []string{"low", "name"}}, Reading: Reading{Held: &Held{Field: "toys"}}, Facts: facts(Text("x").Queryable().Doc("d"))},
		`Plural is needed where there is nothing but a listing`:        {Presence: Nameless, Plural: "none"},
		`Path has owners, and Presence says that there are no two`:     {Presence: Only, Path: "boxes/{name}/toy"},
		`Identity.Key is needed where no fact is called id`:            {Facts: Facts{Text("name").Required().Doc("d")}},
	} {
		k.System, k.Name, k.Doc = "depot", "toy", "A toy."
		if k.Plural = "toys"; strings.HasPrefix(want, "Plural") {
			k.Plural = ""
		}
		if k.Path == "" {
			k.Path = "toys"
		}
		if k.Facts == nil {
			k.Facts = facts()
		}
		err := Check([]*System{{Name: "depot", Kinds: []*Kind{&k}}})
		if err == nil || !strings.Contains(err.Error(), want) || !strings.HasPrefix(err.Error(), "kind depot_toy: ") {
			t.Errorf("%s: %v", want, err)
		}
	}
	plain := Kind{System: "depot", Name: "toy", Plural: "toys", Path: "toys", Doc: "A toy.", Facts: facts()}
	if err := Check([]*System{{Name: "depot", Kinds: []*Kind{&plain}}}); err != nil {
		t.Errorf("a page without a mistake: %v", err)
	}
}

func TestMistakesOfActionsAndLookups(t *testing.T) {
	shake := Action{
		Name: "shake", Doc: "d", Arguments: Facts{Secret("word", "").Doc("d"), Text("how").Defaulted().Doc("d")},
		Request: func(Values) api.Request { return api.Request{} }, Doing: func(Values) string { return "" },
		Loses: func(context.Context, *Session, Values) []string { return nil },
	}
	count := Lookup{Name: "count", Doc: "d", Arguments: Facts{Text("of").Doc("d"), Secret("word", "").Doc("d")}}
	err := Check([]*System{{Name: "depot", Actions: []*Action{&shake}, Lookups: []*Lookup{&count}}})
	for _, want := range []string{
		"action depot_shake: Loses says what is lost to a danger, and there is none",
		"action depot_shake: argument how: it is neither Required nor Optional",
		"look-up depot_count: it needs Name, Doc and Ask",
		"look-up depot_count: argument of: it is neither Required nor Optional",
		"look-up depot_count: argument word: no state may hold a secret",
	} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", want, err)
		}
	}
}
