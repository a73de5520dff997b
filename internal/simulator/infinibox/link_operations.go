package infinibox

import (
	"net/http"
	"strings"
)

// What is done to a link as a whole: it is refreshed, and told of a witness.

// refreshLink asks the other array for what its side is like now, maybe at another host.
func (a *Array) refreshLink(rq *request) (any, error) {
	o, err := rq.object(a.links)
	if err != nil {
		return nil, err
	}
	body, err := rq.onlyFields("remote_host")
	if err != nil {
		return nil, err
	}
	host := o.text("remote_host")
	if value, given := body["remote_host"]; given && value != nil {
		text, ok := value.(string)
		if !ok {
			return nil, errField("remote_host")
		}
		host = text
	}
	var far linkEnd
	if err := a.ask(nil, "link/refresh", o.int("remote_link_id"), &far); err != nil {
		if isAway(err) {
			return nil, conflict("LINK_IO_ERROR", "I/O error when trying to communicate with remote system '%s'", host)
		}
		return nil, err
	}
	o["remote_host"] = host
	a.adopt(o, far)
	return a.render(o, nil), nil
}

// describeLink answers with what this side of a link is like.
func (a *Array) describeLink(v *visit) (any, error) {
	var id int
	if err := v.read(&id); err != nil {
		return nil, err
	}
	o, err := a.links.find(id)
	if err != nil {
		return nil, err
	}
	if a.isDetached(o) {
		return nil, conflict("LINK_NO_NET_SPACES", "No network spaces were found for the link")
	}
	return a.end(o), nil
}

// setWitness tells both sides of a link who judges which of them goes on when they lose each other.
func (a *Array) setWitness(rq *request) (any, error) {
	o, err := rq.object(a.links)
	if err != nil {
		return nil, err
	}
	if len(rq.body) == 0 {
		return nil, errMalformed
	}
	body, err := rq.onlyFields("witness_address")
	if err != nil {
		return nil, err
	}
	value, given := body["witness_address"]
	address, isText := value.(string)
	switch {
	case !given:
		return nil, errMissing("witness_address")
	case value != nil && !isText:
		return nil, errField("witness_address")
	case isText && strings.TrimSpace(address) == "":
		return nil, errWrong("witness_address", address, "must not be empty")
	case a.isDetached(o):
		return nil, errDetached
	case value == nil && a.hasActiveActive(o):
		return nil, conflict("WITNESS_CANNOT_BE_REMOVED", "Witness address on the link between %s and %s cannot be removed if there are active-active replicas defined on link", a.systemName, o.text("remote_system_name"))
	}
	if err := checkWitness(a, with(o, Object{"witness_address": value})); err != nil {
		return nil, err
	}
	if err := a.ask(nil, "link/witness", witnessOf{o.int("remote_link_id"), value}, nil); err != nil {
		return nil, conflict("LINK_PARTIAL_FAILURE", "Link set witness address failed, link status is unknown. User intervention is required.")
	}
	o["witness_address"] = value
	a.turns++
	return a.render(o, nil), nil
}

var errDetached = &apiError{"REPLICA_INVALID_LINK", http.StatusConflict, "The link is detached"}

type witnessOf struct {
	Link    int `json:"link"`
	Address any `json:"address"`
}

func (a *Array) acceptWitness(v *visit) (any, error) {
	var w witnessOf
	if err := v.read(&w); err != nil {
		return nil, err
	}
	o, err := a.links.find(w.Link)
	if err != nil {
		return nil, err
	}
	changed := with(o, Object{"witness_address": w.Address})
	if err := checkWitness(a, changed); err != nil {
		return nil, err
	}
	o["witness_address"] = w.Address
	return nil, nil
}
