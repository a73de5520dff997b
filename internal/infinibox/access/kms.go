package access

import (
	"context"
	"net/http"
	"strings"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox/common"
)

const (
	kms           = "system/kms"
	kmsServers    = "servers"
	kmsUsername   = "username"
	kmsCA         = "ca_certificate"
	kmsEnabled    = "enabled"
	kmsState      = "kmip_connectivity_state"
	mostServers   = 1
	kmipPort      = 5696
	onlySupported = "The array lets users of the roles INFINIDAT and TECHNICIAN set up key servers, and no others: give the provider such a user."
)

// KMS is the key server that keeps the array's encryption keys.
var KMS = entity.Kind{
	System: common.System,
	Name:   "kms",
	Noun:   "KMS",
	Path:   kms,
	Doc: "The key server (KMS) that keeps the array's encryption keys, by KMIP: where it is, how the two prove themselves to each other, and whether it is in use. " + onlySupported + "\n\n" +
		"Destroying the resource gives back what can be given back: whether it was in use, its servers and the authority, where there were any. Client certificates and passwords stay, because their secrets are on the array alone.",
	Presence:   entity.Only,
	Approvable: true,
	Reading:    entity.Reading{Find: findKMS},
	Planning:   entity.Planning{Check: checkKMS, Tracks: []string{"id"}},
	Explain:    explainKMS,
	Facts: entity.Facts{
		entity.FixedID("kms"),
		entity.Records(kmsServers, entity.Facts{
			entity.Text("address").Required().LongestOf(255).Doc("Its name or IP address."),
			entity.Integer("port").Otherwise(kmipPort).Between(1, 65535).Doc("The port of KMIP, 5696 where it is not set."),
		}).Field("kms_servers").Defaulted().ChangedBy(configureServers).
			Doc("The key servers: the array takes one. An address that the array deems invalid wants approval."),
		entity.Text(kmsUsername).Field("kms_username").Optional().LongestOf(255).ChangedBy(configureCredentials).
			Doc("The user that the array logs in to the key server as, where that asks for one. It comes with `password_wo`."),
		entity.Secret("password", "").SentWith(kmsUsername).LongestOf(255).Doc("The user's password."),
		entity.Bool("ignore_certificate").Field("ignore_kms_certificate").Defaulted().ChangedBy(func(_ string, after entity.Values) api.Request {
			return configured(api.Object{"ignore_kms_certificate": after.Bool("ignore_certificate")})
		}).Doc("Whether the array takes any certificate of the key server for good."),
		common.Certificate(kmsCA).Field("kms_ca_certificate").Defaulted().ChangedBy(func(_ string, after entity.Values) api.Request {
			return uploaded("upload_kms_ca_certificate", "ca_certificate.pem", after.Text(kmsCA), "")
		}).Doc("The authority that signed the key server's certificate, in PEM form."),
		common.Certificate(certificate).Field("infinibox_kmip_certificate").Defaulted().ChangedBy(func(_ string, after entity.Values) api.Request {
			return uploaded("upload_infinibox_certificate_and_key", "infinibox_certificate.pem", after.Text(certificate), after.Text(newKey))
		}).Doc("The certificate by which the array proves itself to the key server, in PEM form. It comes with `private_key_wo`."),
		common.PrivateKey(certificate).Doc("The key of `certificate`, in PEM form."),
		entity.Bool(kmsEnabled).Defaulted().After(kmsServers, kmsUsername, "ignore_certificate", kmsCA, certificate).ChangedBy(switchKMS).
			Danger("The encryption keys move from the array to the key server. Where that cannot be reached, or has lost them, the array does not power up.",
				entity.When("set it to `true`", func(before, after entity.Values) bool {
					return after.Bool(kmsEnabled) && (before == nil || !before.Bool(kmsEnabled))
				})).
			Danger("The encryption keys move from the key server to the array, which then powers up without it: whoever has the array has the keys too.", entity.Becomes(false)).
			Doc("Whether the keys are on the key server."),

		entity.Text(kmsState).Doc("`DISABLED`, or whether the array reaches the key server that it uses, such as `CONNECTED`."),
	},
}

// findKMS reads the configuration, and beside it whether it is in use, which the array
// tells elsewhere.
func findKMS(ctx context.Context, s *entity.Session, _ entity.Values) (api.Object, error) {
	configuration, err := common.Object(s.Client.Do(ctx, api.Request{Method: http.MethodGet, Path: kms}))
	if err != nil {
		return nil, err
	}
	state, err := kmsConnection(ctx, s)
	if err != nil {
		return nil, err
	}
	configuration[kmsState] = state
	configuration[kmsEnabled] = state != "DISABLED"
	return configuration, nil
}

