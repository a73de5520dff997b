# A module that makes NVMe hosts needs an administrator, and an array that speaks NVMe. It
# says so before anything is changed.
data "storage_infinibox_client_config" "current" {
  lifecycle {
    postcondition {
      condition     = contains(["ADMIN", "INFINIDAT"], self.role)
      error_message = "This module needs an administrator, and ${self.username} is ${self.role}."
    }
    postcondition {
      condition     = contains(keys(self.features), "nvme")
      error_message = "${self.system_name} (${self.version}) does not speak NVMe."
    }
  }
}
