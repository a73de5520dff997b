package campaign

import (
	"encoding/base64"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
)

// planted are the secrets that a suite's configurations hold, and the array's
// password in all its forms.
func planted(s acctest.Suite) []string {
	secrets := []string{acctest.ArrayPassword, base64.StdEncoding.EncodeToString([]byte("admin:" + acctest.ArrayPassword))}
	tables := []acctest.Attrs{s.Least, s.Most}
	for _, change := range s.Changes {
		tables = append(tables, change.Beside)
	}
	for _, table := range tables {
		for _, name := range slices.Sorted(maps.Keys(table)) {
			if secret, ok := table[name].(string); ok && strings.HasSuffix(name, "_wo") && !slices.Contains(secrets, secret) {
				secrets = append(secrets, secret)
			}
		}
	}
	return secrets
}

// noSecrets holds that nothing the provider has said, planned or put into the
// state holds a secret.
func noSecrets(t *testing.T, s acctest.Suite, said string) {
	t.Helper()
	for _, secret := range planted(s) {
		if strings.Contains(said, secret) {
			t.Errorf("the provider has told the secret %q", secret)
		}
	}
}
