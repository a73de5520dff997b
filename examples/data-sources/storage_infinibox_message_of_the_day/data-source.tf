data "storage_infinibox_message_of_the_day" "this" {}

check "welcome" {
  assert {
    condition     = strcontains(data.storage_infinibox_message_of_the_day.this.message, "Authorized use only")
    error_message = "The array does not warn whoever logs in."
  }
}
