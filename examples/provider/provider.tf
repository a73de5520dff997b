terraform {
  required_providers {
    storage = {
      source = "storage-as-code/storage"
    }
  }
}

provider "storage" {
  infinibox = {
    endpoint         = "https://ibox1.example.com"
    username         = "terraform"
    default_metadata = { managed_by = "terraform" }
    # the password comes from INFINIBOX_PASSWORD
  }
}

# A second array.
provider "storage" {
  alias = "dr"

  infinibox = {
    endpoint       = "https://ibox2.example.com"
    username       = "terraform"
    password       = var.dr_password
    ca_certificate = "ibox2-ca.pem"
  }
}

variable "dr_password" {
  type      = string
  sensitive = true
}
