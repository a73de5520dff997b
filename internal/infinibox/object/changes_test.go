package object_test

import (
	"strings"
	"testing"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
	"github.com/storage-as-code/terraform-provider-storage/internal/campaign/walk"
	"github.com/storage-as-code/terraform-provider-storage/internal/testcore"
)

// pools are what accounts have, one each.
func pools(t *testing.T) acctest.Suite {
	b := newLab(t)
	arguments := acctest.Attrs{"name": acctest.Name(b), "physical_capacity": "1TB", "type": "S3"}
	return acctest.Suite{
		Lab: b, Type: "storage_infinibox_pool", Least: arguments, Most: arguments,
		Changes: map[string]acctest.Change{"physical_capacity": {Through: []any{"1TB", "2TB"}}},
	}
}

// estate is what random changes are made in.
func estate() *walk.Estate {
	ref := func(address string) testcore.Ref { return testcore.Ref{Address: address, Attribute: "id"} }
	return &walk.Estate{
		Lab:    func(t *testing.T) acctest.Simulated { return newLab(t) },
		Prefix: "storage_infinibox_",
		Tables: map[string]acctest.Table{"pool": pools},
		Aside:  map[string]string{"s3_certificate": "there is one", "s3_certificate_request": "the array knows the last one alone"},
		Relations: map[string]walk.Relation{
			"s3_account.pool_id": {To: []string{"pool"}, Once: true},
			"s3_user.account_id": {To: []string{"s3_account"}}, "s3_bucket.account_id": {To: []string{"s3_account"}},
			"s3_credential.user_id": {To: []string{"s3_user"}},
		},
		Unique: map[string][][]string{"s3_account": {{"pool_id"}, {"canonical_id"}}, "s3_credential": {{"access_key"}}},
		Always: map[string]any{
			"s3_account.enabled": true, // TestAccObjectStorageRefusals
			"s3_user.uid":        nil,
			"s3_user.gid":        nil,
			"s3_credential.store_generated_secret_key": nil, // TestAccGeneratedSecretKey
		},
		Contradicts: func(testcore.Config) string { return "" },
		Never: func(e testcore.Said, _ *testcore.Plan) bool {
			return strings.Contains(e.Detail, "(S3_ACCOUNT_IS_DISABLED)") // by others
		},
		Theirs: testcore.Config{Resources: map[string]testcore.Resource{
			"storage_infinibox_pool.theirs":       {Arguments: acctest.Attrs{"name": "their pool", "physical_capacity": "1TB", "type": "S3"}},
			"storage_infinibox_s3_account.theirs": {Arguments: acctest.Attrs{"name": "theirs", "pool_id": ref("storage_infinibox_pool.theirs")}},
			"storage_infinibox_s3_user.theirs":    {Arguments: acctest.Attrs{"name": "theirs", "account_id": ref("storage_infinibox_s3_account.theirs")}},
			"storage_infinibox_s3_bucket.theirs":  {Arguments: acctest.Attrs{"name": "theirs", "account_id": ref("storage_infinibox_s3_account.theirs")}},
		}},
		Member: "storage_infinibox_s3_user.theirs",
	}
}
