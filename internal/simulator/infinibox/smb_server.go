package infinibox

// What the array's SMB server can do.

const longestLeaseBreak = 300 // seconds

func newSMBServer() *collection {
	return newCollection(collection{
		path: "smb/server_capabilities", command: "GetSmbServerCapabilities", updating: by(administrators),
		unknownFilter: errUnsupported, check: checkProtocols,
		checks: map[string]func(ch *change) error{"smb_lease_break_timeout": func(ch *change) error {
			if seconds := ch.after.int("smb_lease_break_timeout"); seconds < 1 || seconds > longestLeaseBreak {
				return conflict("INVALID_SMB_LEASE_BREAK_TIMEOUT", "'%d' is not a supported SMB lease break timeout value. Enter a value between 1 and %d seconds", seconds, longestLeaseBreak)
			}
			return nil
		}},
	}, `
		min_smb_protocol        text(SMB_2_0_2|SMB_2_1|SMB_3_0|SMB_3_0_2|SMB_3_1_1)  filter sort update  ="SMB_2_0_2"
		max_smb_protocol        text(SMB_2_0_2|SMB_2_1|SMB_3_0|SMB_3_0_2|SMB_3_1_1)  filter sort update  ="SMB_3_1_1"
		smb_encryption          text(DISABLED|NEGOTIATE|REQUIRED)  filter sort update  ="NEGOTIATE"
		smb_signing             text(DISABLED|NEGOTIATE|REQUIRED)  filter sort update  ="NEGOTIATE"
		smb_leases_enable       boolean  filter sort update  =true
		smb_lease_break_timeout integer  filter sort update  =60
		tenant_id               integer
		tenantId                integer  filter sort hidden  =1
	`)
}

// checkProtocols keeps the versions of the protocol in order.
func checkProtocols(ch *change) error {
	version := ch.after.of().byName["min_smb_protocol"].compare
	least, most := ch.after.text("min_smb_protocol"), ch.after.text("max_smb_protocol")
	switch {
	case version(least, most) <= 0:
		return nil
	case ch.sets("min_smb_protocol"):
		return conflict("MIN_SMB_PROTOCOL_VERSION_HIGHER_THAN_MAX_SMB_PROTOCOL_VERSION", "The minimum SMB Protocol Version must not be higher than the maximum SMB Protocol Version, but '%s' is higher than '%s'", least, most)
	}
	return conflict("MAX_SMB_PROTOCOL_VERSION_LOWER_THAN_MIN_SMB_PROTOCOL_VERSION", "The maximum SMB Protocol Version must not be lower than the minimum SMB Protocol Version, but '%s' is lower than '%s'", most, least)
}
