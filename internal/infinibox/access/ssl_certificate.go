package access

import (
	"context"
	"crypto/x509"
	"errors"
	"net/http"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox/common"
)

const (
	certificates     = "system/certificates"
	certificate      = "certificate"
	selfSigned       = "self_signed"
	newKey           = "private_key_wo"
	certificatesRole = "The array proves itself by one certificate. What it had before cannot be given back, because the key of that is on the array alone: " +
		"destroying the resource sends nothing, and the certificate stays."
)

// SSLCertificate is what the array proves itself with.
var SSLCertificate = entity.Kind{
	System: common.System,
	Name:   "ssl_certificate",
	Noun:   "SSL certificate",
	Path:   certificates,
	Doc: "The certificate by which the array proves to browsers, scripts and this provider who it is: uploaded with its key, signed by an authority for a request of the array's " +
		"(`storage_infinibox_ssl_certificate_request`), or made and signed by the array itself. " + certificatesRole + "\n\n" +
		"The run that changes the certificate goes on with the new one, as long as that is good for the name in `endpoint`. " +
		"The next run has to know who signed it: `ca_certificate` of the provider takes several certificates in one text, the old authority's and the new one's.",
	Presence: entity.Sole,
	Reading:  entity.Reading{Find: findCertificate},
	Planning: entity.Planning{Check: checkSSLCertificate},
	Creation: entity.Creation{
		Request: bringCertificate,
		Body:    func(after entity.Values, body api.Object) any { return certificateFile(after, body["private_key"]) },
	},
	Deletion: entity.Deletion{Each: func(context.Context, *entity.Session, entity.Values) ([]api.Request, error) { return nil, nil }},
	Explain:  explainCertificate,
	Facts: entity.Join(entity.Facts{
		entity.FixedID("httpd"),
		common.Certificate(certificate).Field("certificate.raw").Defaulted().ChosenAnewWith(selfSigned).ChangedBy(changeCertificate).
			Doc("The certificate in PEM form, followed by those of the authorities between it and the one that clients know. Either this or `self_signed = true` must be set."),
		common.PrivateKey(certificate).
			Doc("The key of the certificate, in PEM form. Without it, the certificate must be the one that was signed for the array's last request."),
		entity.Bool(selfSigned).Field("certificate.issued_by").From(common.SelfSigned, "certificate.issued_to").Defaulted().ChosenAnewWith(certificate).ChangedBy(changeCertificate).
			Danger("The array proves itself by nobody's word but its own. Clients that verify certificates refuse it until they know the new one: browsers, scripts, and this provider, by its ca_certificate.",
				entity.When("set it to `true`", func(before, after entity.Values) bool {
					return after.Bool(selfSigned) && (before == nil || !before.Bool(selfSigned))
				})).
			Doc("Whether the certificate is signed by its own key. Set to `true`, the array makes one and signs it, now and whenever the resource is replaced."),
	}, common.CertificateFacts(certificate, selfSigned)),
}

// findCertificate reads the one certificate there is.
func findCertificate(ctx context.Context, s *entity.Session, _ entity.Values) (api.Object, error) {
	for o, err := range s.Client.List(ctx, certificates, api.Query{}) {
		return o, err
	}
	return nil, &api.Error{Reason: api.NotFound, Operation: "GET " + certificates, Message: "The array has no certificate"}
}

// bringCertificate is how the array gets a certificate: it makes one, or takes one with
// its key, or takes the one that was signed for its request.
func bringCertificate(after entity.Values) api.Request {
	switch {
	case !after.Known(certificate):
		return api.Request{Method: http.MethodPost, Path: certificates + "/generate_self_signed"}
	case after.Known("private_key_wo_version"):
		return api.Request{Method: http.MethodPost, Path: certificates}
	}
	return common.UploadSigned(certificates)
}

// certificateFile is the certificate as the array takes it; nil where it makes one.
func certificateFile(after entity.Values, key any) any {
	if !after.Known(certificate) {
		return nil
	}
	text, _ := key.(string)
	return common.CertificateUpload("upload", "upload", after.Text(certificate), text)
}

// changeCertificate brings another certificate.
func changeCertificate(_ string, after entity.Values) api.Request {
	request := bringCertificate(after)
	request.Body = certificateFile(after, after.Text(newKey))
	return request
}

func checkSSLCertificate(_ context.Context, p *entity.Plan) {
	if p.After == nil {
		p.Warn("The array keeps its certificate", certificatesRole)
		return
	}
	uploaded := !p.Config.Null(certificate)
	switch {
	case uploaded && p.Config.Bool(selfSigned):
		p.Refuse(selfSigned, "Two certificates are asked for", "The array has one: set certificate, or self_signed = true.")
		return
	case !uploaded && !p.Config.Unknown(selfSigned) && !p.Config.Bool(selfSigned):
		p.Refuse(certificate, "It is not said which certificate the array is to have", "Set certificate, or self_signed = true.")
		return
	case !uploaded && !p.Config.Null(newKey):
		p.Refuse(certificate, "There is a private key without its certificate", "Set certificate too.")
		return
	}
	common.CheckCertificate(p, certificate, newKey)
	warnOfTrust(p)
}

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

func explainCertificate(_ context.Context, _ *entity.Session, _ entity.Values, err error) string {
	switch api.CodeOf(err) {
	case "CSR_MISMATCH":
		return "Each request for a certificate makes another key, and the array keeps the last one alone. Have the present storage_infinibox_ssl_certificate_request signed, or give the certificate's own key in private_key_wo."
	case "MALFORMED_KEY", "MALFORMED_CERTIFICATE":
		return "The array takes PEM: the certificate first, then those that signed it, and a key that is not encrypted."
	case "CERTIFICATE_INVALID", "INVALID_CERTIFICATE":
		return "Look at its dates, and whether those that signed it follow it in their order."
	}
	return ""
}
