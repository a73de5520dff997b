// Package object holds S3 object storage on an InfiniBox: accounts, their users with
// credentials, their buckets, and what the S3 service proves itself with. Each file is one
// entity: its table of facts, and the few operations that are its own.
package object

import (
	"context"
	"fmt"
	"iter"
	"slices"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox/common"
)

// Area is what the provider serves of object storage.
func Area() entity.Area {
	return entity.Area{Title: "InfiniBox: Object storage", Kinds: Kinds()}
}

// Kinds are the entities of this package.
func Kinds() []*entity.Kind {
	return []*entity.Kind{&Account, &User, &Bucket, &Credential, &Certificate, &CertificateRequest}
}

// listOf lists the objects of a collection, confined to those of an owner where one is
// named: the array can be asked for many things, and not for that.
func listOf(path, owner string) entity.Listing {
	return entity.Listing{
		Scope: []string{owner},
		List: func(ctx context.Context, s *entity.Session, scope entity.Values, q api.Query) iter.Seq2[api.Object, error] {
			if !scope.Known(owner) {
				return s.Client.List(ctx, path, q)
			}
			return ownedBy(ctx, s, path, owner, scope.ID(owner), q)
		},
	}
}

// ownedBy are the objects that an owner has, of those of a collection that a query selects.
func ownedBy(ctx context.Context, s *entity.Session, path, owner, id string, q api.Query) iter.Seq2[api.Object, error] {
	left := q.Limit
	q.Limit = 0 // of these, others do not count
	if len(q.Fields) > 0 && !slices.Contains(q.Fields, owner) {
		q.Fields = append(slices.Clone(q.Fields), owner)
	}
	return func(yield func(api.Object, error) bool) {
		for o, err := range s.Client.List(ctx, path, q) {
			if err == nil && fmt.Sprint(o[owner]) != id {
				continue
			}
			if left--; !yield(o, err) || left == 0 {
				return
			}
		}
	}
}

// held is what an owner has of a collection, by name.
const held = "held"

// What accounts and users have.
var (
	usersOf       = common.GroupedByListing("S3 users by account", users, "account_id", "name", held)
	bucketsOf     = common.GroupedByListing("S3 buckets by account", buckets, "account_id", "name", held)
	credentialsOf = common.GroupedByListing("S3 credentials by user", credentials, "user_id", "access_key", held)
)

// heldBy names what an owner has, for an explanation; "" where that is nothing, or cannot
// be listed.
func heldBy(ctx context.Context, s *entity.Session, of *api.Source, owner string) string {
	o, err := s.Client.ReadFrom(ctx, of, owner)
	all, _ := o[held].([]any)
	if err != nil || len(all) == 0 {
		return ""
	}
	names := make([]string, len(all))
	for i, name := range all {
		names[i] = fmt.Sprintf("%q", name)
	}
	slices.Sort(names)
	return common.Few(names)
}
