package monitoring_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-exec/tfexec"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
	simulator "github.com/storage-as-code/terraform-provider-storage/internal/simulator/infinibox"
)

// The secrets of the story, which nothing may tell in any form.
const (
	arrayPassword = "Planted/array+password?1"
	mailPassword  = "Planted/mail+password&1"
	snmpPassword  = "Planted/snmp+password=1"
	snmpLater     = "Planted/snmp+password=2"
	snmpKey       = "Planted/snmp+key=1"
	community     = "Planted/community+1"
)

// stage is an array, and what it tells things to.
type stage struct {
	*acctest.InfiniBox
	mail, traps, log        int
	letters, heardBy, lines <-chan string
}

func newStage(t *testing.T, password string) stage {
	t.Helper()
	s := stage{InfiniBox: acctest.SimulateInfiniBox(t, simulator.Options{Password: arrayPassword})}
	s.mail, s.letters = receiveMail(t, mailPassword)
	s.traps, s.heardBy = receiveTraps(t, "ibox", password, snmpKey)
	s.log, s.lines = receiveLines(t)
	return s
}

func (s stage) provider() string {
	return s.Provider(acctest.Attrs{"password": arrayPassword, "session_login": true})
}

// monitoring is the configuration by which an array that tells nobody anything tells whom
// it should.
func (s stage) monitoring(version int) string {
	return fmt.Sprintf(`
resource "storage_infinibox_notification_target" "mail" {
  name                = "mail"
  protocol            = "SMTP"
  host                = "127.0.0.1"
  port                = %d
  tls                 = false
  from_address        = "ibox@example.com"
  subject_prefix      = "[ibox]"
  username            = "ibox"
  password_wo         = var.mail
  password_wo_version = 1
}

resource "storage_infinibox_notification_target" "traps" {
  name                   = "traps"
  protocol               = "SNMP"
  host                   = "127.0.0.1"
  port                   = %d
  version                = "SNMPV3"
  username               = "ibox"
  auth_type              = "AUTHPRIV"
  auth_protocol          = "SHA"
  password_wo            = var.snmp
  password_wo_version    = %d
  private_protocol       = "AES"
  private_key_wo         = var.snmp_key
  private_key_wo_version = 1
}

resource "storage_infinibox_notification_target" "old" {
  name                 = "old"
  protocol             = "SNMP"
  host                 = "192.0.2.1"
  version              = "SNMPV2C"
  community_wo         = var.community
  community_wo_version = 1
}

resource "storage_infinibox_notification_target" "log" {
  name     = "log"
  protocol = "SYSLOG"
  host     = "127.0.0.1"
  port     = %d
}

resource "storage_infinibox_notification_rule" "critical" {
  for_each    = { mail = ["on-duty@example.com"], traps = null }
  name        = "critical-${each.key}"
  target_id   = each.key == "mail" ? storage_infinibox_notification_target.mail.id : storage_infinibox_notification_target.traps.id
  event_level = ["CRITICAL"]
  recipients  = each.value
}

resource "storage_infinibox_notification_rule" "database" {
  name           = "database"
  target_id      = storage_infinibox_notification_target.log.id
  include_events = ["POOL_CREATED", "VOLUME_CREATED", "VOLUME_DELETED"]
}
`, s.mail, s.traps, version, s.log)
}

const databasePool = `
resource "storage_infinibox_pool" "db" {
  name              = "db"
  physical_capacity = "1TB"
}
`

// An array that tells nobody anything is told whom to tell of what: by mail and traps what
// is critical, by syslog what the team of the databases asks for. A test message arrives at
// each, and so do the events; the second plan is empty, a password is rotated by its
// version, and nothing tells a secret.
func TestAccMonitoring(t *testing.T) {
	t.Parallel()
	s := newStage(t, snmpLater)
	logs := filepath.Join(t.TempDir(), "trace.log")
	cli := acctest.NewTracedCLI(t, logs)
	given := map[string]string{"mail": mailPassword, "snmp": snmpPassword, "snmp_key": snmpKey, "community": community}
	variables := cli.Secrets(given)
	said := []*acctest.Outcome{
		cli.Apply(s.provider(), variables, s.monitoring(1)).Succeeds(t),
		cli.Plan(s.provider(), variables, s.monitoring(1)).Succeeds(t).Plans(t, map[string]string{}),
	}
	given["snmp"] = snmpLater
	cli.Secrets(given)
	plan := filepath.Join(cli.Dir, "plan.bin")
	cli.Write(s.provider(), variables, s.monitoring(2))
	if _, err := cli.Terraform.Plan(t.Context(), tfexec.Out(plan)); err != nil {
		t.Fatal(err)
	}
	said = append(said,
		cli.Apply(s.provider(), variables, s.monitoring(2)).Succeeds(t).Plans(t, map[string]string{"storage_infinibox_notification_target.traps": "update"}),
		cli.Plan(s.provider(), variables, s.monitoring(2)).Succeeds(t).Plans(t, map[string]string{}),
	)

	s.Set(acctest.Attrs{"password": arrayPassword})
	server := acctest.NewServer(t, s)
	for _, c := range []struct {
		target     string
		recipients []any
		arrives    <-chan string
	}{{"mail", []any{"on-duty@example.com"}, s.letters}, {"traps", nil, s.heardBy}, {"log", nil, s.lines}} {
		config := acctest.Attrs{"notification_target_id": s.IDs("notifications/targets?name=" + c.target)[0]}
		if c.recipients != nil {
			config["recipients"] = c.recipients
		}
		if said := server.Invoke("storage_infinibox_notification_target_test", config); said.Failed() {
			t.Fatalf("%s: %s", c.target, said.Problems)
		}
		if text := heard(t, c.arrives); !strings.Contains(text, "A test of notification target '"+c.target+"'") {
			t.Errorf("to %s came %s", c.target, text)
		}
	}
	write(s.InfiniBox, "CRITICAL", "It burns")
	for what, arrives := range map[string]<-chan string{"mail": s.letters, "traps": s.heardBy} {
		if text := heard(t, arrives); !strings.Contains(text, "It burns") {
			t.Errorf("by %s came %s", what, text)
		}
	}
	said = append(said, cli.Apply(s.provider(), variables, s.monitoring(2), databasePool).Succeeds(t))
	if line := heard(t, s.lines); !strings.Contains(line, "POOL_CREATED") || strings.Contains(line, "It burns") {
		t.Errorf("the log has %s", line)
	}
	said = append(said, cli.Apply(s.Provider(acctest.Attrs{"password": arrayPassword, "approve_dangerous_operations": true})).Succeeds(t))
	if targets, rules := s.IDs("notifications/targets"), s.IDs("notifications/rules"); fmt.Sprint(targets, rules) != fmt.Sprintf("[%d] []", mailServer) {
		t.Errorf("left are the targets %v and the rules %v", targets, rules)
	}

	texts := map[string]string{"the plan": acctest.Unzipped(t, plan)}
	for i, run := range said {
		texts[fmt.Sprintf("the output of run %d", i+1)] = run.Output
	}
	for _, file := range []string{logs, filepath.Join(cli.Dir, "terraform.tfstate.backup")} {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		texts[filepath.Base(file)] = string(content)
	}
	acctest.KeepsSecrets(t, texts, arrayPassword, mailPassword, snmpPassword, snmpLater, snmpKey, community)
}

