package infinibox

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

// refused acts on the simulator and expects a code.
func refused(t *testing.T, s *Simulator, method, path string, body any, code string) {
	t.Helper()
	if _, _, err := s.Do(method, path, body); err == nil || !strings.HasPrefix(err.Error(), code+":") {
		t.Errorf("%s %s: %v, want %s", method, path, err, code)
	}
}

func TestRefusedChangesLeaveNoTrace(t *testing.T) {
	s := database(t)
	must(t, s, "POST", "cgs", values{"name": "sg", "parent_id": 1003, "snap_suffix": "_s"}) // 1004 with 1005 and 1006
	before := must(t, s, "GET", "cgs/1004", nil)
	soon := int(time.Now().Add(time.Hour).UnixMilli())
	refused(t, s, "PUT", "cgs/1004", values{"lock_expires_at": soon, "name": "renamed", "snapshot_retention": 10}, "SNAPSHOT_RETENTION_FIELD_NOT_SUPPORTED")
	expect(t, must(t, s, "GET", "cgs/1004", nil), before)
	expect(t, must(t, s, "GET", "volumes/1005", nil), values{"lock_state": "UNLOCKED"})
	if found := names(t, s, "cgs?name=renamed"); found != "" {
		t.Errorf("the group is called %s", found)
	}

	volume := must(t, s, "GET", "volumes/1001", nil)
	refused(t, s, "PUT", "datasets/bulk", values{"ids": []int{1001, 1002, 1005}, "data": values{"ssa_express_enabled": true}}, "INVALID_SSA_EXPRESS_DATASET_TYPE")
	expect(t, must(t, s, "GET", "volumes/1001", nil), volume)
	refused(t, s, "PUT", "datasets/bulk", values{"ids": []int{1001, 1001}, "data": values{"ssa_express_enabled": true}}, "DATASET_SSA_EXPRESS_ALREADY_ENABLED")
	expect(t, must(t, s, "GET", "volumes/1001", nil), volume)
}

func TestDeletionSimulationCountsEachDatasetOnce(t *testing.T) {
	s := Start(t, Options{})
	must(t, s, "POST", "pools", values{"name": "p", "physical_capacity": terabyte})
	must(t, s, "POST", "volumes", values{"name": "v", "pool_id": 1000, "size": 1000000000, "provtype": "THICK"})
	for _, ids := range [][]int{{1001}, {1001, 1001}} {
		expect(t, must(t, s, "POST", "volumes/delete_simulation", values{"entities": ids}), values{"space_reclaimable": 1000013824})
	}
}

func TestInternalCopiesOutliveWhatTheyStandBelow(t *testing.T) {
	s := Start(t, Options{})
	must(t, s, "POST", "pools", values{"name": "p", "physical_capacity": terabyte})
	must(t, s, "POST", "volumes", values{"name": "v", "pool_id": 1000, "size": 1000000000})
	must(t, s, "POST", "volumes", values{"name": "s", "parent_id": 1001})
	promoted := must(t, s, "POST", "volumes/1002/promote", nil)
	expect(t, promoted, values{"promote_source_id": 1003, "has_internal_children": true})
	expect(t, listed(t, s, "datasets/1001/internal_datasets")[0].(values), values{"id": 1003, "parent_id": 1001, "type": "SNAPSHOT"})
	must(t, s, "DELETE", "volumes/1001", nil)
	expect(t, listed(t, s, "volumes/internal_volumes/master")[0].(values), values{"id": 1003, "parent_id": 0})
	must(t, s, "DELETE", "volumes/1002", nil)
	if left := listed(t, s, "volumes/internal_volumes/master"); len(left) != 0 {
		t.Errorf("%d copies are left", len(left))
	}
}

func TestTwoSimulatorsAreTwoArrays(t *testing.T) {
	serial := func(system int) any {
		s := Start(t, Options{Serial: system})
		must(t, s, "POST", "pools", values{"name": "p", "physical_capacity": terabyte})
		return must(t, s, "POST", "volumes", values{"name": "v", "pool_id": 1000, "size": 1000000000})["serial"]
	}
	if one, other := serial(0x1234), serial(0x1235); one == other || !strings.Contains(one.(string), "1234") {
		t.Errorf("serials %v and %v", one, other)
	}
	drawn := map[any]bool{}
	for range 8 {
		drawn[must(t, Start(t, Options{}), "GET", "system", nil)["serial_number"]] = true
	}
	if len(drawn) < 2 {
		t.Errorf("eight systems have the serial numbers %v", drawn)
	}
}

