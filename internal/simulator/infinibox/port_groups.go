package infinibox

// portGroupsOf are the port groups of a node. There are none yet.
func (a *Array) portGroupsOf(Object) []any { return []any{} }
