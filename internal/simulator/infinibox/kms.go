package infinibox

import (
	"crypto/x509"
	"net"
	"net/http"
	"slices"
	"strings"
)

// KMS is a key server that the array keeps its encryption keys on, where it is enabled.

const maxKeyServers = 1

// kmsRoles may set it up: the vendor's people alone.
var kmsRoles = []string{"INFINIDAT", "TECHNICIAN"}

type kms struct {
	Servers     []keyServer `json:"servers,omitempty"`
	Username    string      `json:"username,omitempty"`
	Password    string      `json:"password,omitempty"` // digest
	Ignore      bool        `json:"ignore_certificate,omitempty"`
	CA          string      `json:"ca,omitempty"`          // PEM
	Certificate string      `json:"certificate,omitempty"` // PEM
	Enabled     bool        `json:"enabled,omitempty"`
	Unreachable []string    `json:"unreachable,omitempty"` // addresses of servers that do not answer
}

type keyServer struct {
	Address string `json:"address"`
	Port    int    `json:"port"`
}

func (a *Array) kmsRoutes(r router) {
	r.read("/system/kms", func(rq *request) (any, error) { return singleton(rq, a.kmsConfiguration()), nil })
	r.write(http.MethodPut, "/system/kms/set_configuration", kmsRoles, a.configureKMS)
	r.write(http.MethodPost, "/system/kms/upload_kms_ca_certificate", kmsRoles, a.uploadKMSCA)
	r.write(http.MethodPost, "/system/kms/upload_infinibox_certificate_and_key", kmsRoles, a.uploadKMSPair)
	r.write(http.MethodPost, "/system/kms_enable", kmsRoles, a.enableKMS)
	r.write(http.MethodPost, "/system/kms_disable", kmsRoles, a.disableKMS)
}

func (a *Array) kmsConfiguration() map[string]any {
	k := a.access.KMS
	o := map[string]any{
		"kms_servers": nil, "kms_username": orNull(k.Username), "ignore_kms_certificate": k.Ignore,
		"kms_ca_certificate": orNull(k.CA), "infinibox_kmip_certificate": orNull(k.Certificate),
	}
	if k.Servers != nil {
		o["kms_servers"] = k.Servers
	}
	return o
}

// kmsState is whether the key server is in use, and then whether it answers.
func (a *Array) kmsState() string {
	k := a.access.KMS
	if !k.Enabled {
		return "DISABLED"
	}
	for _, server := range k.Servers {
		if !hasFold(k.Unreachable, server.Address) {
			return "CONNECTED"
		}
	}
	return "DISCONNECTED"
}

func (a *Array) configureKMS(rq *request) (any, error) {
	body, err := rq.onlyFields("kms_servers", "kms_username", "kms_password", "ignore_kms_certificate")
	if err != nil {
		return nil, err
	}
	if len(body) == 0 {
		return nil, errEmpty
	}
	next := a.access.KMS
	if value, given := body["ignore_kms_certificate"]; given {
		ignore, ok := toBool(value)
		if !ok {
			return nil, errField("ignore_kms_certificate")
		}
		next.Ignore = ignore
	}
	if value, given := body["kms_servers"]; given {
		if next.Servers, err = readKeyServers(value); err != nil {
			return nil, err
		}
	}
	if err := next.setCredentials(body); err != nil {
		return nil, err
	}
	for _, server := range next.Servers {
		if net.ParseIP(server.Address) == nil && !isDomainName(server.Address) && !slices.Contains(a.access.KMS.Servers, server) {
			if err := rq.needApproval("The given address %s does not look valid", server.Address); err != nil {
				return nil, err
			}
		}
	}
	a.access.KMS = next
	return a.kmsConfiguration(), nil
}

// setCredentials reads user name and password, which come together: both as texts, or both as null to have none.
func (k *kms) setCredentials(body map[string]any) error {
	var texts [2]string
	given, nulls := 0, 0
	for i, name := range []string{"kms_username", "kms_password"} {
		value, ok := body[name]
		if !ok {
			continue
		}
		given++
		if value == nil {
			nulls++
			continue
		}
		if texts[i], ok = value.(string); !ok {
			return errField(name)
		}
		if texts[i] == "" {
			return conflict("KMS_EMPTY_CREDENTIALS", "The username or password provided cannot be an empty string")
		}
	}
	switch {
	case given == 1:
		return conflict("KMS_INCOMPLETE_CREDENTIALS", "The given credentials are incomplete. Either the user name or password is missing")
	case nulls == 1:
		return conflict("KMS_ILLEGAL_EMPTY_CREDENTIALS", "Both credentials should be null or hold a value")
	case nulls == 2:
		k.Username, k.Password = "", ""
	case given == 2:
		k.Username, k.Password = texts[0], digest(texts[1])
	}
	return nil
}

