data "storage_infinibox_eula" "this" {}

check "license" {
  assert {
    condition     = data.storage_infinibox_eula.this.status == "ACCEPTED"
    error_message = "Nobody has accepted the license agreement ${data.storage_infinibox_eula.this.eula_version} yet."
  }
}
