package access

import "github.com/storage-as-code/terraform-provider-storage/internal/infinibox/common"

// SSLCertificateRequest asks an authority for a certificate of the array.
var SSLCertificateRequest = common.CertificateRequest("ssl_certificate_request", certificates,
	"A request for a certificate of the array (CSR), whose key never leaves it. An authority signs it, and `storage_infinibox_ssl_certificate` gives the array what was signed. "+
		"It can be signed again, before the certificate expires, until the array is asked for another request: that makes another key, and the array keeps the last one alone.\n\n"+
		"The array tells the request once, so only the state has it. Destroying it leaves the array as it is.")
