# In a check an array that does not answer is a warning, and no error.
check "answers" {
  data "storage_infinibox_system_ping" "this" {
    timeouts = { read = "10s" }
  }

  assert {
    condition     = data.storage_infinibox_system_ping.this.message == "OK"
    error_message = "The array's management answers, and is not well."
  }
}
