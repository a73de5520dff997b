package infinibox

import (
	"crypto/rsa"
	"crypto/x509"
	"errors"
	"net/http"
)

// s3Identity is what the S3 service proves itself with: a certificate apart from that of the array's management. The
// service itself is not simulated, so that the key of a certificate need not be kept.
type s3Identity struct {
	certificate *x509.Certificate // nil: it is still to be made
	requestKey  *rsa.PrivateKey   // of the last request for a certificate
}

const (
	s3CertificateID   = "s3_service"
	s3SelfSignedRisk  = "Using a self-signed certificated reduces the S3 server's security. Depending on your network policy, some applications might lose access"
	s3CertificateRisk = "Uploading a new SSL certificate requires restarting the S3 service"
)

func (a *Array) s3CertificateRoutes(r router) {
	base := "/system/s3_certificates"
	r.list(base, func(rq *request) (any, error) {
		if a.s3Identity.certificate == nil {
			if err := a.signS3(); err != nil {
				return nil, err
			}
		}
		return plain(rq, "GetS3Certificates", []any{a.describeS3Certificate()})
	})
	r.write(http.MethodPost, base, administrators, a.uploadS3Pair)
	r.write(http.MethodPost, base+"/generate_self_signed", administrators, func(rq *request) (any, error) {
		if err := rq.needApproval("%s", s3SelfSignedRisk); err != nil {
			return nil, err
		}
		if err := a.signS3(); err != nil {
			return nil, err
		}
		return a.describeS3Certificate(), nil
	})
	r.write(http.MethodPost, base+"/generate_csr", administrators, func(rq *request) (any, error) {
		text, key, err := a.newRequest(rq)
		if err != nil {
			return nil, err
		}
		a.s3Identity.requestKey = key
		return text, nil
	})
	r.write(http.MethodPost, base+"/upload_csr", administrators, a.uploadS3Signed)
}

// signS3 gives the service a certificate that it signs itself.
func (a *Array) signS3() error {
	own, err := a.newSelfSigned()
	if err != nil {
		return err
	}
	a.s3Identity.certificate, err = x509.ParseCertificate(own.Certificate[0])
	return err
}

func (a *Array) describeS3Certificate() map[string]any {
	described := a.describeCertificate(a.s3Identity.certificate)
	described["id"] = s3CertificateID
	return described
}

// useS3 makes the service prove itself with another certificate, which restarts it.
func (a *Array) useS3(rq *request, certificate *x509.Certificate) (any, error) {
	if err := rq.needApproval("%s", s3CertificateRisk); err != nil {
		return nil, err
	}
	a.s3Identity.certificate = certificate
	return a.describeS3Certificate(), nil
}

func (a *Array) uploadS3Pair(rq *request) (any, error) {
	text, err := rq.upload("")
	if err != nil {
		return nil, err
	}
	chain, _, err := a.parsePair(text)
	switch {
	case errors.Is(err, errMalformedKey):
		return nil, err
	case err != nil: // of a pair that does not fit the reference knows no more
		return nil, badRequest("INVALID_CERTIFICATE", "Certificate is invalid. Reason: N/A")
	}
	return a.useS3(rq, chain[0])
}

// uploadS3Signed takes the certificate that was made for the last request.
func (a *Array) uploadS3Signed(rq *request) (any, error) {
	chain, err := a.signedFor(rq, a.s3Identity.requestKey)
	if err != nil {
		return nil, err
	}
	return a.useS3(rq, chain[0])
}
