package object

import (
	"context"
	"errors"
	"fmt"
	"net"
	"regexp"
	"strings"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox/common"
)

// buckets is the collection of buckets.
const buckets = "s3_buckets"

// Bucket holds objects.
var Bucket = entity.Kind{
	System: common.System,
	Name:   "s3_bucket",
	Plural: "s3_buckets",
	Noun:   "S3 bucket",
	Path:   buckets,
	Doc: "An S3 bucket: what holds the objects of an S3 account, in the account's pool. " +
		"What is S3's own, such as policies and versioning, the array's management does not know: that is for clients of S3.",
	Creation: entity.Creation{InUse: []string{"object_count"}},
	Update:   entity.Update{OneByOne: true},
	Deletion: entity.Deletion{Danger: "Applications can no longer use the bucket. The array deletes only a bucket that is empty.", Loses: heldIn},
	Explain:  explainBucket,
	Listing:  listOf(buckets, "account_id"),
	Facts: entity.Facts{
		entity.ID(),
		entity.Text("name").Required().Queryable().Checked("the name of an S3 bucket", checkBucketName).
			Doc("The name, as S3 has it: 3 to 63 lower-case letters, digits, `-` and `.`, a letter or a digit first and last, no two dots in a row, and no IP address. No two buckets of the array have the same."),
		entity.Ref("account_id").Required().To("s3_account").Doc("The id of the account that the bucket belongs to."),
		common.SSDEnabled("bucket").Unqueried(),
		common.CompressionEnabled().Unqueried(),
		entity.Ref("pool_id").Lasting().Doc("The id of the pool that the bucket is in: the account's."),
		common.CreatedAt(),

		common.UpdatedAt(),
		common.Tenant(),
		entity.Text("account_name").Doc("The name of the account."),
		entity.Integer("object_count").Filterable().Doc("How many objects it holds."),
		entity.Capacity("capacity_consumed").Filterable().Doc("What these hold."),
		entity.Capacity("allocated").Doc("What is taken in the pool."),
		entity.Capacity("tree_allocated").Doc("What is taken in the pool by the bucket as a whole."),
		entity.Capacity("disk_usage").Doc("What is taken on disk."),
		entity.Capacity("capacity_savings").Doc("What compression and the like save."),
		entity.Capacity("capacity_savings_per_entity").Doc("What compression and the like save of this one alone."),
		entity.Decimal("data_reduction_ratio").Doc("Data written to data stored."),
		entity.Bool("compression_suppressed").Doc("Whether compression is on but does not pay, so that the array leaves it."),
	},
}

var bucketName = regexp.MustCompile(`^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$`)

func checkBucketName(name string) error {
	switch {
	case len(name) < 3 || len(name) > 63:
		return fmt.Errorf("a bucket's name has 3 to 63 characters; this one has %d", len(name))
	case !bucketName.MatchString(name):
		return fmt.Errorf("%q is no name of a bucket: use lower-case letters, digits, \"-\" and \".\", with a letter or a digit first and last", name)
	case strings.Contains(name, ".."):
		return fmt.Errorf("%q is no name of a bucket: it has two dots in a row", name)
	case net.ParseIP(name) != nil:
		return errors.New("an IP address is no name of a bucket")
	}
	return nil
}

// heldIn says how much there is in a bucket that is to be deleted.
func heldIn(ctx context.Context, s *entity.Session, bucket entity.Values) []string {
	if held := holds(ctx, s, bucket); held != "" {
		return []string{held + " The array refuses to delete it until it is empty."}
	}
	return nil
}

// holds says how much there is in a bucket; "" where there is nothing.
func holds(ctx context.Context, s *entity.Session, bucket entity.Values) string {
	o, err := s.Client.Read(ctx, buckets, bucket.ID("id"), []string{"id", "object_count", "capacity_consumed"})
	if err != nil {
		return ""
	}
	objects, _ := common.Number(o["object_count"])
	bytes, _ := common.Number(o["capacity_consumed"])
	switch {
	case objects == 0 && bytes == 0:
		return ""
	case objects == 1:
		return fmt.Sprintf("It holds 1 object, of %s.", entity.FormatCapacity(bytes))
	}
	return fmt.Sprintf("It holds %d objects, of %s together.", objects, entity.FormatCapacity(bytes))
}

func explainBucket(ctx context.Context, s *entity.Session, bucket entity.Values, err error) string {
	switch api.CodeOf(err) {
	case "S3_BUCKET_NOT_EMPTY":
		return strings.TrimSpace(holds(api.Fresh(ctx), s, bucket) + " Delete by S3 what is in it, also versions and unfinished uploads where there are any.")
	case "S3_ACCOUNT_IS_DISABLED":
		return "Enable the account to make buckets in it, and disable it after that."
	}
	return ""
}
