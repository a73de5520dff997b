// Package entity is the engine: it turns an entity's table of facts into the
// Terraform objects that serve it: a managed resource, a singular and a plural
// data source, a list resource and their documentation.
//
// A system describes each of its entities once, as a Kind: its name, its path
// in the system's API, its Facts, and the few operations that are its own. What
// must hold for every entity is kept here, so that no entity can forget it:
// drift is seen and is never an error, plans are quiet, an update sends only
// what changed, dangerous operations wait for approval, secrets stay out of the
// state, and nothing created is lost when a later step fails.
//
// The engine knows no system. It talks to one through Client, and it knows the
// values of an entity as Terraform values (Values) on one side and as the
// API's JSON (Object) on the other; a fact's shape carries a value across.
package entity
