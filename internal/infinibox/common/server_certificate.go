package common

import (
	"context"
	"net/http"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
)

const (
	certificateName = "certificate"
	selfSignedName  = "self_signed"
	privateKeyName  = "private_key_wo"
	keyVersionName  = "private_key_wo_version"
)

// ServerCertificate is what a service of the array proves itself with: a certificate that
// is uploaded with its key, signed for a request of the array's, or made by the array.
type ServerCertificate struct {
	// Name is the resource's, and with "_request" that of the request's.
	Name string
	// Noun is what a sentence calls it.
	Noun string
	// Path is where it is, and ID what the array calls it.
	Path, ID string
	// Doc is what the docs say of it, and Stays why the array keeps it.
	Doc, Stays string
	// Uploading is why to upload one is dangerous, "" where it is not, and SelfSigning why
	// to let the array make one is.
	Uploading, SelfSigning string
	// Check looks further at a plan with a certificate; nil where there is no more.
	Check func(p *entity.Plan)
}

// Kind is the page.
func (c ServerCertificate) Kind() entity.Kind {
	certificate, key := Certificate(certificateName), PrivateKey(certificateName)
	if c.Uploading != "" {
		certificate = certificate.Danger(c.Uploading, entity.When("set or change it", uploadsAnother))
		key = key.Danger(c.Uploading, entity.When("send it again", sendsKeyAgain))
	}
	return entity.Kind{
		System:   System,
		Name:     c.Name,
		Noun:     c.Noun,
		Path:     c.Path,
		Doc:      c.Doc,
		Presence: entity.Sole,
		Reading:  entity.Reading{Find: c.find},
		Planning: entity.Planning{Check: c.check},
		Creation: entity.Creation{
			Request: c.bring,
			Body:    func(after entity.Values, body api.Object) any { return certificateFile(after, body["private_key"]) },
		},
		Deletion: entity.Deletion{Each: func(context.Context, *entity.Session, entity.Values) ([]api.Request, error) { return nil, nil }},
		Explain:  c.explain,
		Facts: entity.Join(entity.Facts{
			entity.FixedID(c.ID),
			certificate.Field("certificate.raw").Defaulted().ChosenAnewWith(selfSignedName).ChangedBy(c.change).
				Doc("The certificate in PEM form, followed by those of the authorities between it and the one that clients know. Either this or `self_signed = true` must be set."),
			key.Doc("The key of the certificate, in PEM form. Without it, the certificate must be the one that was signed for the array's last request."),
			entity.Bool(selfSignedName).Field("certificate.issued_by").From(SelfSigned, "certificate.issued_to").Defaulted().ChosenAnewWith(certificateName).ChangedBy(c.change).
				Danger(c.SelfSigning, entity.When("set it to `true`", func(before, after entity.Values) bool {
					return after.Bool(selfSignedName) && (before == nil || !before.Bool(selfSignedName))
				})).
				Doc("Whether the certificate is signed by its own key. Set to `true`, the array makes one and signs it, now and whenever the resource is replaced."),
		}, CertificateFacts(certificateName, selfSignedName)),
	}
}

// uploadsAnother reports whether a certificate is uploaded that is not the one before.
func uploadsAnother(before, after entity.Values) bool {
	return after.Known(certificateName) && (before == nil || firstCertificate(before.Text(certificateName)) != firstCertificate(after.Text(certificateName)))
}

// sendsKeyAgain reports whether the certificate is uploaded once more, because of its key.
func sendsKeyAgain(before, after entity.Values) bool {
	return before != nil && after.Known(keyVersionName) && !uploadsAnother(before, after)
}

// find reads the one certificate there is.
func (c ServerCertificate) find(ctx context.Context, s *entity.Session, _ entity.Values) (api.Object, error) {
	for o, err := range s.Client.List(ctx, c.Path, api.Query{}) {
		return o, err
	}
	return nil, &api.Error{Reason: api.NotFound, Operation: "GET " + c.Path, Message: "The array has no certificate"}
}

// bring is how the array gets a certificate: it makes one, or takes one with its key, or
// takes the one that was signed for its request.
func (c ServerCertificate) bring(after entity.Values) api.Request {
	switch {
	case !after.Known(certificateName):
		return api.Request{Method: http.MethodPost, Path: c.Path + "/generate_self_signed"}
	case after.Known(keyVersionName):
		return api.Request{Method: http.MethodPost, Path: c.Path}
	}
	return UploadSigned(c.Path)
}

// certificateFile is the certificate as the array takes it; nil where it makes one.
func certificateFile(after entity.Values, key any) any {
	if !after.Known(certificateName) {
		return nil
	}
	text, _ := key.(string)
	return CertificateUpload("upload", "upload", after.Text(certificateName), text)
}

// change brings another certificate.
func (c ServerCertificate) change(_ string, after entity.Values) api.Request {
	request := c.bring(after)
	request.Body = certificateFile(after, after.Text(privateKeyName))
	return request
}

func (c ServerCertificate) check(_ context.Context, p *entity.Plan) {
	if p.After == nil {
		p.Warn("The array keeps its certificate", c.Stays)
		return
	}
	uploaded := !p.Config.Null(certificateName)
	switch {
	case uploaded && p.Config.Bool(selfSignedName):
		p.Refuse(selfSignedName, "Two certificates are asked for", "The array has one: set certificate, or self_signed = true.")
		return
	case !uploaded && !p.Config.Unknown(selfSignedName) && !p.Config.Bool(selfSignedName):
		p.Refuse(certificateName, "It is not said which certificate the array is to have", "Set certificate, or self_signed = true.")
		return
	case !uploaded && !p.Config.Null(privateKeyName):
		p.Refuse(certificateName, "There is a private key without its certificate", "Set certificate too.")
		return
	}
	CheckCertificate(p, certificateName, privateKeyName)
	if c.Check != nil {
		c.Check(p)
	}
}

func (c ServerCertificate) explain(_ context.Context, _ *entity.Session, _ entity.Values, err error) string {
	switch api.CodeOf(err) {
	case "CSR_MISMATCH":
		return "Each request for a certificate makes another key, and the array keeps the last one alone. " +
			"Have the present storage_" + System + "_" + c.Name + "_request signed, or give the certificate's own key in " + privateKeyName + "."
	case "MALFORMED_KEY", "MALFORMED_CERTIFICATE":
		return "The array takes PEM: the certificate first, then those that signed it, and a key that is not encrypted."
	case "CERTIFICATE_INVALID", "INVALID_CERTIFICATE":
		return "Look at its dates, and whether those that signed it follow it in their order."
	}
	return ""
}
