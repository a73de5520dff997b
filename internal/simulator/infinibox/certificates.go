package infinibox

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"net"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"
)

// The array proves itself with a certificate: one that it has signed itself, one that was uploaded with its key, or one
// that was signed for a request (CSR) whose key never leaves the array.

const (
	rsaBits = 2048
	ecBits  = 256

	certificateMonths = 13 // that a self-signed certificate is good for
	vendor            = "Infinidat, Ltd."
)

// certificateRoles may see and change the certificate.
var certificateRoles = []string{"ADMIN", "INFINIDAT", "TECHNICIAN"}

func (a *Array) certificateRoutes(r router) {
	base := "/system/certificates"
	r.root.add(http.MethodGet, base, route{roles: certificateRoles, lists: true, handle: a.listCertificates})
	r.write(http.MethodPost, base, certificateRoles, a.uploadPair)
	r.writeWith(http.MethodPost, base+"/generate_self_signed", by(certificateRoles, "component"), a.generateSelfSigned)
	r.write(http.MethodPost, base+"/generate_csr", certificateRoles, a.generateRequest)
	r.write(http.MethodPost, base+"/upload_csr", certificateRoles, a.uploadSigned)
}

// SetCertificate gives the array the certificate that was made for its server.
func (a *Array) SetCertificate(certificate tls.Certificate) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.certificate = &certificate
	if leaf, err := x509.ParseCertificate(certificate.Certificate[0]); err == nil {
		a.served = leaf
	}
}

// Certificate is the one that the array proves itself with.
func (a *Array) Certificate() (*tls.Certificate, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.ownCertificate()
}

// ownCertificate makes a certificate where the array has none: one that is served without TLS does not need it often.
func (a *Array) ownCertificate() (*tls.Certificate, error) {
	if a.certificate == nil {
		key, err := firstKey()
		if err != nil {
			return nil, err
		}
		if a.certificate, err = a.signedBy(key); err != nil {
			return nil, err
		}
	}
	return a.certificate, nil
}

// firstKey is that of the certificates which arrays have by themselves: to make one takes longer than all else that an
// array does for most tests.
var firstKey = sync.OnceValues(func() (*rsa.PrivateKey, error) { return rsa.GenerateKey(rand.Reader, rsaBits) })

// certificateStrength is that of the array's key, without making one for it.
func (a *Array) certificateStrength() (bits int, sufficient bool) {
	if a.certificate == nil {
		return rsaBits, true
	}
	return keyStrength(a.certificate.PrivateKey.(crypto.Signer).Public())
}

// addresses are the names and addresses that the array is reached at: those that its server's certificate was made for.
func (a *Array) addresses() (names []string, ips []net.IP) {
	if a.served == nil {
		return []string{"localhost"}, []net.IP{net.IPv4(127, 0, 0, 1), net.IPv6loopback}
	}
	return a.served.DNSNames, a.served.IPAddresses
}

func (a *Array) fullName() string { return a.systemName + ".example.com" }

// selfSign makes a key and a certificate that it signs.
func (a *Array) selfSign() error {
	certificate, err := a.newSelfSigned()
	if err == nil {
		a.certificate = certificate
	}
	return err
}

// newSelfSigned makes a certificate of the array, with its key.
func (a *Array) newSelfSigned() (*tls.Certificate, error) {
	key, err := rsa.GenerateKey(rand.Reader, rsaBits)
	if err != nil {
		return nil, err
	}
	return a.signedBy(key)
}

// signedBy makes a certificate of the array by a key.
func (a *Array) signedBy(key *rsa.PrivateKey) (*tls.Certificate, error) {
	now := time.UnixMilli(int64(a.clock()))
	template := &x509.Certificate{
		SerialNumber: big.NewInt(int64(a.now())),
		Subject:      pkix.Name{Country: []string{"US"}, Organization: []string{vendor}, CommonName: a.fullName()},
		NotBefore:    now.Add(-time.Minute), NotAfter: now.AddDate(0, certificateMonths, 0),
	}
	template.DNSNames, template.IPAddresses = a.addresses()
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return nil, err
	}
	return &tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, nil
}

// use makes the array prove itself with a certificate, from the next connection on, and answers with it.
func (a *Array) use(chain []*x509.Certificate, key crypto.Signer) any {
	certificate := &tls.Certificate{PrivateKey: key}
	for _, link := range chain {
		certificate.Certificate = append(certificate.Certificate, link.Raw)
	}
	a.certificate = certificate
	return a.describeCertificate(chain[0])
}

func (a *Array) describeOwn() (any, error) {
	certificate, err := a.ownCertificate()
	if err != nil {
		return nil, err
	}
	leaf, err := x509.ParseCertificate(certificate.Certificate[0])
	if err != nil {
		return nil, err
	}
	return a.describeCertificate(leaf), nil
}

func (a *Array) listCertificates(rq *request) (any, error) {
	own, err := a.describeOwn()
	if err != nil {
		return nil, err
	}
	return plain(rq, "GetCertificates", []any{own})
}

func (a *Array) generateSelfSigned(rq *request) (any, error) {
	if component := rq.query.Get("component"); component != "" && !strings.EqualFold(component, "httpd") {
		return nil, errField("component")
	}
	if err := rq.needApproval("Generating a self-signed certificate will reduce the system's security, and may cause scripts / GUI to become inaccessible (depending on your network policy)"); err != nil {
		return nil, err
	}
	if err := a.selfSign(); err != nil {
		return nil, err
	}
	return a.describeOwn()
}

