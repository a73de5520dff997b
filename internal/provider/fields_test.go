package provider_test

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/storage-as-code/terraform-provider-storage/internal/provider"
)

// answer is what a data source is to tell: all fields of the examples of these objects.
// Like an example, it is at the root or, of a listing, in the objects of a list.
type answer struct {
	of string // names in fields*.json, separated by blanks
	at string // the list; "" for the plural's own, or none
	// as are the attributes that go by another name, by field.
	as map[string]string
	// without are the fields that are left out, and why.
	without map[string]string
	// why there is no example to compare with.
	why string
}

const (
	ofRelation = "who belongs to whom; the data sources of the two tell all else of them"
	byName     = "one value, by the name that is asked for"
	inPieces   = "what it holds are attributes by themselves"
	unshown    = "the reference does not show what it is"
)

// ofNode are the attributes of parts of a node that go by another name.
var ofNode = map[string]string{
	"node_index": "node_id", "SFP_Temperature_Deg_C": "sfp_temperature", "SFP_Voltage_Volt": "sfp_voltage", "SFP_Laser_Bias_Current_mA": "sfp_laser_bias_current",
	"laser_RX_power_mW": "laser_rx_power", "laser_TX_power_mW": "laser_tx_power",
	"RX_power_low_Warning_THLD_mW": "rx_power_low_warning", "RX_power_high_Warning_THLD_mW": "rx_power_high_warning",
	"TX_power_low_Warning_THLD_mW": "tx_power_low_warning", "TX_power_high_Warning_THLD_mW": "tx_power_high_warning",
}

