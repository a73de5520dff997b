package entity

import "time"

// The tests have no time to wait for what nobody is about to do.
func init() { patience, littlePatience = 50*time.Millisecond, 10*time.Millisecond }

// WithCall marks a context as that of one request for a plan.
var WithCall = withCall
