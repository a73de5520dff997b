package replication

const rgReplicas = "rg_replicas"