// answers are the data sources of InfiniBox, by the entity's or the look-up's name.
var answers = map[string]answer{
	"consistency_group":          {of: "group"},
	"dataset":                    {of: "volume filesystem"},
	"filesystem":                 {of: "filesystem"},
	"filesystem_snapshot":        {of: "filesystem_snapshot"},
	"host":                       {of: "host"},
	"host_cluster":               {of: "cluster"},
	"lun":                        {of: "lun", as: map[string]string{"host_cluster_id": "cluster_id"}},
	"pool":                       {of: "pool"},
	"qos":                        {of: "qos_state", as: map[string]string{"is_enabled": "enabled"}},
	"qos_policy":                 {of: "qos_policy"},
	"qos_policy_assignment":      {of: "qos_entity"},
	"snapshot_group":             {of: "snapshot_group"},
	"snapshot_policy":            {of: "policy"},
	"snapshot_policy_assignment": {of: "policy_entity"},
	"snapshot_policy_schedule":   {of: "schedule"},
	"treeq":                      {of: "treeq"},
	"link":                       {of: "link"},
	"replica":                    {of: "replica", as: map[string]string{"rpo_value": "rpo", "entity_pairs": "pairs"}},
	"vm":                         {of: "vm"},
	"volume":                     {of: "volume"},
	"volume_snapshot":            {of: "snapshot"},
	"vvol":                       {of: "vvol"},
	"export":                     {of: "export", as: map[string]string{"32bit_file_id": "file_id_32bit"}},

	"nfs_server":           {of: "nfs_capabilities"},
	"nfs_user":             {of: "nfs_user"},
	"replica_jobs":         {of: "replica_job", at: "jobs"},
	"replica_entity_pairs": {of: "reversed_pair", at: "entity_pairs", without: map[string]string{"local_entity": "the array knows of it no more than its id and type; its own data source tells all"}},

	"share":            {of: "share home_share"},
	"share_permission": {of: "share_permission"},
	"share_folder_acl": {of: "folder_acl_entry"},
	"smb_group":        {of: "smb_group"},
	"smb_server":       {of: "smb_capabilities"},
	"smb_user":         {of: "smb_user"},

	"active_directory_domain": {of: "active_directory_domain"},
	"active_directory_user":   {of: "active_directory_user"},
	"nlm_lock":                {of: "nlm_lock"},
	"nlm_locks":               {of: "nlm_lock", at: "locks"},
	"smb_file_locks":          {of: "smb_file_lock", at: "locks"},
	"smb_handles":             {of: "smb_handle", at: "handles"},
	"smb_leases":              {of: "smb_lease", at: "leases"},
	"smb_sessions":            {of: "smb_session", at: "sessions"},
	"eula":                    {of: "eula"},
	"kms":                     {of: "kms", as: map[string]string{"ignore_kms_certificate": "ignore_certificate", "infinibox_kmip_certificate": "certificate", "kms_ca_certificate": "ca_certificate", "kms_servers": "servers", "kms_username": "username"}},
	"password_policy":         {of: "password_policy"},
	"ssh": {of: "ssh", as: map[string]string{
		"ssh_open_expiration_time": "expires_at", "overall_ssh_port_status": "overall_status", "sa_ssh_port_status": "support_appliance_status",
		"node1_ssh_port_status": "node1_status", "node2_ssh_port_status": "node2_status", "node3_ssh_port_status": "node3_status",
	}},
	"ssl_certificate": {of: "certificate certificate_itself", as: map[string]string{"raw": "certificate"}},
	"system_security": {of: "security", without: map[string]string{"fips_best_practice": "its fields are attributes"}},

	"user":                        {of: "user", without: map[string]string{"type": "it is always Local: groups have data sources of their own"}},
	"user_group":                  {of: "ldap_group sso_group", as: map[string]string{"idp_id": "sso_identity_provider_id", "idp_name": "sso_identity_provider_name", "ldap_id": "users_repository_id", "ldap_name": "users_repository_name"}},
	"users_repository":            {of: "repository", without: map[string]string{"schema_definition": inPieces}},
	"users_repository_order":      {why: "the order of the repositories, which tell all else of them"},
	"sso_identity_provider":       {of: "identity_provider"},
	"sso_identity_provider_links": {of: "identity_provider_link", at: "links"},
	"user_roles":                  {why: "the answer is a list of words"},
	"user_pools":                  {why: "the answer is a list of pools, of which ids and names are told; pool tells all else"},
	"domain_controllers":          {why: "the answer is a list of addresses"},

	"network_interface":   {of: "network_interface vlan_interface"},
	"network_space":       {of: "network_space", as: map[string]string{"interfaces": "interface_ids"}, without: map[string]string{"network_config": inPieces, "properties": inPieces}},
	"network_space_ip":    {of: "network_space_ip"},
	"network_space_route": {of: "route"},

	"node":              {of: "node", as: map[string]string{"bios.state": "bios_state", "ntp.state_description": "ntp_state_description"}, without: map[string]string{"connectivity_status": inPieces}},
	"node_drive":        {of: "node_drive", as: ofNode},
	"ethernet_port":     {of: "eth_port", as: ofNode},
	"fc_port":           {of: "fc_port", as: ofNode},
	"infiniband_port":   {of: "ib_port", as: ofNode},
	"port_group":        {of: "port_group", as: ofNode},
	"enclosure":         {of: "enclosure", as: map[string]string{"power_supplies": "power_supplies_number"}},
	"enclosure_drive":   {of: "enclosure_drive", as: map[string]string{"bytes_capacity": "capacity", "enclosure_index": "enclosure_id", "nodes_access": "nodes_with_access"}, without: map[string]string{"hw": inPieces}},
	"ethernet_switch":   {of: "eth_switch"},
	"support_appliance": {of: "support_appliance"},
	"fc_switch":         {of: "fc_switch"},
	"fc_soft_target":    {why: "the reference has no example"},
	"external_service":  {of: "external_service search_service"},
	"components":        {of: "components", without: map[string]string{"rack": unshown, "ups": unshown, "pdus": unshown}},

	"notification_target":    {of: "syslog_target snmp_target", without: map[string]string{"community": "it is a secret"}},
	"notification_rule":      {of: "notification_rule", without: map[string]string{"target_parameters": inPieces}},
	"notification_protocols": {why: "the answer is a list of words"},

	"event":       {of: "event"},
	"events":      {of: "event", at: "events"},
	"event_types": {why: "its fields are lists; the example is cut off"},

	"enclosure_drive_hardware": {of: "drive_hw", as: map[string]string{"state": "hw_state"}},

	"s3_certificate":    {of: "certificate certificate_itself", as: map[string]string{"raw": "certificate"}},
	"s3_account":        {of: "s3_account"},
	"s3_bucket":         {of: "s3_bucket"},
	"s3_credential":     {of: "s3_credential"},
	"s3_user":           {of: "s3_user"},
	"replication_group": {of: "replication_group"},
	"rg_replica":        {of: "rg_replica", as: map[string]string{"rpo_value": "rpo"}},

	"remote": {why: "the answer of another array to any request"},

	"administered_pools":    {of: "pool", at: "pools"},
	"host_cluster_hosts":    {of: "host", at: "hosts"},
	"host_cluster_lun":      {of: "lun", as: map[string]string{"host_cluster_id": "cluster_id"}},
	"host_lun":              {of: "lun"},
	"host_port":             {of: "port"},
	"initiator":             {of: "initiator"},
	"initiators":            {of: "initiator", at: "initiators"},
	"internal_datasets":     {of: "internal_volume", at: "datasets"},
	"internal_volumes":      {of: "internal_volume", at: "volumes"},
	"qos_assigned_entities": {of: "qos_entity", at: "assigned_entities"},
	"replication_pairs":     {of: "replication_pair", at: "pairs"},
	"san_clients":           {of: "host cluster", at: "san_clients"},
	"search":                {of: "search_hit", at: "results"},

	"filesystem_delete_simulation": {of: "delete_simulation", as: map[string]string{"space_reclaimable": "space_reclaimable_bytes"}},
	"volume_delete_simulation":     {of: "delete_simulation", as: map[string]string{"space_reclaimable": "space_reclaimable_bytes"}},

	"consistency_group_attribute": {why: byName},
	"consistency_group_member":    {why: ofRelation},
	"filesystem_attribute":        {why: byName},
	"host_attribute":              {why: byName},
	"host_cluster_attribute":      {why: byName},
	"host_cluster_member":         {why: ofRelation},
	"message_of_the_day":          {why: "the answer is a text"},
	"metadata":                    {why: "the pairs of one object, as a map"},
	"metadata_value":              {why: byName},
	"pool_administrators":         {why: "the answer is a list of ids"},
	"pool_attribute":              {why: byName},
	"ssa_express":                 {why: "the examples are empty lists"},
	"system_metadata":             {why: "the pairs of the array, as a map"},
	"system_metadata_value":       {why: byName},
	"volume_attribute":            {why: byName},

	"system":                {why: "no example shows the whole; its parts are compared by themselves"},
	"system_attribute":      {why: byName},
	"system_health_state":   {of: "health_state"},
	"system_ntp_status":     {of: "ntp_status", at: "nodes"},
	"system_ping":           {why: "the answer is a text"},
	"client_config":         {why: "it tells of the provider"},
	"metrics":               {why: "numbers of the fields that are asked for"},
	"metrics_fields":        {why: "two lists of fields"},
	"volume_group_snapshot": {why: "the array keeps no such object; volume_snapshot tells of each of the snapshots"},
}