// A mail server is tested before the array is told of it, with a wrong password and with the
// right one, and each target once it is there; and each apply is marked by an event.
func TestAccMonitoringIsTested(t *testing.T) {
	t.Parallel()
	acctest.Needs(t, acctest.Actions)
	s := newStage(t, snmpPassword)
	logs := filepath.Join(t.TempDir(), "trace.log")
	cli := acctest.NewTracedCLI(t, logs)
	before := s.provider() + fmt.Sprintf(`
action "storage_infinibox_notification_target_test" "before" {
  config {
    protocol     = "SMTP"
    host         = "127.0.0.1"
    port         = %d
    tls          = false
    from_address = "ibox@example.com"
    username     = "ibox"
    password_wo  = var.mail
    recipients   = ["on-duty@example.com"]
  }
}

resource "terraform_data" "before" {
  lifecycle {
    action_trigger {
      events  = [before_create]
      actions = [action.storage_infinibox_notification_target_test.before]
    }
  }
}
`, s.mail)
	after := s.monitoring(1) + `
action "storage_infinibox_notification_target_test" "after" {
  for_each = {
    mail  = storage_infinibox_notification_target.mail.id
    traps = storage_infinibox_notification_target.traps.id
    log   = storage_infinibox_notification_target.log.id
  }
  config {
    notification_target_id = each.value
    recipients             = each.key == "mail" ? ["on-duty@example.com"] : null
  }
}

action "storage_infinibox_event_create_custom" "mark" {
  for_each = toset(["begins", "ends"])
  config {
    level                = "INFO"
    description_template = "The apply of {workspace} ${each.key}"
    data                 = { workspace = terraform.workspace }
  }
}

resource "terraform_data" "after" {
  lifecycle {
    action_trigger {
      events  = [before_create]
      actions = [action.storage_infinibox_event_create_custom.mark["begins"]]
    }
    action_trigger {
      events = [after_create]
      actions = [
        action.storage_infinibox_notification_target_test.after["mail"],
        action.storage_infinibox_notification_target_test.after["traps"],
        action.storage_infinibox_notification_target_test.after["log"],
        action.storage_infinibox_event_create_custom.mark["ends"],
      ]
    }
  }
}
`
	given := map[string]string{"mail": "Planted/wrong+password=0", "snmp": snmpPassword, "snmp_key": snmpKey, "community": community}
	variables := cli.Secrets(given)
	said := []*acctest.Outcome{
		cli.Apply(before, variables).Refuses(t, "Failed: Testing a notification target at 127.0.0.1 by SMTP", "The array could not send it"),
	}
	given["mail"] = mailPassword
	cli.Secrets(given)
	said = append(said, cli.Apply(before, variables).Succeeds(t), cli.Apply(before, variables, after).Succeeds(t))
	for _, arrives := range []<-chan string{s.letters, s.letters, s.heardBy, s.lines} {
		if text := heard(t, arrives); !strings.Contains(text, "A test of notification target") {
			t.Errorf("there came %s", text)
		}
	}
	var marks []string
	for _, id := range s.IDs("events?code=CUSTOM_INFO_EVENT&sort=id") {
		marks = append(marks, s.Must("GET", fmt.Sprintf("events/%v", id), nil)["description"].(string))
	}
	if got := strings.Join(marks, "; "); got != "The apply of default begins; The apply of default ends" {
		t.Errorf("the marks are %s", got)
	}
	content, err := os.ReadFile(logs)
	if err != nil {
		t.Fatal(err)
	}
	acctest.KeepsSecrets(t, map[string]string{"the log": string(content), "the first run": said[0].Output, "the last run": said[2].Output},
		arrayPassword, mailPassword, "Planted/wrong+password=0", snmpPassword, snmpKey, community)
}
