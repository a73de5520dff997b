package brownfield

import "strings"

// defaults are what an array makes of what nobody has said, by resource and attribute: a
// text as in a configuration. What depends on the rest of the object is not among them.
var defaults = tableOf(`
infinibox_pool type=STANDARD physical_capacity_warning=80 physical_capacity_critical=90 fs_used_default_warning=100 fs_used_default_critical=100
infinibox_pool max_extend=unlimited ssd_enabled=true compression_enabled=true locked=false tenant_id=1
infinibox_volume provtype=THIN ssd_enabled=true compression_enabled=true write_protected=false ssa_express_enabled=false
infinibox_host host_type=DEFAULT security_method=NONE optimized=true tenant_id=1
infinibox_host_cluster host_type=DEFAULT
infinibox_snapshot_policy default_snapshot_policy=false
infinibox_snapshot_policy_schedule lock_snapshots=false enabled=true
infinibox_qos_policy burst_enabled=false
infinibox_filesystem provtype=THIN ssd_enabled=true compression_enabled=true write_protected=false ssa_express_enabled=false
infinibox_filesystem security_style=UNIX posix_file_ownership=false atime_mode=NOATIME atime_granularity=0
infinibox_filesystem snapdir_name=.snapshot snapdir_accessible=true worm_level=NONE suspend_state=NONE
infinibox_export inner_path=/ enabled=true make_all_users_anonymous=false anonymous_uid=65534 anonymous_gid=65534 nfs_version=NFSv3
infinibox_export snapdir_visible=true privileged_port=true transport_protocols=TCP file_id_32bit=false
infinibox_export max_read=1048576 max_write=1048576 pref_read=65536 pref_write=65536 pref_readdir=65536
infinibox_share inner_path=/ enabled=true description= offline_caching=MANUAL access_based_enumeration=false encryption=false
infinibox_share leases_enabled=true snapdir_visible=true is_home_share=false
infinibox_smb_user enabled=true
infinibox_user enabled=true enforce_user_password_policy=true
infinibox_users_repository ldap_port=636 use_ldaps=true
infinibox_sso_identity_provider enabled=true
infinibox_network_interface enabled=true
infinibox_network_space mtu=1500 automatic_ip_failback=false
infinibox_network_space_ip enabled=true
infinibox_s3_account enabled=true
infinibox_s3_user is_root=false status=ENABLED
infinibox_s3_bucket ssd_enabled=true compression_enabled=true
infinibox_s3_credential status=ENABLED
infinibox_notification_target tls=false facility=LOCAL7 transport=UDP
infinibox_fc_port enabled=true
`)

func tableOf(text string) map[string]map[string]string {
	table := map[string]map[string]string{}
	for line := range strings.Lines(strings.TrimSpace(text)) {
		words := strings.Fields(line)
		of := table["storage_"+words[0]]
		if of == nil {
			of = map[string]string{}
			table["storage_"+words[0]] = of
		}
		for _, word := range words[1:] {
			name, value, _ := strings.Cut(word, "=")
			of[name] = value
		}
	}
	return table
}
