data "storage_infinibox_fc_switches" "all" {
  filters = [{ field = "wwnn", values = ["ca:11:f0:49:1a:ac:e3:01"] }]
}

resource "storage_infinibox_fc_switch" "left" {
  id   = data.storage_infinibox_fc_switches.all.fc_switches[0].id
  name = "fabric-left"
}