func TestSystemIsAsClientsReadIt(t *testing.T) {
	s := shared(t)
	must(t, s, "POST", "exports", values{"export_path": "/home", "filesystem_id": 1001})
	release := must(t, s, "GET", "system?fields=release", nil)["release"].(values)
	for _, part := range []string{"gui", "infinishell", "system"} {
		if version, ok := release[part].(values)["version"].(string); !ok || version == "" {
			t.Errorf("release of %s: %v", part, release[part])
		}
	}
	expect(t, must(t, s, "GET", "system/capacity", nil), values{
		"total_spare_bytes": 0, "used_spare_bytes": 0, "used_dynamic_spare_bytes": 0, "allocated_physical_space_within_pools": 0,
		"allocated_virtual_space_within_pools": 1000013824, "total_capacity_savings": 0,
	})
	expect(t, must(t, s, "GET", "system/entity_counts", nil), values{
		"filesystems_unix": 1, "filesystems_windows": 0, "nfs3_exports": 1, "nfs3_exports_win_fs": 0, "smb_shares": 0,
		"ssa_express_filesystems": 0, "ssa_express_volumes": 0, "mapped_volumes": 0,
	})
	features := fmt.Sprint(listed(t, s, "_features"))
	for _, part := range []string{"name:replica_auto_create version:0", "enabled:false experimental:false name:vvol_replication version:1"} {
		if !strings.Contains(features, part) {
			t.Errorf("features have no %s: %s", part, features)
		}
	}
	if local := names(t, s, "users?type=eq:Local&name=admin"); local != "admin" {
		t.Errorf("local users: %s", local)
	}
}

func TestS3PoolsHaveNoVirtualCapacity(t *testing.T) {
	s := Start(t, Options{Seed: []byte(`{"s3": true}`)})
	pool := must(t, s, "POST", "pools", values{"name": "s3", "physical_capacity": terabyte, "type": "s3"})
	expect(t, pool, values{"type": "S3", "virtual_capacity": nil, "free_virtual_space": nil, "max_extend": 0, "free_physical_space": 1000000192512})
	must(t, s, "PUT", "pools/1000", values{"physical_capacity": 2 * terabyte})
}

