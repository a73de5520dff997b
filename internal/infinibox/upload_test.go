package infinibox

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
)

const keyLine = "MIIEpQIBAAKCAQEAr9RXv3nz"

var certificateAndKey = api.Upload{{
	Name: "upload", File: "upload",
	Content: "-----BEGIN CERTIFICATE-----\nMIIDQDCCAiigAwIBAgIGAZ0p\n-----END CERTIFICATE-----\n-----BEGIN RSA PRIVATE KEY-----\n" + keyLine + "\n-----END RSA PRIVATE KEY-----\n",
}}

// A certificate and its key go as one file of a form, as the array takes them, with
// the approval beside them, and again after it was too busy.
func TestUpload(t *testing.T) {
	attempts := 0
	b := newBox(t, func(w http.ResponseWriter, r *http.Request) {
		attempts++
		file, header, err := r.FormFile("upload")
		if err != nil {
			t.Error(err)
			return
		}
		content, _ := io.ReadAll(file)
		if string(content) != certificateAndKey[0].Content || header.Filename != "upload" || header.Header.Get("Content-Type") != "application/octet-stream" {
			t.Errorf("got %v %q", header, content)
		}
		if attempts == 1 {
			refuse(503, "RECONFIGURING", "x")(w, r)
			return
		}
		say(200, `{"result":{"id":"s3_service"},"error":null,"metadata":{"ready":true}}`)(w, r)
	})
	result, err := newClient(t, b).Do(t.Context(), api.Request{Method: "POST", Path: "system/s3_certificates", Body: certificateAndKey, Approved: true})
	if err != nil || result.(api.Object)["id"] != "s3_service" {
		t.Error(result, err)
	}
	if got := strings.Join(b.log(), ", "); got != "POST system/s3_certificates?approved=yes, POST system/s3_certificates?approved=yes" {
		t.Error(got)
	}
}

func TestUploadRefused(t *testing.T) {
	b := newBox(t, refuse(400, "MALFORMED_KEY", "The key provided is malformed: "+keyLine+" is none"))
	_, err := newClient(t, b).Do(t.Context(), api.Request{Method: "POST", Path: "system/certificates", Body: certificateAndKey})
	if err == nil || err.Error() != "POST system/certificates: The key provided is malformed: *** is none (MALFORMED_KEY)" {
		t.Error(err)
	}
	for _, format := range []string{"%v", "%+v", "%#v"} {
		if said := fmt.Sprintf(format, api.Request{Body: certificateAndKey}); strings.Contains(said, keyLine) {
			t.Errorf("%s shows %s", format, said)
		}
	}
}

// Whether an upload without an answer was taken is not known, and it is not sent again.
func TestUploadWithoutAnswer(t *testing.T) {
	b := newBox(t, cut)
	_, err := newClient(t, b).Do(t.Context(), api.Request{Method: "POST", Path: "system/certificates", Body: certificateAndKey})
	var e *api.Error
	if !errors.As(err, &e) || e.Reason != api.Ambiguous || len(b.log()) != 1 {
		t.Errorf("got %#v after %v", err, b.log())
	}
}
