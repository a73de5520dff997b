package access

import (
	"crypto/x509"
	"errors"

	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox/common"
)

const (
	certificates     = "system/certificates"
	certificate      = "certificate"
	newKey           = "private_key_wo"
	certificatesRole = "The array proves itself by one certificate. What it had before cannot be given back, because the key of that is on the array alone: " +
		"destroying the resource sends nothing, and the certificate stays."
)

// SSLCertificate is what the array proves itself with.
var SSLCertificate = common.ServerCertificate{
	Name: "ssl_certificate",
	Noun: "SSL certificate",
	Path: certificates,
	ID:   "httpd",
	Doc: "The certificate by which the array proves to browsers, scripts and this provider who it is: uploaded with its key, signed by an authority for a request of the array's " +
		"(`storage_infinibox_ssl_certificate_request`), or made and signed by the array itself. " + certificatesRole + "\n\n" +
		"The run that changes the certificate goes on with the new one, as long as that is good for the name in `endpoint`. " +
		"The next run has to know who signed it: `ca_certificate` of the provider takes several certificates in one text, the old authority's and the new one's.",
	Stays: certificatesRole,
	SelfSigning: "The array proves itself by nobody's word but its own. Clients that verify certificates refuse it until they know the new one: " +
		"browsers, scripts, and this provider, by its ca_certificate.",
	Check: warnOfTrust,
}.Kind()

// warnOfTrust says what the provider itself makes of the new certificate.
func warnOfTrust(p *entity.Plan) {
	chain, err := common.ParseCertificates(p.After.Text(certificate))
	client, ok := p.Session.Client.(interface {
		Accepts(chain []*x509.Certificate) error
	})
	if err != nil || !ok || !p.Changes(certificate) {
		return
	}
	refused := client.Accepts(chain)
	var name x509.HostnameError
	switch {
	case errors.As(refused, &name):
		p.Warn("The new certificate is not for the provider's endpoint",
			"The provider reaches the array at "+p.Session.Setting("endpoint")+", which the certificate does not name. Nothing of this run reaches the array after the change, and the next run needs another endpoint.")
	case refused != nil:
		p.Warn("The provider does not know who signed the new certificate",
			"This run goes on with it. The next one is refused by the provider, unless its ca_certificate holds the authority that signed the new certificate: add that to the text now, and take the old one out later.")
	}
}
