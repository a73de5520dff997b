# Invoked by hand: terraform apply -invoke=action.storage_infinibox_system_upgrade.gui
action "storage_infinibox_system_upgrade" "gui" {
  config {
    file     = "${path.module}/infinibox-gui-8.4.7.tar.gz"
    approved = true
  }
}
