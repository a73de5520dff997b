package object_test

import (
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
	"github.com/storage-as-code/terraform-provider-storage/internal/acctest/area"
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox/object"
	simulator "github.com/storage-as-code/terraform-provider-storage/internal/simulator/infinibox"
)

func TestMain(m *testing.M) { acctest.Main(m) }

func TestAccArea(t *testing.T) {
	area.Run(t, object.Area(), area.Tests{
		Tables: map[string]acctest.Table{
			"s3_account": accounts, "s3_user": users, "s3_bucket": buckets, "s3_credential": credentials,
		},
		// Of these there is one each.
		Apart:  map[string]func(*testing.T){"s3_certificate": TestAccS3Certificate, "s3_certificate_request": TestAccS3CertificateIsRequestedAndSigned},
		Faults: map[string]acctest.Table{"s3_certificate": certificatesOfTheFaults, "s3_certificate_request": requestsOfTheFaults},
		Walk:   estate(),
	})
}

// What the tests here are written with.
var resource, put, bad = acctest.ArrayResource, acctest.Put, acctest.BadValue

// newLab is an array that serves S3.
func newLab(t *testing.T) *acctest.InfiniBox {
	t.Helper()
	if acctest.OnReal() {
		return acctest.NewInfiniBox(t)
	}
	return acctest.SimulateInfiniBox(t, simulator.Options{S3: true})
}

// newPool makes a pool for an account.
func newPool(b *acctest.InfiniBox, label string) any {
	return b.Create("pools", map[string]any{"name": b.Name(label), "physical_capacity": 1_000_000_000_512, "type": "S3"})
}

// newAccount makes an account with a pool of its own.
func newAccount(b *acctest.InfiniBox, label string) any {
	return b.Create("s3_accounts", map[string]any{"name": b.Name(label), "pool_id": newPool(b, label)})
}

// newUser makes a user in an account of its own.
func newUser(b *acctest.InfiniBox, label string) any {
	return b.Create("s3_users", map[string]any{"name": label, "account_id": newAccount(b, label)})
}
