package infinibox

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"

	"github.com/storage-as-code/terraform-provider-storage/internal/remote"
	"github.com/storage-as-code/terraform-provider-storage/internal/rest"
)

// envelope is what every answer of the array comes in.
type envelope struct {
	Result   any       `json:"result"`
	Error    *apiError `json:"error"`
	Metadata metadata  `json:"metadata"`
}

// metadata is the envelope's part about the result.
type metadata struct {
	Ready     *bool  `json:"ready"`
	ResultURL string `json:"result_url"`

	Page            int `json:"page"`
	PagesTotal      int `json:"pages_total"`
	NumberOfObjects int `json:"number_of_objects"`
}

// done is false only while the array is still at work on the result.
func (m metadata) done() bool { return m.Ready == nil || *m.Ready }

// apiError is the envelope's part about a refusal.
type apiError struct {
	Code     string   `json:"code"`
	Message  string   `json:"message"`
	Reasons  []reason `json:"reasons"`
	IsRemote bool     `json:"is_remote"`
}

type reason struct {
	Message string `json:"message"`
}

// missing reports whether the code says that an object is not there. A 404 by
// itself does not: a proxy's, or one to a path that this version of the array
// does not know, must never pass for a deleted object.
func (e *apiError) missing() bool {
	if e == nil {
		return false
	}
	switch e.Code {
	case "ATTRIBUTE_NOT_FOUND": // a field of an object that is there
		return false
	case "NO_RMR_SNAPSHOT_FOUND", "PORT_NOT_IN_PORTGROUP", "SCHEDULE_NOT_RELATED_TO_SNAPSHOT_POLICY":
		return true
	}
	return strings.HasSuffix(e.Code, "NOT_FOUND") || strings.HasSuffix(e.Code, "_DOES_NOT_EXIST")
}

// text is the message with its reasons, fit to be shown.
func (e *apiError) text() string {
	parts := make([]string, 0, 1+len(e.Reasons))
	for _, part := range append([]reason{{e.Message}}, e.Reasons...) {
		if text := remote.Clean(part.Message); text != "" && (len(parts) == 0 || text != parts[0]) {
			parts = append(parts, text)
		}
	}
	text := strings.Join(parts, "; ")
	if e.IsRemote {
		text = strings.TrimSpace("The remote system answered: " + text)
	}
	return remote.Clean(text)
}

// decode reads an answer's body. It fails on whatever is not one whole
// envelope, as the page of a proxy or the beginning of an answer.
func decode(response *rest.Response) (*envelope, error) {
	if len(response.Body) == 0 && response.Status == 204 {
		return &envelope{}, nil
	}
	var e envelope
	d := json.NewDecoder(bytes.NewReader(response.Body))
	d.UseNumber()
	if err := d.Decode(&e); err != nil {
		return nil, plain(err)
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, errors.New("there is more than one JSON value")
	}
	if e.Result == nil && e.Error == nil && e.Metadata.Ready == nil && !bytes.Contains(response.Body, []byte(`"result"`)) {
		return nil, errors.New("it is not an answer of the InfiniBox API")
	}
	return &e, nil
}

// pingPath is answered by a text, without an envelope.
const pingPath = "system/ping"

// decodeBare reads an answer that is a text in no envelope.
func decodeBare(response *rest.Response) (*envelope, error) {
	var text string
	if err := json.Unmarshal(response.Body, &text); err != nil {
		return decode(response)
	}
	return &envelope{Result: text}, nil
}

// plain says what is wrong with JSON without repeating any of it.
func plain(err error) error {
	if _, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return errors.New("it is not an answer of the InfiniBox API")
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return errors.New("the JSON is not complete")
	}
	return errors.New("it is not JSON")
}
