package rest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// hidden stands for a secret.
const hidden = "***"

// maxLogged is how much of a body is logged, in bytes.
const maxLogged = 16 << 10

// shortestMasked is the length in bytes below which a secret is not looked for
// in other texts: masking every "a" would hide everything but the secret.
const shortestMasked = 3

var secretKey = regexp.MustCompile(`(?i)passw|passphrase|secret|token|credential|authorization|cookie|private_?key|privacy_?key|community|digest|client_?assertion|otp\b`)

// redact renders a JSON body without its secrets, nor those of another body.
// What is not JSON is only described: there is no telling what is in it.
func redact(body []byte, others []string) string {
	v, err := parse(body)
	if err != nil {
		return fmt.Sprintf("(%d bytes that are not JSON)", len(body))
	}
	if _, ok := v.(string); ok {
		return hidden // a bare string may be the secret itself
	}
	clean, err := json.Marshal(walk(v, false, func(v any, secret bool) any {
		if text, ok := v.(string); ok && !secret {
			return Mask(text, others)
		} else if secret {
			return hidden
		}
		return v
	}))
	if err != nil {
		return fmt.Sprintf("(%d bytes)", len(body))
	}
	if len(clean) > maxLogged {
		return strings.ToValidUTF8(string(clean[:maxLogged]), "") + fmt.Sprintf("… (%d bytes)", len(body))
	}
	return string(clean)
}

// Secrets returns the secret values of a JSON body: what its answer must not
// repeat.
func Secrets(body []byte) []string {
	var found []string
	if v, err := parse(body); err == nil {
		walk(v, false, func(v any, secret bool) any {
			if secret {
				found = append(found, fmt.Sprint(v))
			}
			return v
		})
	}
	return found
}

// Mask hides the secrets where they occur in the text: as they are, as JSON quotes
// them, or with their white space folded.
func Mask(text string, secrets []string) string {
	var forms []string
	for _, s := range secrets {
		quoted, _ := json.Marshal(s) // of a string it never fails
		forms = append(forms, s, string(quoted[1:len(quoted)-1]), strings.Join(strings.Fields(s), " "))
	}
	// The longest first: a secret may be the beginning of another.
	slices.SortFunc(forms, func(a, b string) int { return len(b) - len(a) })
	forms = slices.DeleteFunc(forms, func(s string) bool { return len(s) < shortestMasked })
	for _, s := range forms {
		text = strings.ReplaceAll(text, s, hidden)
	}
	return maskEnd(text, forms)
}

// cutMark ends a text that was too long to be shown.
const cutMark = "…"

// maskEnd hides the beginning of a secret within which a text was cut.
func maskEnd(text string, secrets []string) string {
	shown, cut := strings.CutSuffix(text, cutMark)
	if !cut {
		return text
	}
	longest := 0
	for _, s := range secrets {
		for n := min(len(s), len(shown)); n >= shortestMasked && n > longest; n-- {
			if strings.HasSuffix(shown, s[:n]) {
				longest = n
			}
		}
	}
	if longest == 0 {
		return text
	}
	return shown[:len(shown)-longest] + hidden + cutMark
}

func parse(body []byte) (any, error) {
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	var v any
	err := d.Decode(&v)
	return v, err
}

// walk copies a JSON value, with each string and number as the leaf function
// returns it, which is told whether a key above says that it is secret.
func walk(v any, secret bool, leaf func(v any, secret bool) any) any {
	switch v := v.(type) {
	case map[string]any:
		clean := make(map[string]any, len(v))
		// {"key": "password", "value": "…"}: a map in the form of a list.
		name, _ := v["key"].(string)
		for key, value := range v {
			clean[key] = walk(value, secret || secretKey.MatchString(key) || key == "value" && secretKey.MatchString(name), leaf)
		}
		return clean
	case []any:
		clean := make([]any, len(v))
		for i, value := range v {
			clean[i] = walk(value, secret, leaf)
		}
		return clean
	case string:
		return leaf(v, secret || isPrivateKey(v))
	case json.Number:
		return leaf(v, secret)
	}
	return v
}

// secretPlace is a part of a path after which a secret stands, such as the token of
// reset_password/TOKEN.
var secretPlace = regexp.MustCompile(`(?i)passw|token`)

// RedactPath is a path without the secrets that stand in it.
func RedactPath(path string) string {
	parts := strings.Split(path, "/")
	for i := 1; i < len(parts); i++ {
		if secretPlace.MatchString(parts[i-1]) {
			parts[i] = hidden
		}
	}
	return strings.Join(parts, "/")
}

func redactQuery(query url.Values, others []string) string {
	clean := make(url.Values, len(query))
	for key, values := range query {
		for _, value := range values {
			if secretKey.MatchString(key) {
				value = hidden
			}
			clean.Add(key, Mask(value, others))
		}
	}
	return clean.Encode()
}
