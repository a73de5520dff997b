package api

import "strings"

// Upload is the body of a request that the system takes as a form, file by file, in
// place of JSON. What its parts hold is in no log.
type Upload []Part

// Part is one field of an Upload.
type Part struct {
	Name string
	// File is the name of the file that the field is; "" where it is a plain value.
	File    string
	Content string
	// Secret says that no error may repeat the content. A private key is secret
	// wherever it stands.
	Secret bool
}

// String says what the upload has, so that nothing shows the content by accident.
func (u Upload) String() string {
	names := make([]string, len(u))
	for i, p := range u {
		names[i] = p.Name
	}
	return "an upload of " + strings.Join(names, ", ")
}

// GoString is String, for %#v.
func (u Upload) GoString() string { return u.String() }