func kmsConnection(ctx context.Context, s *entity.Session) (any, error) {
	security, err := common.Object(s.Client.Do(ctx, api.Request{Method: http.MethodGet, Path: systemSecurityPath}))
	return security[kmsState], err
}

func configured(body api.Object) api.Request {
	return api.Request{Method: http.MethodPut, Path: kms + "/set_configuration", Body: body}
}

func configureServers(_ string, after entity.Values) api.Request {
	servers := []any{}
	records, _ := after.Records(kmsServers)
	for _, server := range records {
		servers = append(servers, api.Object{"address": server.Text("address"), "port": server.Int("port")})
	}
	if len(servers) == 0 {
		return configured(api.Object{"kms_servers": nil})
	}
	return configured(api.Object{"kms_servers": servers})
}

// configureCredentials sends both: the array takes neither alone.
func configureCredentials(_ string, after entity.Values) api.Request {
	if !after.Known(kmsUsername) {
		return configured(api.Object{"kms_username": nil, "kms_password": nil})
	}
	return configured(api.Object{"kms_username": after.Text(kmsUsername), "kms_password": after.Text("password_wo")})
}

func uploaded(operation, file, certificate, key string) api.Request {
	return api.Request{Method: http.MethodPost, Path: kms + "/" + operation, Body: common.CertificateUpload("file", file, certificate, key)}
}

func switchKMS(_ string, after entity.Values) api.Request {
	if after.Bool(kmsEnabled) {
		return api.Request{Method: http.MethodPost, Path: "system/kms_enable"}
	}
	return api.Request{Method: http.MethodPost, Path: "system/kms_disable"}
}

func checkKMS(ctx context.Context, p *entity.Plan) {
	if !p.Applying() {
		if state, err := kmsConnection(ctx, p.Session); err == nil && state == "DISCONNECTED" {
			p.Warn("The array does not reach its key server",
				"Its encryption keys are there: as long as it is out of reach, the array does not power up. Look at the key server, the network between, and the certificates of both.")
		}
	}
	if p.After == nil || p.Config == nil {
		return
	}
	needsSecret(p, certificate, newKey, "The array takes the certificate together with its key.")
	needsSecret(p, kmsUsername, "password_wo", "The array takes the user's name together with the password.")
	common.CheckCertificate(p, certificate, newKey)
	checkServers(p)
	if !p.After.Bool(kmsEnabled) || !p.Changes(kmsEnabled) {
		return
	}
	var missing []string
	for _, name := range []string{kmsServers, kmsCA, certificate} {
		if !p.After.Unknown(name) && !p.After.Known(name) || name == kmsServers && !p.After.Unknown(name) && p.After.Count(name) == 0 {
			missing = append(missing, name)
		}
	}
	if len(missing) > 0 {
		p.Refuse(kmsEnabled, "The KMS cannot be enabled yet", "It takes a server, its authority and a certificate of the array's. Set "+strings.Join(missing, " and ")+".")
	}
}

// needsSecret refuses to change what the array takes together with a secret alone.
func needsSecret(p *entity.Plan, name, secret, why string) {
	asked := !p.Config.Null(name)
	switch {
	case !asked && !p.Config.Null(secret):
		p.Refuse(name, secret+" is of no use without "+name, why+" Set "+name+" too.")
	case asked && p.Changes(name) && p.Config.Null(secret):
		p.Refuse(name, name+" changes without "+secret, why+" Set "+secret+" and "+secret+"_version.")
	}
}

func checkServers(p *entity.Plan) {
	servers, known := p.After.Records(kmsServers)
	if !known || p.Config.Null(kmsServers) {
		return
	}
	if len(servers) > mostServers {
		p.Refuse(kmsServers, "There are too many key servers", "The array takes one. For several nodes of one KMS, use the name or address that stands for all of them.")
	}
}

func explainKMS(_ context.Context, _ *entity.Session, _ entity.Values, err error) string {
	switch {
	case api.ReasonOf(err) == api.Forbidden:
		return onlySupported
	case api.CodeOf(err) == "KMS_FIPS_NOT_ENABLED":
		return "An array whose security level is not FIPS keeps its keys itself: the vendor's support changes the level."
	case strings.HasSuffix(api.CodeOf(err), "_DUE_TO_ENCRYPTION_MODE"):
		return "While data is encrypted, the keys stay where they are: the vendor's support moves them."
	case api.CodeOf(err) == "KMS_ENABLE_MANDATORY_FIELDS_MISSING":
		return "Set servers, ca_certificate, certificate and private_key_wo."
	}
	return ""
}
