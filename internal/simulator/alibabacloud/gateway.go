package alibabacloud

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

const (
	algorithm = "ACS3-HMAC-SHA256"

	// maxBody is the most that the gateway reads of a request, in bytes.
	maxBody = 1 << 20
	// maxSkew is how far a request's clock may be from the gateway's.
	maxSkew = 15 * time.Minute
)

// gateway checks who asks: every request is signed with the secret of an access key.
type gateway struct {
	keyID, secret, token string
	nonces               map[string]bool
}

// refusal is an error as the service answers it.
type refusal struct {
	status        int
	code, message string
}

// mandatory are the headers that a signature must cover, by the lower case of their names.
var mandatory = []string{"host", "x-acs-action", "x-acs-content-sha256", "x-acs-date", "x-acs-signature-nonce", "x-acs-version"}

// admit verifies the signature of a request.
func (g *gateway) admit(r *http.Request, now time.Time) *refusal {
	scheme, rest, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	fields := map[string]string{}
	for part := range strings.SplitSeq(rest, ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(part), "=")
		fields[name] = value
	}
	signed := strings.Split(fields["SignedHeaders"], ";")
	switch {
	case scheme != algorithm || fields["Credential"] == "" || fields["Signature"] == "":
		return &refusal{http.StatusBadRequest, "IncompleteSignature", "The request signature does not conform to Alibaba Cloud standards."}
	case fields["Credential"] != g.keyID:
		return &refusal{http.StatusNotFound, "InvalidAccessKeyId.NotFound", "Specified access key is not found."}
	case !slices.IsSorted(signed) || !covers(signed, r.Header):
		return &refusal{http.StatusBadRequest, "IncompleteSignature", "The signature does not cover all headers that it must."}
	}
	if refused := g.fresh(r.Header, now); refused != nil {
		return refused
	}
	body, err := io.ReadAll(http.MaxBytesReader(nil, r.Body, maxBody))
	if err != nil || hash(body) != r.Header.Get("x-acs-content-sha256") {
		return &refusal{http.StatusBadRequest, "InvalidContentSha256", "The body is not what was signed."}
	}
	toSign := stringToSign(r, signed)
	if !hmac.Equal([]byte(sign(g.secret, toSign)), []byte(fields["Signature"])) {
		return &refusal{http.StatusBadRequest, "SignatureDoesNotMatch", fmt.Sprintf("Specified signature does not match our calculation. server StringToSign is [%s]", strings.ReplaceAll(toSign, "\n", " "))}
	}
	// Only who has the secret can use a nonce up.
	g.nonces[r.Header.Get("x-acs-signature-nonce")] = true
	return g.checkToken(r.Header.Get("x-acs-security-token"))
}

// covers reports whether the signed headers are all that must be: the mandatory ones, which must be there, and
// whatever else begins with x-acs-.
func covers(signed []string, header http.Header) bool {
	for _, name := range mandatory {
		if !slices.Contains(signed, name) || name != "host" && header.Get(name) == "" {
			return false
		}
	}
	for name := range header {
		if name = strings.ToLower(name); strings.HasPrefix(name, "x-acs-") && !slices.Contains(signed, name) {
			return false
		}
	}
	return true
}

// fresh refuses a request that is old, or was seen before.
func (g *gateway) fresh(header http.Header, now time.Time) *refusal {
	date, err := time.Parse("2006-01-02T15:04:05Z", header.Get("x-acs-date"))
	if err != nil {
		return &refusal{http.StatusBadRequest, "InvalidTimeStamp.Format", "Specified time stamp or date value is not well formatted."}
	}
	if now.Sub(date).Abs() > maxSkew {
		return &refusal{http.StatusBadRequest, "InvalidTimeStamp.Expired", "Specified time stamp or date value is expired."}
	}
	if g.nonces[header.Get("x-acs-signature-nonce")] {
		return &refusal{http.StatusBadRequest, "SignatureNonceUsed", "Specified signature nonce was used already."}
	}
	return nil
}

func (g *gateway) checkToken(given string) *refusal {
	switch {
	case given == g.token:
		return nil
	case given == "":
		return &refusal{http.StatusBadRequest, "MissingSecurityToken", "SecurityToken is mandatory for this action."}
	case g.token == "":
		return &refusal{http.StatusBadRequest, "InvalidSecurityToken.MismatchWithAccessKey", "Specified SecurityToken mismatch with the AccessKey."}
	}
	return &refusal{http.StatusBadRequest, "InvalidSecurityToken.Expired", "Specified SecurityToken is expired."}
}

// stringToSign is what a client signs: the hash of the request in its canonical form.
func stringToSign(r *http.Request, signed []string) string {
	var headers strings.Builder
	for _, name := range signed {
		value := r.Header.Get(name)
		if name == "host" {
			value = r.Host
		}
		fmt.Fprintf(&headers, "%s:%s\n", name, strings.TrimSpace(value))
	}
	canonical := strings.Join([]string{
		r.Method, escapedPath(r.URL), canonicalQuery(r.URL.Query()), headers.String(), strings.Join(signed, ";"), r.Header.Get("x-acs-content-sha256"),
	}, "\n")
	return algorithm + "\n" + hash([]byte(canonical))
}

func escapedPath(u *url.URL) string {
	if path := u.EscapedPath(); path != "" {
		return path
	}
	return "/"
}

// canonicalQuery sorts the parameters by name and escapes all but letters, digits and -_.~
func canonicalQuery(query url.Values) string {
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(query)) {
		for _, value := range query[name] {
			parts = append(parts, escape(name)+"="+escape(value))
		}
	}
	return strings.Join(parts, "&")
}

func escape(text string) string {
	return strings.ReplaceAll(url.QueryEscape(text), "+", "%20")
}

func sign(secret, toSign string) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(toSign))
	return hex.EncodeToString(mac.Sum(nil))
}

func hash(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}
