# A tenant of object storage, whose keys an AWS provider works with at once. No secret key
# is in the state or in a plan.
#
# To rotate a key without a gap:
#
#  1. give the user a second key ("2026-07") and its secret, and apply;
#  2. let the provider below, and the applications, use the second;
#  3. take the first out, approve, and apply: nobody uses it any more.

terraform {
  required_version = ">= 1.11"

  required_providers {
    storage = {
      source = "storage-as-code/storage"
    }
    aws = {
      source = "hashicorp/aws"
    }
  }
}

provider "storage" {
  infinibox = {
    endpoint = "https://ibox1.example.com"
  }
}

# By "USER/KEY". From a vault, these are the values of its ephemeral resources.
variable "secret_keys" {
  type      = map(string)
  ephemeral = true
}

module "shop" {
  source = "./tenant"

  name     = "shop"
  capacity = "20TB"
  buckets  = ["shop-pictures", "shop-invoices", "shop-backups"]

  users = {
    web    = { keys = ["2026-01"], description = "The web shop" }
    backup = { keys = ["2026-01"], description = "The nightly backup" }
  }

  secret_keys = var.secret_keys
}

provider "aws" {
  region                      = "us-east-1"
  access_key                  = module.shop.keys["web/2026-01"].access_key
  secret_key                  = module.shop.keys["web/2026-01"].secret_key
  s3_use_path_style           = true
  skip_credentials_validation = true
  skip_region_validation      = true
  skip_requesting_account_id  = true

  endpoints {
    s3 = "https://s3.ibox1.example.com"
  }
}

resource "aws_s3_object" "robots" {
  bucket  = module.shop.buckets["shop-pictures"].name
  key     = "robots.txt"
  content = "User-agent: *\nDisallow: /\n"
}
