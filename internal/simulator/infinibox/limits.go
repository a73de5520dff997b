package infinibox

import "reflect"

// Limits are the numbers at which the array refuses. The reference gives only a few of them
// (names, page size, LUNs, the SSA Express queue); the others are the simulator's. 0 means the default.
type Limits struct {
	Pools              int `json:"pools"`               // POOL_COUNT_LIMIT
	Datasets           int `json:"datasets"`            // DATASET_COUNT_LIMIT
	FamilySnapshots    int `json:"family_snapshots"`    // MAX_FAMILY_SIZE
	TreeDepth          int `json:"tree_depth"`          // MAX_TREE_DEPTH
	GroupMembers       int `json:"group_members"`       // GROUP_MEMBERS_LIMIT_EXCEEDED
	Hosts              int `json:"hosts"`               // HOST_COUNT_LIMIT
	Clusters           int `json:"clusters"`            // CLUSTER_COUNT_LIMIT
	HostsPerCluster    int `json:"hosts_per_cluster"`   // HOST_COUNT_CLUSTER_LIMIT
	PortsPerHost       int `json:"ports_per_host"`      // PORT_COUNT_HOST_LIMIT
	PortsPerCluster    int `json:"ports_per_cluster"`   // PORT_COUNT_CLUSTER_LIMIT, PORT_COUNT_CLUSTER_MEMBER_LIMIT
	ISCSIPorts         int `json:"iscsi_ports"`         // ISCSI_PORT_COUNT_LIMIT
	NVMePorts          int `json:"nvme_ports"`          // NVME_PORT_COUNT_LIMIT
	Mappings           int `json:"mappings"`            // MAPPINGS_COUNT_LIMIT
	MaxLUN             int `json:"max_lun"`             // ILLEGAL_LUN, LUN_AUTO_ASSIGNMENT_FAILURE
	Users              int `json:"users"`               // USER_COUNT_LIMIT
	LDAPGroups         int `json:"ldap_groups"`         // LDAP_GROUP_COUNT_LIMIT
	SSOGroups          int `json:"sso_groups"`          // SSO_GROUP_COUNT_LIMIT
	LDAPRepositories   int `json:"ldap_repositories"`   // LDAP_REPOSITORIES_LIMIT
	IdentityProviders  int `json:"identity_providers"`  // SSO_IDENTITY_PROVIDER_COUNT_LIMIT
	PhysicalCapacity   int `json:"physical_capacity"`   // bytes of the system, shared by the pools
	VolumeSize         int `json:"volume_size"`         // bytes, ILLEGAL_DATASET_SIZE
	SSAExpress         int `json:"ssa_express"`         // bytes, INSUFFICIENT_SSA_EXPRESS_CAPACITY
	SSAExpressQueue    int `json:"ssa_express_queue"`   // SSA_EXPRESS_QUEUE_FULL
	Filesystems        int `json:"filesystems"`         // FILESYSTEM_COUNT_LIMIT
	FilesystemFamilies int `json:"filesystem_families"` // FILESYSTEM_FAMILY_COUNT_LIMIT
	Exports            int `json:"exports"`             // EXPORT_COUNT_LIMIT
	FilesystemExports  int `json:"filesystem_exports"`  // of a filesystem, EXPORT_FILESYSTEM_COUNT_LIMIT
	ExportPermissions  int `json:"export_permissions"`  // of an export, EXPORT_PERMISSION_CLIENTS_COUNT_LIMIT
	Shares             int `json:"shares"`              // SHARE_COUNT_LIMIT
	FilesystemShares   int `json:"filesystem_shares"`   // of a filesystem, SHARE_FILESYSTEM_COUNT_LIMIT
	SharePermissions   int `json:"share_permissions"`   // of a share, SHARE_PERMISSION_COUNT_LIMIT
	SMBUsers           int `json:"smb_users"`           // SMB_USER_COUNT_LIMIT
	SMBGroups          int `json:"smb_groups"`          // SMB_GROUP_COUNT_LIMIT
	SMBGroupMembers    int `json:"smb_group_members"`   // of a group, SMB_GROUP_MEMBERS_COUNT_LIMIT
	NFSUserGSIDs       int `json:"nfs_user_gsids"`      // of a user, NFS_USER_SUPPL_GSIDS_COUNT_LIMIT
	NFSUserGroups      int `json:"nfs_user_groups"`     // of all users, NFS_USER_TO_GROUP_MAPPINGS_LIMIT
	PreferredIPs       int `json:"preferred_ips"`       // ACTIVE_DIRECTORY_PREFERRED_IPS_COUNT_LIMIT
	Groups             int `json:"groups"`              // CG_COUNT_LIMIT
	SnapshotGroups     int `json:"snapshot_groups"`     // of a consistency group, SG_CG_COUNT_LIMIT
	GroupDeletion      int `json:"group_deletion"`      // snapshot groups deleted with a group, SG_CG_DELETE_LIMIT
	PromoteChain       int `json:"promote_chain"`       // PROMOTE_CHAIN_TOO_DEEP
	FamilyPromotions   int `json:"family_promotions"`   // MAXIMUM_PROMOTES_IN_FAMILY_REACHED
	SnapshotPolicies   int `json:"snapshot_policies"`   // SNAPSHOT_POLICIES_COUNT_LIMIT
	PolicySchedules    int `json:"policy_schedules"`    // SCHEDULES_IN_SNAPSHOT_POLICY_COUNT_LIMIT
	Schedules          int `json:"schedules"`           // SCHEDULES_COUNT_LIMIT
	ScheduleInterval   int `json:"schedule_interval"`   // shortest, in seconds, SCHEDULE_INTERVAL_INVALID
	QoSPolicies        int `json:"qos_policies"`        // QOS_POLICY_COUNT_LIMIT
	QoSEntities        int `json:"qos_entities"`        // of a policy, QOS_ASSIGNED_PER_POLICY_COUNT_LIMIT
	Interfaces         int `json:"interfaces"`          // of a node, but for VLANs, INTERFACES_PER_NODE_COUNT_LIMIT
	VLANInterfaces     int `json:"vlan_interfaces"`     // of a node, VLAN_INTERFACES_PER_NODE_COUNT_LIMIT
	NetworkSpaces      int `json:"network_spaces"`      // NETWORK_SPACE_COUNT_LIMIT
	ServiceSpaces      int `json:"service_spaces"`      // of a service, NETWORK_SPACE_SERVICE_COUNT_LIMIT
	SpaceIPs           int `json:"space_ips"`           // of a network space, NETWORK_SPACE_IP_COUNT_LIMIT
	SpaceRoutes        int `json:"space_routes"`        // of a network space, NETWORK_SPACE_ROUTE_COUNT_LIMIT
	ServiceRoutes      int `json:"service_routes"`      // of a service's spaces, NETWORK_SPACE_SERVICE_ROUTE_COUNT_LIMIT
	ISNSServers        int `json:"isns_servers"`        // of a network space, ISNS_SERVERS_COUNT_LIMIT
	Events             int `json:"events"`              // as many are kept
	Targets            int `json:"targets"`             // of notifications, NOTIFICATION_TARGETS_COUNT_LIMIT
	Rules              int `json:"rules"`               // of notifications, NOTIFICATION_RULES_COUNT_LIMIT
	RuleEvents         int `json:"rule_events"`         // included and excluded, INCLUDE_EXCLUDE_EVENTS_COUNT_LIMIT
	S3Accounts         int `json:"s3_accounts"`         // S3_ACCOUNT_COUNT_LIMIT
	S3Users            int `json:"s3_users"`            // S3_USERS_PER_SYSTEM_COUNT_LIMIT
	S3AccountUsers     int `json:"s3_account_users"`    // of an account, S3_USERS_PER_ACCOUNT_COUNT_LIMIT
	S3UserCredentials  int `json:"s3_user_credentials"` // of a user, S3_CREDENTIALS_PER_USER_COUNT_LIMIT
	S3Buckets          int `json:"s3_buckets"`          // S3_BUCKET_COUNT_LIMIT
	Replicas           int `json:"replicas"`            // REPLICA_LIMIT
	ReplicatedDatasets int `json:"replicated_datasets"` // REPLICATED_DATASETS_LIMIT
	ReplicationGroups  int `json:"replication_groups"`  // RG_COUNT_LIMIT
	MetadataRequest    int `json:"metadata_request"`    // METADATA_PER_REQUEST_EXCEEDED
	MetadataEntity     int `json:"metadata_entity"`     // METADATA_PER_ENTITY_EXCEEDED
	MetadataSize       int `json:"metadata_size"`       // bytes of one value, METADATA_SIZE_EXCEEDED
	MetadataTotal      int `json:"metadata_total"`      // bytes of all values, METADATA_IN_SYSTEM_EXCEEDED
}

