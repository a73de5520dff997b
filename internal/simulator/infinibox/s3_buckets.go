package infinibox

import (
	"fmt"
	"net"
	"strings"
)

// An S3 bucket holds the objects of an account, in the account's pool.

const minBucketName, maxBucketName = 3, 63

func newS3Buckets() *collection {
	return newCollection(collection{
		path: "s3_buckets", noun: "S3 bucket", absent: "S3_BUCKET_NOT_FOUND", command: "GetAllS3Buckets",
		legal: checkBucketName, taken: "S3_BUCKET_NAME_CONFLICT", takenText: "An S3 bucket with this name already exists",
		in: "account_id", readers: staff,
		creation: by(poolAdmins), updating: by(poolAdmins), deletion: by(poolAdmins),
		fill: fillS3Bucket, full: s3BucketsFull, check: checkS3Bucket,
		checks: map[string]func(ch *change) error{
			"compression_enabled": toggle{field: "compression_enabled", on: true, already: func(o Object, state string) error {
				return conflict("S3_BUCKET_COMPRESSION_ALREADY_"+strings.ToUpper(state), "Compression is already %s for S3 bucket '%s'", state, o.name())
			}}.check,
			"ssd_enabled": toggle{field: "ssd_enabled", on: true, already: func(o Object, state string) error {
				cache := map[string]string{"enabled": "SSD", "disabled": "SSH"}[state] // as the array writes it
				return conflict("S3_BUCKET_SSD_CACHE_ALREADY_"+strings.ToUpper(state), "%s Cache is already %s for S3 bucket '%s'", cache, state, o.name())
			}}.check,
		},
		keeps: keepsS3Bucket,
		computed: map[string]func(a *Array, o Object) any{
			"account_name": func(a *Array, o Object) any { return a.holderOf(o).name() },
			"pool_id":      func(a *Array, o Object) any { return a.poolOf(o).id() },
		},
	}, `
		id                          integer  filter sort
		name                        text     filter sort required
		account_id                  integer  required
		account_name                text
		pool_id                     integer
		ssd_enabled                 boolean  create update
		compression_enabled         boolean  create update
		compression_suppressed      boolean
		object_count                integer  filter
		capacity_consumed           integer  filter
		disk_usage                  integer
		allocated                   integer  =0
		tree_allocated              integer  =0
		capacity_savings            integer
		capacity_savings_per_entity integer
		data_reduction_ratio        decimal  =1.0
		tenant_id                   integer
		created_at                  integer  filter sort
		updated_at                  integer  filter sort
	`)
}

// checkBucketName applies the rules that S3 has for the names of buckets.
func checkBucketName(name string) error {
	if n := len([]rune(name)); n < minBucketName || n > maxBucketName {
		return badRequest("INVALID_NAME_LENGTH", "Name must be of length between %d and %d characters", minBucketName, maxBucketName)
	}
	switch {
	case strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789-.") != "",
		strings.Trim(name, "-.") != name, strings.Contains(name, ".."), net.ParseIP(name) != nil:
		return badRequest("INVALID_CHARACTERS_IN_NAME", "Invalid characters in name '%s'", name)
	}
	return nil
}

// fillS3Bucket gives a new bucket what its pool has.
func fillS3Bucket(ch *change) {
	if !ch.isNew() {
		return
	}
	pool := ch.a.poolOf(ch.after)
	for _, name := range []string{"ssd_enabled", "compression_enabled"} {
		if !ch.sets(name) {
			ch.after[name] = pool[name]
		}
	}
}

func s3BucketsFull(a *Array) error {
	if len(a.s3Buckets.objects) >= a.limits.S3Buckets {
		return conflict("S3_BUCKET_COUNT_LIMIT", "A new S3 bucket cannot be created. The system has reached the maximum number of S3 buckets")
	}
	return nil
}

func checkS3Bucket(ch *change) error {
	if account := ch.a.holderOf(ch.after); ch.isNew() && !account.bool("enabled") {
		return conflict("S3_ACCOUNT_IS_DISABLED", "Your request cannot be completed because the S3 account '%s' is disabled.", account.name())
	}
	return nil
}

// keepsS3Bucket refuses to delete a bucket without approval, which names the account, and one that is not empty.
func keepsS3Bucket(rq *request, o Object) error {
	if err := rq.needApproval("Bucket '%s' will be deleted from account %s only if the bucket is empty", o.name(), rq.a.holderOf(o).name()); err != nil {
		return err
	}
	if o.int("object_count") > 0 {
		return conflict("S3_BUCKET_NOT_EMPTY", "S3 bucket '%s' cannot be deleted because it is not empty", o.name())
	}
	return nil
}

func (a *Array) bucketsIn(pool Object) []Object {
	if account := a.s3AccountOf(pool); account != nil {
		return a.s3Buckets.where("account_id", account.id())
	}
	return nil
}

// SeedObjects are the objects in a bucket: how many there are, and how many bytes they take of the pool.
type SeedObjects struct {
	BucketID int `json:"bucket_id"`
	Count    int `json:"count"`
	Bytes    int `json:"bytes"`
}

func (a *Array) plantObjects(s SeedObjects) error {
	bucket, err := a.s3Buckets.find(s.BucketID)
	if err != nil {
		return err
	}
	if free := a.freePhysical(a.poolOf(bucket)) + bucket.int("allocated"); s.Bytes > free {
		return fmt.Errorf("S3 bucket %d: its pool has room for %d bytes", s.BucketID, free)
	}
	a.accountBucket(bucket, -1)
	bucket["object_count"] = s.Count
	for _, name := range []string{"capacity_consumed", "allocated", "tree_allocated", "disk_usage"} {
		bucket[name] = s.Bytes
	}
	a.accountBucket(bucket, 1)
	return nil
}

// accountBucket adds a bucket's objects to what its pool holds, or takes them off with sign -1.
func (a *Array) accountBucket(bucket Object, sign int) {
	a.usageOf(a.poolOf(bucket).id()).physical += sign * bucket.int("allocated")
}
