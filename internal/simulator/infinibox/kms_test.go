package infinibox

import (
	"strings"
	"testing"
)

func TestKeyServersAreSetUpAndEnabled(t *testing.T) {
	a := world(t, Options{})
	for _, line := range []string{
		`technician:PUT system/kms/set_configuration {"kms_servers":[{"address":"kms.example.com","port":5696}],"kms_username":"array","kms_password":"kms-secret"}`,
		`technician:POST system/kms/upload_kms_ca_certificate UPLOAD file CA`,
		`technician:!POST system/kms_enable -> KMS_ENABLE_MANDATORY_FIELDS_MISSING`,
		`technician:POST system/kms/upload_infinibox_certificate_and_key UPLOAD file PAIR`,
		`technician:!POST system/kms_enable`,
	} {
		s := readStep(t, line)
		if status, code, message := s.take(t, a); code != s.code {
			t.Errorf("%s: %d %s %s", line, status, code, message)
		}
	}
	configuration := call(t, a, "GET", "system/kms", "").(map[string]any)
	expect(t, configuration, values{"kms_servers": []any{map[string]any{"address": "kms.example.com", "port": 5696}}, "kms_username": "array", "ignore_kms_certificate": false})
	if text := configuration["infinibox_kmip_certificate"].(string); strings.Contains(text, "PRIVATE KEY") || !strings.Contains(text, "BEGIN CERTIFICATE") {
		t.Errorf("the array shows %s", text)
	}
	state := func() any {
		return call(t, a, "GET", "system/security", "").(map[string]any)["kmip_connectivity_state"]
	}
	if state() != "CONNECTED" {
		t.Errorf("state %v", state())
	}
	readStep(t, `SEED - {"security":{"unreachable_kms_servers":["KMS.example.com"]}}`).take(t, a)
	if state() != "DISCONNECTED" {
		t.Errorf("state %v", state())
	}
	for _, line := range []string{
		`technician:!POST system/kms_disable`,
		`technician:!PUT system/kms/set_configuration {"kms_servers":[{"address":"abcd.12","port":5696}],"kms_username":null,"kms_password":null,"ignore_kms_certificate":true}`,
	} {
		if status, code, _ := readStep(t, line).take(t, a); status != 200 {
			t.Errorf("%s: %d %s", line, status, code)
		}
	}
	expect(t, call(t, a, "GET", "system/kms", "").(map[string]any), values{"kms_username": nil, "ignore_kms_certificate": true})
	if state() != "DISABLED" {
		t.Errorf("state %v", state())
	}
}

func TestKMSHasTheFieldsOfTheReference(t *testing.T) {
	a := world(t, Options{})
	readStep(t, `technician:POST system/kms/upload_infinibox_certificate_and_key UPLOAD file PAIR`).take(t, a)
	checkAnswers(t, a, documentedFields(t, "fields_kms.json"), map[string][]string{"kms": {"system/kms"}})
}
