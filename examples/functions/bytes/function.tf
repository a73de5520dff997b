locals {
  half = provider::storage::bytes("1.5TiB") / 2 # 824633720832
}