// TestDumpsAreSeeds builds an estate with all that an array can hold, and compares it with what its dump makes.
func TestDumpsAreSeeds(t *testing.T) {
	s := Start(t, Options{S3: true, AllowProtocolMix: true, Seed: []byte(`{
		"requests": [
			{"method": "POST", "path": "pools", "body": {"name": "vv", "physical_capacity": 1000000000000, "type": "VVOL"}},
			{"method": "POST", "path": "pools", "body": {"name": "p", "physical_capacity": 1000000000000}},
			{"method": "POST", "path": "volumes", "body": {"name": "v", "pool_id": 1001, "size": 1000000000}}],
		"vms": [{"name": "vm"}], "vvols": [{"name": "Config-1", "pool_id": 1000, "vm": "vm", "type": "Config", "size": 1048576}],
		"replicas": [{"id": 1002, "role": "SOURCE"}], "replication_snapshots": [1002], "qos_disabled": true}`)})
	must(t, s, "POST", "filesystems", values{"name": "f", "pool_id": 1001, "size": 1000000000})
	filesystem := listed(t, s, "filesystems")[0].(values)["id"]
	must(t, s, "POST", fmt.Sprintf("filesystems/%v/treeqs", filesystem), values{"name": "t", "path": "/t", "soft_inodes": 7})
	must(t, s, "POST", "filesystems", values{"name": "fs", "parent_id": filesystem})
	must(t, s, "POST", "exports", values{"export_path": "/f", "filesystem_id": filesystem, "permissions": []any{values{"client": "10.0.0.1"}}})
	w := must(t, s, "POST", "volumes", values{"name": "w", "pool_id": 1001, "size": 2000000000, "provtype": "THICK"})["id"]
	group := must(t, s, "POST", "cgs", values{"name": "g", "pool_id": 1001})["id"]
	must(t, s, "POST", fmt.Sprintf("cgs/%v/members", group), values{"dataset_id": w})
	must(t, s, "POST", "cgs", values{"name": "sg", "parent_id": group, "snap_suffix": "_s"})
	must(t, s, "POST", "volumes", values{"name": "promoted", "parent_id": w})
	must(t, s, "POST", fmt.Sprintf("volumes/%v/promote", must(t, s, "POST", "volumes", values{"name": "x", "parent_id": w})["id"]), nil)
	host := must(t, s, "POST", "hosts", values{"name": "h", "security_method": "CHAP", "security_chap_inbound_secret": "hostsecret987654321"})["id"]
	must(t, s, "POST", fmt.Sprintf("hosts/%v/ports", host), values{"type": "iscsi", "address": "iqn.2011-08.com.example:storage"})
	cluster := must(t, s, "POST", "clusters", values{"name": "c"})["id"]
	must(t, s, "POST", fmt.Sprintf("clusters/%v/hosts", cluster), values{"id": host})
	must(t, s, "POST", fmt.Sprintf("clusters/%v/luns", cluster), values{"volume_id": w})
	must(t, s, "POST", fmt.Sprintf("hosts/%v/luns", host), values{"volume_id": 1002, "lun": 0})
	policy := must(t, s, "POST", "qos/policies", values{"name": "own", "type": "VOLUME", "max_ops": 2000, "burst_enabled": true, "burst_factor": 2.0})["id"]
	must(t, s, "POST", fmt.Sprintf("qos/policies/%v/assign", policy), values{"entity_id": w})
	must(t, s, "POST", "users", values{"name": "pat", "password": "pat-12345", "email": "pat@example.com", "role": "POOL_ADMIN"})
	repository := must(t, s, "POST", "config/ldap", values{"name": "mgmt", "domain_name": "mgmt.local", "bind_username": "administrator", "bind_password": "bind-12345"})["id"]
	must(t, s, "POST", "users", values{"type": "Ldap", "name": "storage", "dn": "cn=storage", "ldap_id": repository, "role": "ADMIN"})
	must(t, s, "POST", "config/ldap/set_order", []any{-1, repository})
	idp := must(t, s, "POST", "config/sso/idps", values{"name": "okta", "issuer": "okta", "sign_on_url": "https://okta.example.com", "signed_response": false, "signed_assertion": false})["id"]
	must(t, s, "POST", "users", values{"type": "Sso", "name": "readers", "idp_id": idp, "role": "READ_ONLY"})
	must(t, s, "PUT", "system/kms/set_configuration", values{"kms_servers": []values{{"address": "kms.example.com", "port": 5696}}, "kms_username": "array", "kms_password": "kms-12345"})
	must(t, s, "POST", "system/ssh/open", nil)
	must(t, s, "POST", "system/eula/accepted", nil)
	for _, path := range []string{fmt.Sprintf("metadata/%v", w), "metadata/system"} {
		if _, _, err := s.Do("PUT", path, values{"a": "b"}); err != nil {
			t.Fatal(err)
		}
	}
	pool := must(t, s, "POST", "pools", values{"name": "objects", "physical_capacity": terabyte, "type": "S3"})["id"]
	account := must(t, s, "POST", "s3_accounts", values{"name": "a", "pool_id": pool})["id"]
	user := must(t, s, "POST", "s3_users", values{"name": "u", "account_id": account})["id"]
	must(t, s, "POST", "s3_credentials", values{"user_id": user})
	bucket := must(t, s, "POST", "s3_buckets", values{"name": "bucket", "account_id": account})["id"].(int)
	if err := s.array.plant(Seed{QoSDisabled: true, S3Objects: []SeedObjects{{BucketID: bucket, Count: 1, Bytes: 1 << 20}}}); err != nil {
		t.Fatal(err)
	}
	s.Advance(7 * time.Hour) // the default policy takes snapshots, which are kept for a time

	var dump bytes.Buffer
	if err := s.Dump(&dump); err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{"pat-12345", "hostsecret", "bind-12345", "kms-12345"} {
		if strings.Contains(dump.String(), secret) {
			t.Errorf("%s was dumped", secret)
		}
	}
	again := Start(t, Options{Seed: dump.Bytes()})
	compare := func() {
		t.Helper()
		s.array.routes.each(func(method string, r *route) {
			path := strings.TrimPrefix(r.template, root+"/")
			if method != http.MethodGet || strings.Contains(path, "{") || strings.HasPrefix(path, "system/localtime") || strings.HasPrefix(path, "system/ntp") || strings.HasPrefix(path, "system/stats") || strings.HasPrefix(path, "components") ||
				path == "system/certificates" || path == "system/s3_certificates" { // its key is in no dump
				return
			}
			_, one, err1 := s.Do(method, path, nil)
			_, other, err2 := again.Do(method, path, nil)
			delete(asObject(one), "localtime")
			delete(asObject(other), "localtime")
			delete(asObject(one), "ntp_status")
			delete(asObject(other), "ntp_status")
			if fmt.Sprint(one, err1) != fmt.Sprint(other, err2) {
				t.Errorf("%s differs:\n%v %v\n%v %v", path, one, err1, other, err2)
			}
		})
	}
	compare()
	for _, s := range []*Simulator{s, again} {
		must(t, s, "DELETE", fmt.Sprintf("clusters/%v/luns/volume_id/%v", cluster, w), nil)
		must(t, s, "POST", fmt.Sprintf("filesystems/%v/treeqs", filesystem), values{"name": "u", "path": "/u"})
		must(t, s, "POST", "hosts", values{"name": "another"})
		s.Advance(30 * 24 * time.Hour)
	}
	if one, other := len(listed(t, s, "volumes?page_size=1000")), len(listed(t, again, "volumes?page_size=1000")); one != other {
		t.Errorf("%d volumes and %d", one, other)
	}
	if status, _ := ask(t, http.DefaultClient, "GET", again.URL()+"/api/rest/pools", "", basic()); status != http.StatusOK {
		t.Errorf("a built-in user may not log in: %d", status)
	}
	r := &http.Request{Header: http.Header{}}
	r.SetBasicAuth("pat", "pat-12345")
	if status, _ := ask(t, http.DefaultClient, "GET", again.URL()+"/api/rest/pools", "", r.Header); status != http.StatusOK {
		t.Errorf("a user may not log in: %d", status)
	}
}

