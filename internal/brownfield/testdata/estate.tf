resource "storage_infinibox_snapshot_policy" "gold" {
  name   = "gold"
  suffix = "-gold"
}

resource "storage_infinibox_snapshot_policy_schedule" "hourly" {
  snapshot_policy_id = storage_infinibox_snapshot_policy.gold.id
  name               = "hourly"
  type               = "PERIODIC"
  interval           = 3600
  retention          = 86400
}

resource "storage_infinibox_user" "dba" {
  name                = "dba"
  email               = "dba@example.com"
  role                = "POOL_ADMIN"
  password_wo         = "Planted-planted-1"
  password_wo_version = 1
}

resource "storage_infinibox_pool" "db" {
  name                      = "db"
  physical_capacity         = "10TB"
  virtual_capacity          = "20TB"
  physical_capacity_warning = 70
  owners                    = [storage_infinibox_user.dba.id]
  metadata                  = { "owner" = "dba", "cost center" = "4711" }
}

resource "storage_infinibox_volume" "data" {
  count              = 3
  name               = "db-data-${count.index}"
  pool_id            = storage_infinibox_pool.db.id
  size               = "500GB"
  ssd_enabled        = count.index != 0
  provtype           = count.index == 1 ? "THICK" : "THIN"
  snapshot_policy_id = count.index == 2 ? storage_infinibox_snapshot_policy.gold.id : null
  metadata           = count.index == 0 ? { "template" = "$${not} a %%{template}" } : {}
}

# The same name as another's resource would have.
resource "storage_infinibox_volume" "twin" {
  name       = "DB data.0"
  pool_id    = storage_infinibox_pool.db.id
  size       = "1GB"
  depends_on = [storage_infinibox_volume.data]
}

resource "storage_infinibox_volume_snapshot" "before" {
  name      = "db-data-0-before"
  parent_id = storage_infinibox_volume.data[0].id
}

resource "storage_infinibox_host" "db" {
  count                                   = 2
  name                                    = "db${count.index}"
  iscsi_ports                             = ["iqn.2026-01.com.example:db${count.index}"]
  security_method                         = count.index == 0 ? "CHAP" : "NONE"
  security_chap_inbound_username          = count.index == 0 ? "db" : null
  security_chap_inbound_secret_wo         = count.index == 0 ? "a-planted-secret" : null
  security_chap_inbound_secret_wo_version = count.index == 0 ? 1 : null
}

resource "storage_infinibox_host" "backup" {
  name     = "17-backup"
  fc_ports = ["21:00:00:24:ff:4a:10:01"]
}

resource "storage_infinibox_host_cluster" "db" {
  name     = "db"
  host_ids = storage_infinibox_host.db[*].id
}

resource "storage_infinibox_lun" "data" {
  count      = 2
  volume_id  = storage_infinibox_volume.data[count.index].id
  cluster_id = storage_infinibox_host_cluster.db.id
  lun        = count.index + 11
}

resource "storage_infinibox_lun" "snapshot" {
  volume_id = storage_infinibox_volume_snapshot.before.id
  host_id   = storage_infinibox_host.backup.id
}

resource "storage_infinibox_consistency_group" "db" {
  name               = "db"
  pool_id            = storage_infinibox_pool.db.id
  member_ids         = [storage_infinibox_volume.data[0].id, storage_infinibox_volume.data[1].id]
  snapshot_policy_id = storage_infinibox_snapshot_policy.gold.id
}

resource "storage_infinibox_qos_policy" "silver" {
  name    = "silver"
  type    = "VOLUME"
  max_ops = 10000
}

resource "storage_infinibox_qos_policy_assignment" "data" {
  qos_policy_id = storage_infinibox_qos_policy.silver.id
  entity_id     = storage_infinibox_volume.data[2].id
}

resource "storage_infinibox_filesystem" "home" {
  name    = "home"
  pool_id = storage_infinibox_pool.db.id
  size    = "2TB"
}

resource "storage_infinibox_filesystem" "windows" {
  name           = "windows"
  pool_id        = storage_infinibox_pool.db.id
  size           = "2TB"
  security_style = "WINDOWS"
}

resource "storage_infinibox_treeq" "projects" {
  filesystem_id = storage_infinibox_filesystem.home.id
  name          = "projects"
  path          = "/projects"
  hard_capacity = "500GB"
}

resource "storage_infinibox_export" "home" {
  filesystem_id = storage_infinibox_filesystem.home.id
  export_path   = "/home"
  permissions = [
    { client = "10.0.0.0/24", access = "RW", no_root_squash = true },
    { client = "*", access = "RO", no_root_squash = false },
  ]
}

