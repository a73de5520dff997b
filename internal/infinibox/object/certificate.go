package object

import "github.com/storage-as-code/terraform-provider-storage/internal/infinibox/common"

const (
	certificates = "system/s3_certificates"

	restarts         = "The S3 service starts anew with the certificate: applications that are at work are cut off for that time, and those that do not know who signed it lose access."
	certificatesRole = "The S3 service proves itself by one certificate. What it had before cannot be given back, because the key of that is on the array alone: " +
		"destroying the resource sends nothing, and the certificate stays."
)

// Certificate is what the S3 service proves itself with.
var Certificate = common.ServerCertificate{
	Name: "s3_certificate",
	Noun: "S3 certificate",
	Path: certificates,
	ID:   "s3_service",
	Doc: "The certificate by which the S3 service of the array proves to applications who it is, apart from the certificate of the array's management: uploaded with its key, " +
		"signed by an authority for a request of the array's (`storage_infinibox_s3_certificate_request`), or made and signed by the array itself. " + certificatesRole,
	Stays:       certificatesRole,
	Uploading:   restarts,
	SelfSigning: "The S3 service proves itself by nobody's word but its own: applications that verify certificates lose access until they know the new one.",
}.Kind()

// CertificateRequest asks an authority for a certificate of the S3 service.
var CertificateRequest = common.CertificateRequest("s3_certificate_request", certificates,
	"A request for a certificate of the array's S3 service (CSR), whose key never leaves the array. An authority signs it, and `storage_infinibox_s3_certificate` gives the array what was signed. "+
		"It can be signed again, before the certificate expires, until the array is asked for another request: that makes another key, and the array keeps the last one alone.\n\n"+
		"The array tells the request once, so only the state has it. Destroying it leaves the array as it is.")
