package infinibox

import (
	"fmt"
	"strings"
)

// Directory is an Active Directory domain that an array can reach: who may join it, and its users. An array reaches
// none unless its options or its seed say so.
type Directory struct {
	Domain         string          `json:"domain"`
	Username       string          `json:"username"` // of the administrator, who may join and leave
	Password       string          `json:"password,omitempty"`
	PasswordDigest string          `json:"password_digest,omitempty"` // as a dump has it
	Faulty         bool            `json:"faulty,omitempty"`          // the machine account of the array is, so that nothing can be done
	Users          []DirectoryUser `json:"users,omitempty"`
}

// DirectoryUser is a user of a domain.
type DirectoryUser struct {
	Username string `json:"username"` // without the domain
	Name     string `json:"name"`
	SID      string `json:"sid"`
	GSID     string `json:"gsid"` // of the primary group
	UID      int    `json:"uid"`
	GID      int    `json:"gid"`
}

// plantDirectory makes a domain known, or changes what is known of it.
func (a *Array) plantDirectory(d Directory) error {
	if !isDomainName(d.Domain) {
		return fmt.Errorf("directory: %q is not the name of a domain", d.Domain)
	}
	if d.Password != "" {
		d.PasswordDigest, d.Password = digest(d.Password), ""
	}
	for i, known := range a.directories {
		if strings.EqualFold(known.Domain, d.Domain) {
			a.directories[i] = d
			return nil
		}
	}
	a.directories = append(a.directories, d)
	return nil
}

// directoryOf is the domain of a name, or nil.
func (a *Array) directoryOf(domain string) *Directory {
	for i := range a.directories {
		if strings.EqualFold(a.directories[i].Domain, domain) {
			return &a.directories[i]
		}
	}
	return nil
}

// admits checks an administrator's name, with or without the domain, and password.
func (d *Directory) admits(username, password string) bool {
	return d.isUser(d.Username, username) && digest(password) == d.PasswordDigest
}

// isUser compares a name, which may have the domain after it or, short, before it, with that of a user.
func (d *Directory) isUser(user, name string) bool {
	short, _, _ := strings.Cut(d.Domain, ".")
	for _, form := range []string{user, user + "@" + d.Domain, short + `\` + user} {
		if strings.EqualFold(form, name) {
			return true
		}
	}
	return false
}
