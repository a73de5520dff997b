package object

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"time"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox/common"
)

// credentials is the collection of credentials.
const credentials = "s3_credentials"

var (
	accessKey = regexp.MustCompile(`^[A-Za-z0-9.+$#_-]*$`)
	printable = regexp.MustCompile(`^[\x20-\x7e]*$`)
)

// Credential is a pair of keys of an S3 user.
var Credential = entity.Kind{
	System: common.System,
	Name:   "s3_credential",
	Plural: "s3_credentials",
	Noun:   "S3 credential",
	Path:   credentials,
	Doc: "A credential of an S3 user: the pair of an access key and a secret key, by which applications sign requests. " +
		"The array keeps the secret key to itself once the credential is made. To rotate without a gap, give the user a second credential, move the applications to it, and delete the first.",
	Identity: entity.Identity{NamedBy: "access_key", Taken: []string{"S3_ACCESS_KEY_CONFLICT"}},
	Creation: entity.Creation{InUse: []string{"last_used"}},
	Deletion: entity.Deletion{Danger: "Applications that use the credential lose access to S3 buckets.", Loses: lastUse},
	Explain:  explainCredential,
	Listing:  listOf(credentials, "user_id"),
	Facts: entity.Facts{
		entity.ID(),
		entity.Ref("user_id").Required().To("s3_user").Doc("The id of the user."),
		entity.Text("access_key").Defaulted().Queryable().OncePer().Checked("an access key", checkAccessKey).
			Doc("The access key: 3 to 128 ASCII letters, digits, `-`, `+`, `.`, `$`, `#` and `_`. The array makes one where it is not set."),
		entity.Revealed("secret_key").Checked("a secret key", checkSecretKey).
			Doc("The secret key: 10 to 64 printable ASCII characters."),
		entity.Enum("status", "ENABLED", disabled).Defaulted().Mutable().Queryable().
			Danger("Applications that use the credential lose access to S3 buckets.", entity.Becomes(disabled)).
			Doc("Whether the credential is good."),
		comment().Matching(printable, "printable ASCII characters"),
		common.CreatedAt(),

		common.UpdatedAt(),
		common.Tenant(),
		entity.Text("user_name").Doc("The name of the user."),
		entity.Text("account_name").Doc("The name of the user's account."),
		lastUsed("When the credential was used last."),
	},
}

func checkAccessKey(key string) error {
	switch {
	case len(key) < 3 || len(key) > 128:
		return fmt.Errorf("an access key has 3 to 128 characters; this one has %d", len(key))
	case !accessKey.MatchString(key):
		return fmt.Errorf("%q is no access key: use ASCII letters, digits and - + . $ # _", key)
	}
	return nil
}

// checkSecretKey says nothing of the key itself.
func checkSecretKey(key string) error {
	switch {
	case len(key) < 10 || len(key) > 64:
		return errors.New("a secret key has 10 to 64 characters")
	case !printable.MatchString(key):
		return errors.New("a secret key has printable ASCII characters only")
	}
	return nil
}

// lastUse says when somebody has used a credential that is to be deleted.
func lastUse(ctx context.Context, s *entity.Session, credential entity.Values) []string {
	o, err := s.Client.Read(ctx, credentials, credential.ID("id"), []string{"id", "last_used"})
	if err != nil {
		return nil
	}
	if at, told := usedAt(o); told {
		return []string{"It was used last at " + at.UTC().Format(time.RFC3339) + "."}
	}
	return []string{"The array knows of no use of it."}
}

func explainCredential(ctx context.Context, s *entity.Session, credential entity.Values, err error) string {
	if api.CodeOf(err) != "S3_CREDENTIALS_PER_USER_COUNT_LIMIT" {
		return ""
	}
	return "The user has the access keys " + heldBy(api.Fresh(ctx), s, credentialsOf, credential.ID("user_id")) + ". Delete one that is used no more."
}