resource "storage_infinibox_share" "windows" {
  name          = "windows"
  filesystem_id = storage_infinibox_filesystem.windows.id
  permissions   = [{ sid = "S-1-1-0", access = "READ" }]
  encryption    = true
}

resource "storage_infinibox_nfs_user" "jane" {
  uid         = 5012
  primary_gid = 100
}

resource "storage_infinibox_smb_group" "scanners" {
  name = "scanners"
}

resource "storage_infinibox_smb_user" "scanner" {
  name                = "scanner"
  password_wo         = "Planted-planted-1"
  password_wo_version = 1
  group_ids           = [storage_infinibox_smb_group.scanners.id]
}

resource "storage_infinibox_users_repository" "corp" {
  name                     = "corp"
  repository_type          = "ActiveDirectory"
  domain_name              = "corp.example.com"
  bind_username            = "infinibox"
  bind_password_wo         = "planted-password"
  bind_password_wo_version = 1
}

resource "storage_infinibox_user_group" "dbas" {
  type                = "Ldap"
  name                = "dbas"
  users_repository_id = storage_infinibox_users_repository.corp.id
  dn                  = "cn=dbas,ou=groups,dc=corp,dc=example,dc=com"
  role                = "POOL_ADMIN"
}

resource "storage_infinibox_sso_identity_provider" "okta" {
  name             = "okta"
  issuer           = "http://www.okta.com/exkeemapg7T769PU32p7"
  sign_on_url      = "https://example.okta.com/app/sso/saml"
  signed_response  = false
  signed_assertion = false
}

resource "storage_infinibox_network_interface" "data" {
  for_each = toset(["1", "2", "3"])
  name     = "data"
  type     = "PORT_GROUP"
  node_id  = each.key
  ports    = ["eth-data1", "eth-data2"]
}

resource "storage_infinibox_network_space" "nas" {
  name          = "nas"
  service       = "NAS_SERVICE"
  interface_ids = [for i in storage_infinibox_network_interface.data : i.id]
  network       = "192.168.11.0/24"
}

resource "storage_infinibox_network_space_ip" "nas" {
  count            = 2
  network_space_id = storage_infinibox_network_space.nas.id
  ip_address       = "192.168.11.${count.index + 1}"
}

resource "storage_infinibox_network_space_route" "site" {
  network_space_id = storage_infinibox_network_space.nas.id
  network          = "10.20.0.0/16"
  gateway          = "192.168.11.253"
}

resource "storage_infinibox_pool" "shop" {
  name              = "shop-objects"
  physical_capacity = "20TB"
  type              = "S3"
}

resource "storage_infinibox_s3_account" "shop" {
  name     = "shop"
  pool_id  = storage_infinibox_pool.shop.id
  email    = "shop@example.com"
  location = "tlv-1"
}

resource "storage_infinibox_s3_user" "web" {
  name       = "web"
  account_id = storage_infinibox_s3_account.shop.id
}

resource "storage_infinibox_s3_bucket" "pictures" {
  name       = "shop-pictures"
  account_id = storage_infinibox_s3_account.shop.id
}

resource "storage_infinibox_s3_credential" "web" {
  user_id               = storage_infinibox_s3_user.web.id
  access_key            = "shop-web-2026"
  secret_key_wo         = "a-planted-secret-key"
  secret_key_wo_version = 1
}

resource "storage_infinibox_notification_target" "log" {
  name     = "log"
  protocol = "SYSLOG"
  host     = "log.example.com"
}

resource "storage_infinibox_notification_target" "snmp" {
  name                 = "snmp"
  protocol             = "SNMP"
  host                 = "snmp.example.com"
  version              = "SNMPV2C"
  community_wo         = "planted-community"
  community_wo_version = 1
}

resource "storage_infinibox_notification_rule" "critical" {
  name        = "critical"
  target_id   = storage_infinibox_notification_target.log.id
  event_level = ["CRITICAL"]
}

resource "storage_infinibox_active_directory_domain" "this" {
  domain              = "ad.example.com"
  username            = "Administrator"
  password_wo         = "planted-domain-password"
  password_wo_version = 1
}

resource "storage_infinibox_snapshot_group" "before" {
  name           = "db-before"
  parent_id      = storage_infinibox_consistency_group.db.id
  snap_suffix    = "-with-group"
  delete_members = true
}

resource "storage_infinibox_filesystem_snapshot" "before" {
  name      = "home-before"
  parent_id = storage_infinibox_filesystem.home.id
}

resource "storage_infinibox_system_metadata" "this" {
  metadata = { "site" = "north" }
}
