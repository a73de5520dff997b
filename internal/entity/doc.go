// Package entity is the language of pages, and the engine that serves them. A system
// describes each of its entities on a page, as a Kind: its name, its path in the system's
// API, its table of facts, and what is its own in the life of an object. Of a page the
// engine makes a managed resource, a singular and a plural data source, a list resource,
// import and the docs' attribute text. A page reads so:
//
//	// Volume is a block device in a pool.
//	var Volume = entity.Kind{
//		System:   "infinibox",
//		Name:     "volume",
//		Plural:   "volumes",
//		Path:     "volumes",
//		Doc:      "A volume: a block device in a pool.",
//		Metadata: entity.WithDefaults,
//		Identity: entity.Identity{Match: api.Where("type", "MASTER")}, // others share the path
//		Planning: entity.Planning{Check: checkVolume},                 // what a plan can know
//		Creation: entity.Creation{InUse: []string{"used", "mapped"}},
//		Update:   entity.Update{OneByOne: true},
//		Deletion: entity.Deletion{Danger: "The data of the volume is lost."},
//		Explain:  explainVolume, // what to do about a refusal
//		Facts: entity.Facts{
//			entity.ID(),
//			entity.Name(65),
//			entity.Ref("pool_id").Required().To("pool").ChangedBy(movePool).
//				Doc("The id of the pool."),
//			entity.Capacity("size").Required().GrowsOnly().AtLeast("1GB").While("write_protected", false).
//				Doc("The size, such as \"500GB\"."),
//			entity.Bool("write_protected").Defaulted().Mutable().
//				Danger("Hosts can no longer write to the volume.", entity.Becomes(true)).
//				Doc("Whether hosts can only read it."),
//			entity.Text("serial").Lasting().Doc("The SCSI serial number."),
//			entity.Capacity("used").Doc("What hosts have written."), // moves: in the data sources alone
//		},
//	}
//
// Who sets a fact is said by Required, Optional (else it is absent), Defaulted (else the
// system does) or Lasting (the system does, once); what has none of these moves by itself.
// A change replaces the object unless the fact is Mutable or has an operation of its own.
// Where objects come in variants, Of says which of them a fact is of.
// The words stand in fact.go, fact_danger.go and checks.go, those of a kind in kind.go;
// action.go and lookup.go have the other two sorts of pages. Check holds every page to
// what it says before anything is served.
//
// What must hold for every entity is kept here, so that no entity can forget it: drift is
// seen and is never an error, plans are quiet, an update sends only what changed, dangerous
// operations wait for approval, secrets stay out of the state, and nothing created is lost
// when a later step fails. Each operation of Terraform has a file of its name: plan.go,
// create.go, read.go, update.go, delete.go, import.go, listing.go, list.go. What they share:
//
//   - steps.go and change.go find the order of an update's requests and send them;
//   - lost.go, waiting.go and intheway.go are for what goes wrong: an answer that is lost,
//     a refusal that may pass, an object that is in the way;
//   - variant.go tells what an object has from what only others of its kind have;
//   - held.go finds what is in a list of its owner;
//   - revealed.go is for secrets that a system tells once;
//   - ledger.go holds the resources of one run against each other;
//   - consent.go, refusal.go and private.go are the user's approval, the words of an error,
//     and what is remembered of an object beside its state;
//   - shortcut.go answers by itself for what does not change, and strict.go refuses what no
//     configuration may hold.
//
// The engine knows no system. It talks to one through api.Client, and it knows the values
// of an entity as Terraform values (Values) on one side and as the API's JSON (api.Object)
// on the other; a fact's shape carries a value across.
package entity