// readKeyServers reads a list of servers; null is none.
func readKeyServers(value any) ([]keyServer, error) {
	if value == nil {
		return nil, nil
	}
	items, ok := value.([]any)
	if !ok {
		return nil, errField("kms_servers")
	}
	var servers []keyServer
	for _, item := range items {
		fields, ok := item.(map[string]any)
		if !ok {
			return nil, errField("kms_servers")
		}
		if err := only(fields, "address", "port"); err != nil {
			return nil, err
		}
		address, ok := fields["address"].(string)
		if !ok || address == "" {
			return nil, errMissing("address")
		}
		port, err := requiredInteger(fields, "port")
		if err != nil {
			return nil, err
		}
		if port < 1 || port > 65535 {
			return nil, conflict("KMS_INVALID_PORT", "The given KMS port %d is not valid", port)
		}
		servers = append(servers, keyServer{address, port})
	}
	for _, server := range servers {
		if server.Port != servers[0].Port {
			return nil, conflict("KMS_INCONSISTENT_PORT", "The given KMS servers must have the same port")
		}
	}
	if len(servers) > maxKeyServers {
		return nil, conflict("KMS_MAX_KMS_SERVER_NODES_REACHED", "Cannot configure more than %d KMS server nodes", maxKeyServers)
	}
	return servers, nil
}

func (a *Array) uploadKMSCA(rq *request) (any, error) {
	text, err := rq.upload("file")
	if err != nil {
		return nil, err
	}
	chain, err := parseCertificates(text)
	if err != nil {
		return nil, err
	}
	a.access.KMS.CA = pemTexts(chain)
	return a.describeCertificate(chain[0]), nil
}

func (a *Array) uploadKMSPair(rq *request) (any, error) {
	text, err := rq.upload("file")
	if err != nil {
		return nil, err
	}
	chain, _, err := a.parsePair(text)
	if err != nil {
		return nil, err
	}
	a.access.KMS.Certificate = pemTexts(chain) // that it came with its key is all that is kept of the key
	return a.describeCertificate(chain[0]), nil
}

func pemTexts(chain []*x509.Certificate) string {
	var text strings.Builder
	for _, certificate := range chain {
		text.WriteString(pemText("CERTIFICATE", certificate.Raw))
	}
	return text.String()
}

// complete tells whether all is there that is needed to ask the key server.
func (k kms) complete() bool {
	return len(k.Servers) > 0 && k.CA != "" && k.Certificate != ""
}

func (a *Array) enableKMS(rq *request) (any, error) {
	if err := rq.needApproval("Enabling KMS places the systems encryption keys in the KMS database and removes them from the system. As a result, should the KMS be inaccessible or corrupt then InfiniBox will fail to power up"); err != nil {
		return nil, err
	}
	switch {
	case a.access.NoFIPS:
		return nil, conflict("KMS_FIPS_NOT_ENABLED", "Cannot enable KMS if system is not in FIPS mode")
	case a.access.Encrypted:
		return nil, conflict("KMS_CANNOT_ENABLE_DUE_TO_ENCRYPTION_MODE", "Cannot enable KMS while encryption is enabled")
	case !a.access.KMS.complete():
		return nil, conflict("KMS_ENABLE_MANDATORY_FIELDS_MISSING", "Cannot enable KMS when some of the following configuration mandatory fields are missing: [kms_servers, kms_ca_certificate, infinibox_kmip_private_key, infinibox_kmip_certificate]")
	}
	a.access.KMS.Enabled = true
	return true, nil
}

func (a *Array) disableKMS(rq *request) (any, error) {
	if err := rq.needApproval("Disabling KMS places the systems encryption key in the system, removing the need for KMS during InfiniBox power up"); err != nil {
		return nil, err
	}
	if a.access.Encrypted {
		return nil, conflict("KMS_CANNOT_DISABLE_DUE_TO_ENCRYPTION_MODE", "Cannot disable KMS while encryption is enabled")
	}
	a.access.KMS.Enabled = false
	return false, nil
}
