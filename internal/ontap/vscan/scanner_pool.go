package vscan

import (
	"context"
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
)

// primary is the role of a pool that is always active.
const primary = "primary"

// ScannerPool names the scanners that may connect to an SVM, and the users as
// whom they do. It is known by its SVM and its name.
var ScannerPool = entity.Kind{
	System: system,
	Name:   "vscan_scanner_pool",
	Plural: "vscan_scanner_pools",
	Noun:   "scanner pool",
	Path:   "protocols/vscan",
	Doc:    "A Vscan scanner pool: the virus scanners that may connect to an SVM, the users as whom they do, and whether they are in use.",
	Rules:  []entity.Rule{entity.ExactlyOne("svm_name", "svm_uuid")},
	Identity: entity.Identity{
		Key: []string{"svm_uuid", "name"},
		Import: entity.Import{
			Forms: "the SVM's name or UUID and the pool's name: vs1/pool1",
			Key:   importPool,
			ID: func(v entity.Values) string {
				if v.Known("svm_name") {
					return v.Text("svm_name") + "/" + v.Text("name")
				}
				return v.Text("svm_uuid") + "/" + v.Text("name")
			},
		},
	},
	Reading:  entity.Reading{Find: findPool, By: []string{"svm_name", "svm_uuid", "name"}},
	Planning: entity.Planning{Complete: roleOfNewPool, Check: checkSVM},
	Creation: entity.Creation{
		Prepare: nameSVM,
		Request: func(after entity.Values) api.Request {
			return api.Request{
				Method: http.MethodPost, Path: poolsOf(after.Text("svm_uuid")),
				// Without it the answer to a creation is empty.
				Query: url.Values{"return_records": {"true"}},
			}
		},
	},
	Update: entity.Update{
		Request: func(before entity.Values) api.Request {
			return api.Request{Method: http.MethodPatch, Path: pathOf(before)}
		},
	},
	Deletion: entity.Deletion{
		Danger: "Files of the SVM are no longer scanned; where scanning is mandatory, clients cannot open them.",
		// The reference has a note that this deletes all pools of the SVM; its path, its
		// example and its error codes are those of deleting the one that it names.
		Request: func(before entity.Values) api.Request {
			return api.Request{Method: http.MethodDelete, Path: pathOf(before)}
		},
	},
	Listing: entity.Listing{As: "scanner_pools", Scope: []string{"svm_name", "svm_uuid"}, Plain: true, List: listPools},
	Explain: explainPool,
	Facts: entity.Facts{
		entity.Text("svm_name").Field("svm.name").Defaulted().InPath().
			Doc("The name of the SVM; either this or `svm_uuid`."),
		uuid("svm_uuid").Field("svm.uuid").Defaulted().InPath().
			Doc("The UUID of the SVM; either this or `svm_name`."),
		// The key tells two pools apart once the SVM's UUID is known, its name before that.
		entity.Text("name").Required().Queryable().LongestOf(256).OncePer("svm_name").
			Matching(regexp.MustCompile(`^[A-Za-z0-9_.-]*$`), "ASCII letters, digits, \"_\", \"-\" and \".\"").
			Doc("The pool's name: 1 to 256 ASCII letters, digits, `_`, `-` and `.`."),
		entity.Texts("servers", normalServer).AsWritten().Required().Mutable().Filterable().NotEmpty().
			Checked("an IP address or a fully qualified domain name", checkServer).
			Doc("The scanners that may connect: IP addresses or fully qualified domain names, which the cluster must be able to resolve."),
		entity.Texts("privileged_users", strings.ToLower).AsWritten().Required().Mutable().Filterable().NotEmpty().
			Checked("a user with a domain", checkUser).
			Doc("The users as whom scanners connect, each as `domain\\user` (in Terraform's quotes `\"domain\\\\user\"`). Case does not matter."),
		entity.Enum("role", primary, "secondary", "idle").Defaulted().Mutable().Queryable().AbsentIsNull().
			// A role that comes without a cluster is applied to the local one.
			Repeats("cluster_uuid").
			Doc("When the scanners are in use: `primary` always, `secondary` while no primary scanner is connected, `idle` never. A new pool is `primary` where it is not set."),
		entity.Text("cluster_name").Field("cluster.name").AbsentIsNull().Defaulted().Mutable().Queryable().ChosenAnewWith("cluster_uuid").Repeats("role").
			Doc("The name of the cluster on which the pool is in use, in a MetroCluster or disaster-recovery setup; the local one where neither this nor `cluster_uuid` is set. Where both are set, they must be of one cluster."),
		uuid("cluster_uuid").Field("cluster.uuid").AbsentIsNull().Defaulted().Mutable().Queryable().ChosenAnewWith("cluster_name").Repeats("role").
			Doc("The UUID of the cluster on which the pool is in use; the local one where neither this nor `cluster_name` is set."),
	},
}

// poolsOf is the collection of an SVM's pools.
func poolsOf(svmUUID string) string {
	return api.Path("protocols", "vscan", strings.ToLower(svmUUID), "scanner-pools")
}

func pathOf(v entity.Values) string {
	return poolsOf(v.Text("svm_uuid")) + "/" + api.Path(v.Text("name"))
}

// roleOfNewPool shows in the plan what the cluster makes of a pool without a role.
func roleOfNewPool(before, config, after entity.Values) {
	if before == nil && config.Null("role") {
		after.Set("role", primary)
	}
}

