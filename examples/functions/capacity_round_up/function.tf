# Three volumes that share 10TB: a third is seldom a multiple of 512 bytes.
locals {
  each = provider::storage::capacity_round_up(provider::storage::bytes("10TB") / 3, "512B") # "3333333333504"
  gib  = provider::storage::capacity_round_up("999.9MB", "1GiB")                            # "1GiB"
}
