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

  # Each system has a block of its own, and each is optional.
  ontap = {
    endpoint = "https://cluster1.example.com"
    username = "terraform"
    # the password comes from ONTAP_PASSWORD
  }

  unitrends = {
    endpoint = "https://ueb1.example.com"
    username = "terraform"
    # the password comes from UNITRENDS_PASSWORD
  }

  alibabacloud = {
    region = "cn-hangzhou"
    # the keys come from the default credential chain
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