func (a *Array) uploadPair(rq *request) (any, error) {
	text, err := rq.upload("")
	if err != nil {
		return nil, err
	}
	chain, key, err := a.parsePair(text)
	if err != nil {
		return nil, err
	}
	return a.use(chain, key), nil
}

// requestFields are what a request for a certificate may say.
var requestFields = []string{"C", "ST", "L", "O", "OU", "CN", "SANDNS", "SANIP"}

// wildcardName is a domain name, of which the first label may be an asterisk.
var wildcardName = regexp.MustCompile(`^(\*\.)?` + strings.TrimPrefix(domainName.String(), "^"))

// generateRequest makes a key and a request for a certificate of it.
func (a *Array) generateRequest(rq *request) (any, error) {
	text, key, err := a.newRequest(rq)
	if err != nil {
		return nil, err
	}
	a.requestKey = key
	return text, nil
}

// requestKeys are the keys of requests for certificates, which all arrays of a process use in turn: to make one takes
// longer than a client on a busy machine may wait. No two requests in a row have the same.
var requestKeys keyRing

type keyRing struct {
	mu   sync.Mutex
	keys [8]*rsa.PrivateKey
	used int
}

func (r *keyRing) next() (key *rsa.PrivateKey, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	place := &r.keys[r.used%len(r.keys)]
	r.used++
	if *place == nil {
		*place, err = rsa.GenerateKey(rand.Reader, rsaBits)
	}
	return *place, err
}

// newRequest takes a key, and the request that the body describes.
func (a *Array) newRequest(rq *request) (text string, key *rsa.PrivateKey, err error) {
	body, err := rq.fields()
	if err != nil {
		return "", nil, err
	}
	for _, name := range sortedKeys(body) {
		if !contains(requestFields, name) {
			return "", nil, errParameter(name)
		}
	}
	template := &x509.CertificateRequest{SignatureAlgorithm: x509.SHA256WithRSA}
	if template.Subject, err = a.requestSubject(body); err != nil {
		return "", nil, err
	}
	if template.DNSNames, template.IPAddresses, err = a.requestAddresses(body); err != nil {
		return "", nil, err
	}
	if key, err = requestKeys.next(); err != nil {
		return "", nil, err
	}
	der, err := x509.CreateCertificateRequest(rand.Reader, template, key)
	if err != nil {
		return "", nil, err
	}
	return pemText("CERTIFICATE REQUEST", der), key, nil
}

func (a *Array) requestSubject(body map[string]any) (pkix.Name, error) {
	subject := pkix.Name{Organization: []string{vendor}, CommonName: a.fullName()}
	for name, target := range map[string]*[]string{
		"C": &subject.Country, "ST": &subject.Province, "L": &subject.Locality, "O": &subject.Organization, "OU": &subject.OrganizationalUnit,
	} {
		text, ok := body[name].(string)
		switch {
		case body[name] == nil || text == "" && ok:
		case !ok:
			return subject, errField(name)
		default:
			*target = []string{text}
		}
	}
	if name, ok := body["CN"].(string); ok && name != "" {
		subject.CommonName = name
	}
	return subject, nil
}

// requestAddresses are the names and addresses that a certificate is asked for; those of the array where none are said.
func (a *Array) requestAddresses(body map[string]any) ([]string, []net.IP, error) {
	ownNames, ownIPs := a.addresses()
	names, err := textOrTexts("SANDNS", body["SANDNS"])
	if err != nil {
		return nil, nil, err
	}
	for _, name := range names {
		if !wildcardName.MatchString(name) {
			return nil, nil, errDomainName
		}
	}
	texts, err := textOrTexts("SANIP", body["SANIP"])
	if err != nil {
		return nil, nil, err
	}
	var ips []net.IP
	for _, text := range texts {
		ip := net.ParseIP(text)
		if ip == nil {
			return nil, nil, badRequest("INVALID_IP_ADDRESS", "IP address '%s' is invalid. Invalid IP address found in the list", text)
		}
		ips = append(ips, ip)
	}
	if len(names) == 0 {
		names = ownNames
	}
	if len(ips) == 0 {
		ips = ownIPs
	}
	return names, ips, nil
}

// textOrTexts reads a list of texts, which may also be one text with commas.
func textOrTexts(name string, value any) ([]string, error) {
	if text, ok := value.(string); ok {
		return slices.DeleteFunc(items(text), func(item string) bool { return item == "" }), nil
	}
	return texts(name, value)
}

// uploadSigned takes the certificate that was made for the last request.
func (a *Array) uploadSigned(rq *request) (any, error) {
	chain, err := a.signedFor(rq, a.requestKey)
	if err != nil {
		return nil, err
	}
	return a.use(chain, a.requestKey), nil
}

// signedFor are the uploaded certificates, the first of which was made for the last request: for its key.
func (a *Array) signedFor(rq *request, key *rsa.PrivateKey) ([]*x509.Certificate, error) {
	text, err := rq.upload("upload")
	if err != nil {
		return nil, err
	}
	chain, err := parseCertificates(text)
	switch {
	case err != nil:
		return nil, err
	case key == nil || !belongs(chain[0], key):
		return nil, conflict("CSR_MISMATCH", "The certificate provided does not match the certificate request generated previously")
	}
	return chain, a.valid(chain[0])
}