// checkSVM keeps a pool from being deleted for a new SVM that is not there, as
// when the SVM was renamed, and warns of a new pool in one that is not there: that may
// be made by the same apply.
func checkSVM(ctx context.Context, p *entity.Plan) {
	if p.After == nil || p.Applying() {
		return
	}
	if p.Before == nil {
		warnOfSVM(ctx, p, "svm_name")
		warnOfSVM(ctx, p, "svm_uuid")
		return
	}
	if !p.After.Known("svm_name") || p.After.Text("svm_name") == p.Before.Text("svm_name") {
		return
	}
	_, err := svmBy(ctx, p.Session, "name", p.After.Text("svm_name"))
	if api.ReasonOf(err) == api.NotFound {
		p.Refuse("svm_name", "There is no such SVM",
			fmt.Sprintf("Scanner pool %q is in the SVM %q, and the configuration asks for it in %q, which the cluster does not have. "+
				"If the SVM was renamed, write its new name, or the svm_uuid, which stays. If this apply makes the SVM, refer to it by svm_uuid.",
				p.Before.Text("name"), p.Before.Text("svm_name"), p.After.Text("svm_name")))
	}
}

// warnOfSVM warns of a new pool in an SVM that the cluster does not have yet.
func warnOfSVM(ctx context.Context, p *entity.Plan, attribute string) {
	if !p.Config.Known(attribute) {
		return
	}
	wanted := p.Config.Text(attribute)
	there, err := entity.Note[svmsThere](p.Session, "svms").all(ctx, p.Session)
	if err != nil || slices.ContainsFunc(there, func(one svm) bool { return one.name == wanted || strings.EqualFold(one.uuid, wanted) }) {
		return // who may not list SVMs learns it at apply
	}
	p.Warn("There is no such SVM yet", fmt.Sprintf("Scanner pool %q is to be made in an SVM whose %s is %q, and the cluster has none. Unless this apply makes it first, the pool cannot be made: check %s. %s",
		p.After.Text("name"), attribute, wanted, attribute, namesOf(there)))
}

// nameSVM finds out the UUID of the SVM that a pool is created in.
func nameSVM(ctx context.Context, s *entity.Session, after entity.Values) error {
	if after.Known("svm_uuid") {
		return nil
	}
	found, err := svmBy(ctx, s, "name", after.Text("svm_name"))
	if err == nil {
		after.Set("svm_uuid", found.uuid)
	}
	return err
}

// findPool reads the pool of an SVM, which v has by UUID or by name.
func findPool(ctx context.Context, s *entity.Session, v entity.Values) (api.Object, error) {
	owner := svm{v.Text("svm_name"), v.Text("svm_uuid")}
	if owner.uuid == "" {
		var err error
		if owner, err = svmBy(ctx, s, "name", owner.name); err != nil {
			return nil, err
		}
	}
	o, err := s.Client.Read(ctx, poolsOf(owner.uuid), v.Text("name"), nil)
	if err != nil {
		return nil, err
	}
	if nameIn(o) == "" && owner.name == "" {
		if owner, err = svmBy(ctx, s, "uuid", owner.uuid); err != nil {
			return nil, err
		}
	}
	return within(owner, o), nil
}

// nameIn is the name of its SVM that an answer tells, or "".
func nameIn(o api.Object) string {
	owner, _ := o["svm"].(api.Object)
	name, _ := owner["name"].(string)
	return name
}

// within adds to a pool the SVM that it was read from, of which the reference
// shows answers with the UUID only, or nothing.
func within(owner svm, o api.Object) api.Object {
	if name := nameIn(o); name != "" {
		owner.name = name
	}
	o["svm"] = api.Object{"name": owner.name, "uuid": owner.uuid}
	return o
}

// importPool reads "SVM/POOL", where the SVM is told by its name or its UUID.
func importPool(ctx context.Context, s *entity.Session, id string) (entity.Values, error) {
	owner, name, ok := strings.Cut(id, "/")
	if !ok || owner == "" || name == "" || strings.Contains(name, "/") {
		return nil, fmt.Errorf("%q is not an SVM and a pool", id)
	}
	if !uuidText.MatchString(owner) {
		found, err := svmBy(ctx, s, "name", owner)
		if err != nil {
			return nil, err
		}
		owner = found.uuid
	}
	key := entity.Values{}
	key.Set("svm_uuid", strings.ToLower(owner))
	key.Set("name", name)
	return key, nil
}

var label = regexp.MustCompile(`^[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?$`)

// checkServer wants an address, or a name that is complete without a search
// list. A last label of digits is a mistyped address.
func checkServer(server string) error {
	if address, err := netip.ParseAddr(server); err == nil && address.Zone() == "" {
		return nil
	}
	labels := strings.Split(server, ".")
	valid := len(labels) > 1 && len(server) <= 253 && strings.Trim(labels[len(labels)-1], "0123456789") != ""
	for _, l := range labels {
		valid = valid && label.MatchString(l)
	}
	if !valid {
		return fmt.Errorf("%q is neither an IP address nor a fully qualified domain name: write one such as 10.72.204.27 or scanner1.example.com", server)
	}
	return nil
}

// normalServer is by what two spellings of a scanner are compared.
func normalServer(server string) string {
	if address, err := netip.ParseAddr(server); err == nil {
		return address.String()
	}
	return strings.ToLower(server)
}

func checkUser(user string) error {
	domain, name, ok := strings.Cut(user, `\`)
	if !ok || domain == "" || name == "" || strings.Contains(name, `\`) || strings.TrimSpace(user) != user {
		return fmt.Errorf(`"%s" is not a user with a domain: write domain\user, which in Terraform's quotes is "domain\\user"`, user)
	}
	return nil
}
