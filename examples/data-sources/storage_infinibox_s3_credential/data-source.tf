# A check that warns of a key that nobody has used for 90 days.
data "storage_infinibox_s3_credential" "web" {
  access_key = "shop-web-2026"
}

check "key_is_used" {
  assert {
    condition = timecmp(
      plantimestamp(),
      timeadd(coalesce(data.storage_infinibox_s3_credential.web.last_used, data.storage_infinibox_s3_credential.web.created_at), "2160h"),
    ) < 0
    error_message = "Nobody has used ${data.storage_infinibox_s3_credential.web.access_key} for 90 days."
  }
}
