package infinibox

import "testing"

// TestTheCertificateOfS3IsItsOwn changes the one and looks at the other.
func TestTheCertificateOfS3IsItsOwn(t *testing.T) {
	s := tenant(t)
	serial := func(path string) any {
		t.Helper()
		one := listed(t, s, path)[0].(values)
		return one["certificate"].(values)["serial_number"]
	}
	own, early := serial("system/certificates"), serial("system/s3_certificates")
	if again := serial("system/s3_certificates"); again != early {
		t.Error("each question makes a certificate")
	}
	made := must(t, s, "POST", "system/s3_certificates/generate_self_signed", nil)
	expect(t, made, values{"id": "s3_service"})
	if now := serial("system/s3_certificates"); now == early || now != made["certificate"].(values)["serial_number"] {
		t.Errorf("the certificate is %v, after %v", now, early)
	}
	if serial("system/certificates") != own {
		t.Error("the array's own certificate has changed")
	}
	documented := documentedFields(t, "fields_certificates.json")
	shown := first(call(t, s.array, "GET", "system/s3_certificates", "")).(values)
	checkFields(t, "certificate of S3", documented["certificate"], shown)
	checkFields(t, "certificate itself", documented["certificate_itself"], shown["certificate"])
}
