package infinibox

import (
	"net/http"
	"time"
)

// sshOpenFor is how long SSH stays open. The reference shows that it ends by itself, and not when.
const sshOpenFor = 12 * time.Hour

func (a *Array) sshRoutes(r router) {
	r.read("/system/ssh", func(rq *request) (any, error) { return singleton(rq, a.ssh()), nil })
	r.write(http.MethodPost, "/system/ssh/open", administrators, a.endSSHAfter(sshOpenFor))
	r.write(http.MethodPost, "/system/ssh/close", administrators, a.endSSHAfter(0))
}

// ssh is what the array says of its SSH ports. They are open until a moment, or were.
func (a *Array) ssh() map[string]any {
	status, until := "CLOSED", any(nil)
	if a.access.SSHUntil > a.clock() {
		status = "OPEN"
	}
	if a.access.SSHUntil > 0 {
		until = a.access.SSHUntil
	}
	ports := map[string]any{"ssh_open_expiration_time": until}
	for _, port := range []string{"node1", "node2", "node3", "sa", "overall"} {
		ports[port+"_ssh_port_status"] = status
	}
	return ports
}

func (a *Array) endSSHAfter(d time.Duration) handler {
	return func(rq *request) (any, error) {
		if _, err := rq.onlyFields(); err != nil {
			return nil, err
		}
		a.access.SSHUntil = a.now() + int(d.Milliseconds())
		return a.ssh(), nil
	}
}