var defaultLimits = Limits{
	Pools: 200, Datasets: 100000, FamilySnapshots: 1000, TreeDepth: 20, GroupMembers: 10000,
	Hosts: 4000, Clusters: 1000, HostsPerCluster: 64, PortsPerHost: 32, PortsPerCluster: 512,
	ISCSIPorts: 4000, NVMePorts: 4000, Mappings: 100000, MaxLUN: 16383, Users: 512,
	LDAPGroups: 512, SSOGroups: 512, LDAPRepositories: 2, IdentityProviders: 10,
	PhysicalCapacity: 9007199255003136, VolumeSize: 1 << 50, SSAExpress: 70000000000000, SSAExpressQueue: 100,
	Filesystems: 10000, FilesystemFamilies: 4000, Exports: 10000, FilesystemExports: 1000, ExportPermissions: 1000,
	Shares: 10000, FilesystemShares: 1000, SharePermissions: 512,
	SMBUsers: 1000, SMBGroups: 1000, SMBGroupMembers: 1000, NFSUserGSIDs: 10, NFSUserGroups: 100000, PreferredIPs: 10,
	Groups: 1000, SnapshotGroups: 256, GroupDeletion: 256, PromoteChain: 10, FamilyPromotions: 1023,
	SnapshotPolicies: 100, PolicySchedules: 8, Schedules: 800, ScheduleInterval: 3600,
	QoSPolicies: 500, QoSEntities: 1000, Replicas: 4000, ReplicatedDatasets: 10000, ReplicationGroups: 1000, Interfaces: 32, VLANInterfaces: 64,
	NetworkSpaces: 64, ServiceSpaces: 32, SpaceIPs: 64, SpaceRoutes: 16, ServiceRoutes: 64, ISNSServers: 4,
	Events: 100000, Targets: 100, Rules: 100, RuleEvents: 100, S3Accounts: 128, S3Users: 10000, S3AccountUsers: 1000, S3UserCredentials: 10, S3Buckets: 10000,
	MetadataRequest: 512, MetadataEntity: 1024, MetadataSize: 32768, MetadataTotal: 64 << 20,
}

const defaultVirtualCapacity = 22517998137507840

// withDefaults fills the limits that are not given.
func (l Limits) withDefaults() Limits {
	given, defaults := reflect.ValueOf(&l).Elem(), reflect.ValueOf(defaultLimits)
	for i := range given.NumField() {
		if given.Field(i).IsZero() {
			given.Field(i).Set(defaults.Field(i))
		}
	}
	return l
}
