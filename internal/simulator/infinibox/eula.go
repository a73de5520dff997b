package infinibox

import "net/http"

const (
	eulaVersion = "3.0"
	eulaSnooze  = 2880  // minutes for which it can be put off
	eulaTime    = 43200 // minutes after which it has to be accepted, from the first time on that it was put off
	minute      = 60 * second
)

// eula is the license agreement: whether it was accepted or put off, by whom and when.
type eula struct {
	AcceptedBy   string `json:"accepted_by,omitempty"` // "": it was not
	Email        string `json:"email,omitempty"`
	From         string `json:"from,omitempty"`
	AcceptedOn   int    `json:"accepted_on,omitempty"`
	FirstSnoozed int    `json:"first_snoozed,omitempty"` // 0: it never was
	LastSnoozed  int    `json:"last_snoozed,omitempty"`
}

func (a *Array) eulaRoutes(r router) {
	r.read("/system/eula", func(rq *request) (any, error) { return singleton(rq, a.eula()), nil })
	r.write(http.MethodPost, "/system/eula/accepted", poolAdmins, a.acceptEULA)
	r.write(http.MethodPost, "/system/eula/snoozed", poolAdmins, a.snoozeEULA)
}

func (a *Array) eulaStatus() string {
	switch e := a.access.EULA; {
	case e.AcceptedBy != "":
		return "ACCEPTED"
	case e.LastSnoozed > 0 && a.clock() < e.LastSnoozed+eulaSnooze*minute:
		return "SNOOZED"
	}
	return "PENDING"
}

func (a *Array) eula() map[string]any {
	e := a.access.EULA
	left := eulaTime
	if e.FirstSnoozed > 0 && e.AcceptedBy == "" {
		left = max(0, eulaTime-(a.clock()-e.FirstSnoozed)/minute)
	}
	o := map[string]any{
		"status": a.eulaStatus(), "accepted_by": nil, "user_accepted_email": nil, "accepted_from": nil, "accepted_on": nil,
		"eula_version": eulaVersion, "eula_version_accepted": nil, "eula_snooze_time": eulaSnooze, "eula_time_left": left,
		"last_snoozed_on": nil, "eula_first_snoozed_on": nil,
	}
	if e.AcceptedBy != "" {
		o["accepted_by"], o["user_accepted_email"], o["accepted_from"], o["accepted_on"] = e.AcceptedBy, orNull(e.Email), e.From, e.AcceptedOn
		o["eula_version_accepted"] = eulaVersion
	}
	if e.FirstSnoozed > 0 {
		o["last_snoozed_on"], o["eula_first_snoozed_on"] = e.LastSnoozed, e.FirstSnoozed
	}
	return o
}

func (a *Array) acceptEULA(rq *request) (any, error) {
	e := &a.access.EULA
	e.AcceptedBy, e.Email, e.From, e.AcceptedOn = rq.user.name(), rq.user.text("email"), rq.remote, a.now()
	return a.eula(), nil
}

// snoozeEULA puts the agreement off, which is possible while it is neither accepted nor put off.
func (a *Array) snoozeEULA(*request) (any, error) {
	if status := a.eulaStatus(); status != "PENDING" {
		return nil, conflict("EULA_CANNOT_BE_SNOOZED", "EULA can not be snoozed while in stage: %s", status)
	}
	e := &a.access.EULA
	e.LastSnoozed = a.now()
	if e.FirstSnoozed == 0 {
		e.FirstSnoozed = e.LastSnoozed
	}
	return a.eula(), nil
}
