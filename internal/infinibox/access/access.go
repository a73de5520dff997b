// Package access holds who may work with an InfiniBox, and how they prove it: users and
// groups, the directories and identity providers that vouch for them, certificates and
// keys. Each file is one entity: its table of facts, and the few operations that are
// its own.
package access

import (
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
)

// Area is what the provider serves of access and security.
func Area() entity.Area {
	return entity.Area{Title: "InfiniBox: Access", Kinds: Kinds(), Actions: Actions(), Lookups: Lookups()}
}

// Kinds are the entities of this package.
func Kinds() []*entity.Kind {
	return []*entity.Kind{
		&User, &UserGroup, &UsersRepository, &UsersRepositoryOrder, &SSOIdentityProvider,
		&SSLCertificate, &SSLCertificateRequest, &KMS, &SSH,
	}
}

// Actions are the operations that are events, and leave no state of their own.
func Actions() []*entity.Action {
	return append([]*entity.Action{&resetPassword, &testRepository, &reloadRepositories}, eulaActions()...)
}

// Lookups are the questions that no entity answers.
func Lookups() []*entity.Lookup {
	return []*entity.Lookup{
		&userRoles, &userPools, &domainControllers, &identityProviderLinks,
		passwordPolicy, messageOfTheDay, eula, systemSecurity,
	}
}
