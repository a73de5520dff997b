terraform {
  required_version = ">= 1.11"

  required_providers {
    storage = {
      source = "storage-as-code/storage"
    }
  }
}
