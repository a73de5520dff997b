package infinibox_test

import (
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
)

// The client that gives the array another certificate goes on with it.
func TestNewCertificateOfTheArray(t *testing.T) {
	array, client, ids := start(t, 1)
	do(t, client, api.Request{Method: "POST", Path: "system/certificates/generate_csr", Body: api.Object{}})
	for range 2 {
		do(t, client, api.Request{Method: "POST", Path: "system/certificates/generate_self_signed", Approved: true})
		if _, err := client.Read(api.Fresh(t.Context()), "volumes", ids[0], nil); err != nil {
			t.Error(err)
		}
	}
	if n := len(array.Requests()); n != 5 {
		t.Errorf("%d requests, want 5", n)
	}
}
