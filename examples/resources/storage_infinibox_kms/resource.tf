provider "storage" {
  infinibox = {
    endpoint = "https://ibox1.example.com"
    username = "infinidat" # the array lets no administrator set up key servers
  }
}

variable "kms_ca_certificate" {
  type = string
}

variable "kmip_certificate" {
  type = string
}

variable "kmip_private_key" {
  type      = string
  sensitive = true
  ephemeral = true
}

resource "storage_infinibox_kms" "this" {
  servers        = [{ address = "kms.example.com", port = 5696 }]
  ca_certificate = var.kms_ca_certificate

  # By which the array proves itself to the key server. A new number sends both again.
  certificate            = var.kmip_certificate
  private_key_wo         = var.kmip_private_key
  private_key_wo_version = 1

  # From here on the array does not power up without the key server.
  enabled  = true
  approved = true
}
