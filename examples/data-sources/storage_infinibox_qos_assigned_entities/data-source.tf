data "storage_infinibox_qos_assigned_entities" "all" {}
