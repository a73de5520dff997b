variable "mail_password" {
  type      = string
  ephemeral = true
}

variable "snmp_password" {
  type      = string
  ephemeral = true
}

variable "snmp_key" {
  type      = string
  ephemeral = true
}

# The mail server, of which every array has one: it is taken over, and given back as it was.
resource "storage_infinibox_notification_target" "mail" {
  name                = "mail"
  protocol            = "SMTP"
  host                = "smtp.example.com"
  port                = 587
  tls                 = true
  from_address        = "ibox1@example.com"
  subject_prefix      = "[ibox1]"
  username            = "ibox1"
  password_wo         = var.mail_password
  password_wo_version = 1
}

# Traps of SNMP version 3, signed and encrypted. Versions 1 and 2c take community_wo instead.
resource "storage_infinibox_notification_target" "traps" {
  name                   = "traps"
  protocol               = "SNMP"
  version                = "SNMPV3"
  host                   = "snmp.example.com"
  username               = "ibox1"
  auth_type              = "AUTHPRIV"
  auth_protocol          = "SHA"
  password_wo            = var.snmp_password
  password_wo_version    = 1
  private_protocol       = "AES"
  private_key_wo         = var.snmp_key
  private_key_wo_version = 1
}

resource "storage_infinibox_notification_target" "log" {
  name      = "log"
  protocol  = "SYSLOG"
  host      = "syslog.example.com"
  transport = "TCP"
  facility  = "LOCAL3"
}
