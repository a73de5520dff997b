data "storage_infinibox_qos_policies" "of_volumes" {
  filters = [{ field = "type", values = ["VOLUME"] }]
  sort    = ["max_ops"]
}
