# One configuration for ten arrays. To Terraform each is a provider block and a module block,
# since it makes neither from a map. OpenTofu takes main.tofu in place of this file, which
# does.

provider "storage" {
  alias = "ibox01"

  infinibox = {
    endpoint        = var.arrays["ibox01"].endpoint
    max_concurrency = var.arrays["ibox01"].max_concurrency
    # the user and the password come from INFINIBOX_USERNAME and INFINIBOX_PASSWORD
  }
}

module "ibox01" {
  source    = "./array"
  providers = { storage = storage.ibox01 }

  pools     = var.arrays["ibox01"].pools
  keep_days = var.keep_days
}

provider "storage" {
  alias = "ibox02"

  infinibox = {
    endpoint        = var.arrays["ibox02"].endpoint
    max_concurrency = var.arrays["ibox02"].max_concurrency
    # the user and the password come from INFINIBOX_USERNAME and INFINIBOX_PASSWORD
  }
}

module "ibox02" {
  source    = "./array"
  providers = { storage = storage.ibox02 }

  pools     = var.arrays["ibox02"].pools
  keep_days = var.keep_days
}

provider "storage" {
  alias = "ibox03"

  infinibox = {
    endpoint        = var.arrays["ibox03"].endpoint
    max_concurrency = var.arrays["ibox03"].max_concurrency
    # the user and the password come from INFINIBOX_USERNAME and INFINIBOX_PASSWORD
  }
}

module "ibox03" {
  source    = "./array"
  providers = { storage = storage.ibox03 }

  pools     = var.arrays["ibox03"].pools
  keep_days = var.keep_days
}

provider "storage" {
  alias = "ibox04"

  infinibox = {
    endpoint        = var.arrays["ibox04"].endpoint
    max_concurrency = var.arrays["ibox04"].max_concurrency
    # the user and the password come from INFINIBOX_USERNAME and INFINIBOX_PASSWORD
  }
}

module "ibox04" {
  source    = "./array"
  providers = { storage = storage.ibox04 }

  pools     = var.arrays["ibox04"].pools
  keep_days = var.keep_days
}

provider "storage" {
  alias = "ibox05"

  infinibox = {
    endpoint        = var.arrays["ibox05"].endpoint
    max_concurrency = var.arrays["ibox05"].max_concurrency
    # the user and the password come from INFINIBOX_USERNAME and INFINIBOX_PASSWORD
  }
}

module "ibox05" {
  source    = "./array"
  providers = { storage = storage.ibox05 }

  pools     = var.arrays["ibox05"].pools
  keep_days = var.keep_days
}

provider "storage" {
  alias = "ibox06"

  infinibox = {
    endpoint        = var.arrays["ibox06"].endpoint
    max_concurrency = var.arrays["ibox06"].max_concurrency
    # the user and the password come from INFINIBOX_USERNAME and INFINIBOX_PASSWORD
  }
}

module "ibox06" {
  source    = "./array"
  providers = { storage = storage.ibox06 }

  pools     = var.arrays["ibox06"].pools
  keep_days = var.keep_days
}

provider "storage" {
  alias = "ibox07"

  infinibox = {
    endpoint        = var.arrays["ibox07"].endpoint
    max_concurrency = var.arrays["ibox07"].max_concurrency
    # the user and the password come from INFINIBOX_USERNAME and INFINIBOX_PASSWORD
  }
}

module "ibox07" {
  source    = "./array"
  providers = { storage = storage.ibox07 }

  pools     = var.arrays["ibox07"].pools
  keep_days = var.keep_days
}

provider "storage" {
  alias = "ibox08"

  infinibox = {
    endpoint        = var.arrays["ibox08"].endpoint
    max_concurrency = var.arrays["ibox08"].max_concurrency
    # the user and the password come from INFINIBOX_USERNAME and INFINIBOX_PASSWORD
  }
}

module "ibox08" {
  source    = "./array"
  providers = { storage = storage.ibox08 }

  pools     = var.arrays["ibox08"].pools
  keep_days = var.keep_days
}

provider "storage" {
  alias = "ibox09"

  infinibox = {
    endpoint        = var.arrays["ibox09"].endpoint
    max_concurrency = var.arrays["ibox09"].max_concurrency
    # the user and the password come from INFINIBOX_USERNAME and INFINIBOX_PASSWORD
  }
}

module "ibox09" {
  source    = "./array"
  providers = { storage = storage.ibox09 }

  pools     = var.arrays["ibox09"].pools
  keep_days = var.keep_days
}

provider "storage" {
  alias = "ibox10"

  infinibox = {
    endpoint        = var.arrays["ibox10"].endpoint
    max_concurrency = var.arrays["ibox10"].max_concurrency
    # the user and the password come from INFINIBOX_USERNAME and INFINIBOX_PASSWORD
  }
}

module "ibox10" {
  source    = "./array"
  providers = { storage = storage.ibox10 }

  pools     = var.arrays["ibox10"].pools
  keep_days = var.keep_days
}

locals {
  arrays = {
    ibox01 = module.ibox01
    ibox02 = module.ibox02
    ibox03 = module.ibox03
    ibox04 = module.ibox04
    ibox05 = module.ibox05
    ibox06 = module.ibox06
    ibox07 = module.ibox07
    ibox08 = module.ibox08
    ibox09 = module.ibox09
    ibox10 = module.ibox10
  }

  # Those of the variable that no blocks are for.
  forgotten = setsubtract(keys(var.arrays), keys(local.arrays))
}
