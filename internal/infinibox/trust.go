package infinibox

import (
	"crypto/x509"
	"encoding/pem"
	"net/http"
	"strings"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
)

// ownCertificate is where the array's own certificate is changed.
const ownCertificate = "system/certificates"

// Accepts reports whether this client would accept a certificate of the array, which
// comes with those that signed it.
func (c *Client) Accepts(chain []*x509.Certificate) error { return c.http.Accepts(chain) }

// trust accepts the certificate that this client has given the array, so that the run
// which changes it goes on.
func (c *Client) trust(r api.Request, answer *envelope) {
	if r.Method != http.MethodPost || r.Path != ownCertificate && !strings.HasPrefix(r.Path, ownCertificate+"/") {
		return
	}
	o, _ := answer.Result.(api.Object) // a request for a certificate is a text, and changes none
	raw, _ := api.FieldOf(o, "certificate.raw")
	text, _ := raw.(string)
	block, _ := pem.Decode([]byte(text))
	if block == nil {
		return
	}
	if certificate, err := x509.ParseCertificate(block.Bytes); err == nil {
		c.http.Trust(certificate)
	}
}
