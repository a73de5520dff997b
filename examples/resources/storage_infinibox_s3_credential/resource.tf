# A secret key of one's own, such as from a vault: it is in no state and no plan.
variable "web_secret_key" {
  type      = string
  ephemeral = true
}

resource "storage_infinibox_s3_credential" "web" {
  user_id               = storage_infinibox_s3_user.web.id
  access_key            = "shop-web-2026"
  secret_key_wo         = var.web_secret_key
  secret_key_wo_version = 1
}

# A pair that the array makes. Its secret key is in the state, which whoever can read the
# state can read: that is why it takes a word of its own.
resource "storage_infinibox_s3_credential" "batch" {
  user_id                    = storage_infinibox_s3_user.web.id
  store_generated_secret_key = true
}

resource "storage_infinibox_s3_user" "web" {
  name       = "web"
  account_id = 1002
}
