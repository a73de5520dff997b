package access_test

import (
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
	"github.com/storage-as-code/terraform-provider-storage/internal/acctest/area"
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox/access"
)

func TestMain(m *testing.M) { acctest.Main(m) }

func TestAccArea(t *testing.T) {
	area.Run(t, access.Area(), area.Tests{
		Tables: map[string]acctest.Table{
			"user":                  users,
			"user_group":            groups,
			"users_repository":      repositories,
			"sso_identity_provider": providers,
		},
		// Of these there is one each.
		Apart: map[string]func(*testing.T){
			"users_repository_order": TestAccRepositoryOrder,
			"ssl_certificate":        TestAccSSLCertificate, "ssl_certificate_request": TestAccSSLCertificateRequest,
			"kms": TestAccKMS, "ssh": TestAccSSH,
		},
		Faults: map[string]acctest.Table{
			"users_repository_order": orderOfTheFaults,
			"ssl_certificate":        certificatesOfTheFaults, "ssl_certificate_request": requestsOfTheFaults,
			"kms": kmsOfTheFaults, "ssh": sshOfTheFaults,
		},
		Actions: map[string]acctest.Action{
			"user_reset_password":     passwordAsked,
			"users_repository_test":   repositoryTested,
			"users_repository_reload": repositoriesReloaded,
			"eula_accept":             acceptedEULA, "eula_snooze": snoozedEULA,
		},
		Questions: questions,
		Walk:      estate(),
	})
}

// What the tests here are written with.
var resource, put, bad = acctest.ArrayResource, acctest.Put, acctest.BadValue