// TestAssignmentsMoveInOneRequest moves a volume from policy to policy by one approved assignment, without another one
// that takes it away first.
func TestAssignmentsMoveInOneRequest(t *testing.T) {
	s := database(t)
	must(t, s, "POST", "volumes", values{"name": "single", "pool_id": 1000, "size": 1000000000, "snapshot_policy_id": 0}) // 1004
	must(t, s, "POST", "qos/policies", values{"name": "one", "type": "VOLUME", "max_ops": 1000})                          // 1005
	must(t, s, "POST", "qos/policies", values{"name": "other", "type": "VOLUME", "max_ops": 2000})                        // 1006
	must(t, s, "POST", "qos/policies/1005/assign", values{"entity_id": 1004})
	expect(t, must(t, s, "POST", "qos/policies/1006/assign", values{"entity_id": 1004}), values{"qos_policy_id": 1006, "entity_id": 1004})
	expect(t, must(t, s, "GET", "volumes/1004", nil), values{"qos_policy_id": 1006})
	if left := listed(t, s, "qos/policies/1005/assigned_entities"); len(left) != 0 {
		t.Errorf("still assigned: %v", left)
	}
	refused(t, s, "PUT", "qos/policies/1006", values{"type": "POOL_VOLUME"}, "QOS_POLICY_TYPE_MODIFY_WITH_ENTITIES_NOT_ALLOWED")
	expect(t, must(t, s, "PUT", "qos/policies/1005", values{"type": "POOL_VOLUME"}), values{"type": "POOL_VOLUME", "id": 1005})
	expect(t, must(t, s, "POST", "qos/policies/1005/assign", values{"entity_id": 1000}), values{"entity_type": "POOL"})

	must(t, s, "POST", "snapshot_policies", values{"name": "gold", "suffix": "-gold"})     // 6
	must(t, s, "POST", "snapshot_policies", values{"name": "silver", "suffix": "-silver"}) // 7
	for _, policy := range []string{"gold", "silver"} {
		id := listed(t, s, "snapshot_policies?name="+policy)[0].(values)["id"]
		for entity, kind := range map[int]string{1003: "CG", 1004: "VOLUME"} {
			must(t, s, "POST", fmt.Sprintf("snapshot_policies/%v/assign_entity", id), values{"assigned_entity_id": entity, "assigned_entity_type": kind})
		}
		expect(t, must(t, s, "GET", "volumes/1004", nil), values{"snapshot_policy_id": id})
		expect(t, must(t, s, "GET", fmt.Sprintf("snapshot_policies/%v", id), nil), values{"assigned_entities_count": 2})
	}
}

// TestSecurityOfAHostChangesAtOnce sets method, names and secrets together, without approval.
func TestSecurityOfAHostChangesAtOnce(t *testing.T) {
	a := world(t, Options{})
	for _, line := range []string{
		`POST hosts/1010/ports {"type":"ISCSI","address":"iqn.2011-08.com.example:storage"}`,
		`PUT hosts/1010 {"security_method":"MUTUAL_CHAP","security_chap_inbound_username":"hostuser987","security_chap_inbound_secret":"12s32112s3d234","security_chap_outbound_username":"infiniuser987","security_chap_outbound_secret":"12s3d2312s3d23"}`,
		`PUT hosts/1010 {"security_method":"CHAP"}`,
		`PUT hosts/1010 {"security_method":"NONE"}`,
		`PUT hosts/1010 {"security_method":"CHAP"} -> CHAP_SECURITY_CONDITION_NOT_MET`,
		`POST hosts {"name":"b"}`,
		`POST hosts/1014/ports {"type":"iscsi","address":"IQN.2011-08.com.example:storage"} -> PORT_ALREADY_BELONGS_TO_HOST`,
		`POST hosts/1010/ports {"type":"iscsi","address":"iqn.2011-08.com.example:storage"} -> PORT_ALREADY_BELONGS_TO_HOST`,
		`POST hosts/1014/ports {"type":"NVME","address":"NQN.2014-08.com.example:nvme.host1"} -> PORT_ALREADY_BELONGS_TO_HOST`,
	} {
		s := readStep(t, line)
		if status, code, message := s.take(t, a); code != s.code {
			t.Errorf("%s: %d %s %s", line, status, code, message)
		}
	}
}
