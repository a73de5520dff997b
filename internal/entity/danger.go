package entity

// Danger says that an operation needs the user's approval, and why.
type Danger struct {
	// Reason completes "what happens": a full sentence in the user's words.
	Reason string
}

// Dangerous makes an operation one that is refused at plan time until approved.
func Dangerous(reason string) *Danger { return &Danger{Reason: reason} }

// approvedName is the attribute by which a user approves one resource's
// dangerous operations.
const approvedName = "approved"

// approved is the user's word on dangerous operations: the resource's own where
// it has one, also when it says false, else the provider's. One that is not known
// yet may say false.
func approved(s *Session, v Values) bool {
	if !v.Null(approvedName) {
		return v.Bool(approvedName)
	}
	return s.Approve
}
