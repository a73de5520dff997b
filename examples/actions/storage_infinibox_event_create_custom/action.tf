# Each apply that changes the volume is marked by an event on the array, before it and after.
resource "storage_infinibox_volume" "data" {
  name    = "data"
  pool_id = 1001
  size    = "500GB"

  lifecycle {
    action_trigger {
      events  = [before_create, before_update]
      actions = [action.storage_infinibox_event_create_custom.begin]
    }
    action_trigger {
      events  = [after_create, after_update]
      actions = [action.storage_infinibox_event_create_custom.end]
    }
  }
}

action "storage_infinibox_event_create_custom" "begin" {
  config {
    level                = "INFO"
    description_template = "Terraform begins to apply {workspace}"
    data                 = { workspace = terraform.workspace }
  }
}

action "storage_infinibox_event_create_custom" "end" {
  config {
    level                = "INFO"
    description_template = "Terraform has applied {workspace}"
    data                 = { workspace = terraform.workspace }
  }
}
