data "storage_infinibox_qos" "this" {}

check "caps_hold" {
  assert {
    condition     = data.storage_infinibox_qos.this.enabled
    error_message = "QoS is disabled: the limits of its policies do not hold."
  }
}
