package rest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"slices"
	"strings"
)

// Form is a body that is sent as multipart/form-data in place of JSON. Every attempt
// sends the same bytes, and no log holds the content of a part.
type Form []Part

// Part is one field of a form.
type Part struct {
	Name string
	// File is the name of the file that the field is; "" where it is a plain value.
	File    string
	Content string
	// Secret says that no error may repeat the content. A private key is secret
	// wherever it stands.
	Secret bool
}

// shortestLine is the length in bytes from which one line of a secret is a secret by
// itself: a system may repeat a part of a key.
const shortestLine = 12

// encode writes the form, and says of what type it is.
func (f Form) encode() (contentType string, body []byte, err error) {
	if len(f) == 0 {
		return "", nil, errors.New("the form has no parts")
	}
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for _, p := range f {
		if p.Name == "" {
			return "", nil, errors.New("a part of the form has no name")
		}
		if err := p.write(w); err != nil {
			return "", nil, err
		}
	}
	if err := w.Close(); err != nil {
		return "", nil, err
	}
	return w.FormDataContentType(), b.Bytes(), nil
}

func (p Part) write(w *multipart.Writer) error {
	if p.File == "" {
		return w.WriteField(p.Name, p.Content)
	}
	file, err := w.CreateFormFile(p.Name, p.File)
	if err != nil {
		return err
	}
	_, err = io.WriteString(file, p.Content)
	return err
}

// String says what the form has, without the content of its parts.
func (f Form) String() string {
	parts := make([]string, len(f))
	for i, p := range f {
		parts[i] = fmt.Sprintf("%s: %d bytes", p.Name, len(p.Content))
		if p.File != "" {
			parts[i] = fmt.Sprintf("%s: the file %s of %d bytes", p.Name, p.File, len(p.Content))
		}
	}
	return "(a form of " + strings.Join(parts, ", ") + ")"
}

// GoString keeps %#v from showing the content.
func (f Form) GoString() string { return f.String() }

// contents are the contents of the parts, and of each their lines.
func (f Form) contents(secretOnly bool) []string {
	var all []string
	for _, p := range f {
		if secretOnly && !p.Secret && !isPrivateKey(p.Content) {
			continue
		}
		all = append(all, p.Content)
		for line := range strings.Lines(p.Content) {
			if line = strings.TrimSpace(line); len(line) >= shortestLine && !strings.HasPrefix(line, "-----") {
				all = append(all, line)
			}
		}
	}
	return slices.Compact(all)
}

func isPrivateKey(text string) bool { return strings.Contains(text, "PRIVATE KEY-----") }

// SecretsOf returns the secrets of a request's body: what its answer must not repeat.
func SecretsOf(body any) []string {
	if form, ok := body.(Form); ok {
		return form.contents(true)
	}
	text, err := json.Marshal(body)
	if body == nil || err != nil {
		return nil
	}
	return Secrets(text)
}
