package entity

// ReplacedByValue are the kind's attributes of which some changes replace the object, and
// others do not.
func (k *Kind) ReplacedByValue() []string {
	return k.resourceFacts().names(func(f Fact) bool { return f.anew != nil })
}

// Bounds are the kind's attributes that must be above another one, each with that: what
// a user changes with one word of a table takes several requests in the right order.
func (k *Kind) Bounds() map[string]string {
	bounds := map[string]string{}
	for _, f := range k.resourceFacts() {
		if f.above != "" {
			bounds[f.name] = f.above
		}
	}
	return bounds
}
