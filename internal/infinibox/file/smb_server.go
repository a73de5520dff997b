package file

import (
	"context"
	"fmt"
	"slices"

	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox/common"
)

// SMBServer is what the array's SMB server demands of clients and offers them.
var SMBServer = entity.Kind{
	System: common.System,
	Name:   "smb_server",
	Noun:   "SMB server",
	Path:   "smb/server_capabilities",
	Doc: "What the array's SMB server demands of clients, and offers them. There is one on an array: this resource takes it over, " +
		"and gives it back as it was when it is destroyed.",
	Presence: entity.Only,
	Planning: entity.Planning{Check: checkSMBServer},
	Facts: entity.Facts{
		entity.FixedID("smb_server"),
		entity.Enum(minProtocol, protocols...).Defaulted().Mutable().
			Danger(demands[minProtocol], entity.When("raise it", func(before, after entity.Values) bool {
				return before != nil && version(after.Text(minProtocol)) > version(before.Text(minProtocol))
			})).
			Doc("The oldest version of SMB that clients may speak."),
		entity.Enum(maxProtocol, protocols...).Defaulted().Mutable().
			Doc("The newest version of SMB that clients may speak."),
		demanded("smb_encryption", "Whether traffic is encrypted: never, where the client can, or always."),
		demanded("smb_signing", "Whether messages are signed: never, where the client can, or always."),
		entity.Bool("smb_leases_enable").Defaulted().Mutable().
			Doc("Whether clients may cache files that nobody else uses (leases)."),
		entity.Integer("smb_lease_break_timeout").Defaulted().Mutable().Positive().
			Doc("How many seconds a client has to give a lease back that another one wants."),

		common.Tenant(),
	},
}

const (
	minProtocol = "min_smb_protocol"
	maxProtocol = "max_smb_protocol"
	required    = "REQUIRED"
)

// protocols are the versions of SMB, from the oldest.
var protocols = []string{"SMB_2_0_2", "SMB_2_1", "SMB_3_0", "SMB_3_0_2", "SMB_3_1_1"}

func version(protocol string) int { return slices.Index(protocols, protocol) }

// demands are why it is dangerous to ask more of clients, by what is asked.
var demands = map[string]string{
	minProtocol:      "Clients that speak only older versions are cut off.",
	"smb_encryption": "Clients that cannot encrypt are cut off.",
	"smb_signing":    "Clients that cannot sign are cut off.",
}

// demanded is what clients may do or must.
func demanded(name, doc string) entity.Fact {
	return entity.Enum(name, "DISABLED", "NEGOTIATE", required).Defaulted().Mutable().Danger(demands[name], entity.Becomes(required)).Doc(doc)
}

// checkSMBServer keeps the versions in order, and weighs what a taking over asks of
// clients: only the array tells what it asks of them now.
func checkSMBServer(ctx context.Context, p *entity.Plan) {
	if p.After == nil {
		return
	}
	now := present(ctx, p, "smb/server_capabilities")
	will := func(name string) string {
		if p.After.Known(name) {
			return p.After.Text(name)
		}
		return fmt.Sprint(now[name])
	}
	least, most := version(will(minProtocol)), version(will(maxProtocol))
	if least > most && most >= 0 {
		at := minProtocol
		if !p.Config.Known(at) {
			at = maxProtocol
		}
		p.Refuse(at, minProtocol+" must not be above "+maxProtocol, fmt.Sprintf("The oldest version is to be %s and the newest %s.", will(minProtocol), will(maxProtocol)))
		return
	}
	if p.Before != nil {
		return
	}
	for _, name := range []string{minProtocol, "smb_encryption", "smb_signing"} {
		was := fmt.Sprint(now[name])
		if p.Config.Known(name) && will(name) != was && (will(name) == required || name == minProtocol && version(will(name)) > version(was)) {
			p.Weigh(fmt.Sprintf("Changing %s of the SMB server from %s to %s", name, was, will(name)), demands[name])
		}
	}
}