// A data source leaves out no field that the reference's examples show.
func TestDataSourcesTellAll(t *testing.T) {
	examples := examplesOf(t)
	served, err := provider.Server("test")().GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	compared := map[string]bool{}
	compare := func(name, source, list string) {
		t.Helper()
		want, ok := answers[name]
		compared[name] = true
		switch {
		case !ok:
			t.Errorf("%s is neither compared with the examples, nor is it said why not", source)
		case want.why == "":
			if want.at != "" {
				list = want.at
			}
			want.compare(t, source, examples, attributesAt(t, served, source, list))
		}
	}
	for _, s := range provider.Systems("test") {
		if s.Name != "infinibox" {
			continue
		}
		for _, k := range s.Kinds {
			if k.IsFound() {
				compare(k.Name, k.Name, "")
			}
			if k.IsListed() {
				list := k.Listing.As
				if list == "" {
					list = k.Plural
				}
				compare(k.Name, k.Plural, list)
			}
		}
		for _, l := range s.Lookups {
			compare(l.Name, l.Name, "")
		}
	}
	for name := range answers {
		if !compared[name] {
			t.Errorf("there is no data source %s", name)
		}
	}
}

// examplesOf are the fields of the reference's examples, by what they are of.
func examplesOf(t *testing.T) map[string]map[string]string {
	t.Helper()
	files, err := filepath.Glob("../simulator/infinibox/testdata/fields*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("%d files with fields of examples, %v", len(files), err)
	}
	all := map[string]map[string]string{}
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var examples map[string]map[string]string
		if err := json.Unmarshal(content, &examples); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		for of, fields := range examples {
			if all[of] != nil {
				t.Errorf("%s: another file has fields of %s too", file, of)
			}
			all[of] = fields
		}
	}
	return all
}

// compare fails where an attribute is missing of what the examples show, and where one is
// said to be missing that is there.
func (want answer) compare(t *testing.T, source string, examples map[string]map[string]string, have []string) {
	t.Helper()
	fields := map[string]bool{}
	for example := range strings.FieldsSeq(want.of) {
		if examples[example] == nil {
			t.Errorf("%s: there is no example of %s", source, example)
		}
		for field := range examples[example] {
			fields[field] = true
		}
	}
	for _, field := range slices.Sorted(maps.Keys(fields)) {
		attribute := field
		if other, renamed := want.as[field]; renamed {
			attribute = other
		}
		told, reason := slices.Contains(have, attribute), want.without[field]
		switch {
		case strings.HasPrefix(field, "_"): // the array's own business
		case !told && reason == "":
			t.Errorf("%s leaves out %s", source, field)
		case told && reason != "":
			t.Errorf("%s does not leave out %s", source, field)
		}
	}
	for field := range want.without {
		if !fields[field] {
			t.Errorf("%s: no example has the field %s", source, field)
		}
	}
}

// attributesAt are the names of a data source's attributes, or of those in its list.
func attributesAt(t *testing.T, served *tfprotov6.GetProviderSchemaResponse, source, list string) []string {
	t.Helper()
	schema := served.DataSourceSchemas["storage_infinibox_"+source]
	if schema == nil {
		t.Fatalf("there is no data source %s", source)
	}
	attributes := schema.Block.Attributes
	if list != "" {
		at := slices.IndexFunc(attributes, func(a *tfprotov6.SchemaAttribute) bool { return a.Name == list && a.NestedType != nil })
		if at < 0 {
			t.Fatalf("%s has no list %s", source, list)
		}
		attributes = attributes[at].NestedType.Attributes
	}
	names := make([]string, len(attributes))
	for i, a := range attributes {
		names[i] = a.Name
	}
	return names
}
