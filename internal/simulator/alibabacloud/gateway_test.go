package alibabacloud

import (
	"net/http"
	"strings"
	"testing"
)

// The example of the documentation of signature V3, with its fixed values.
func TestSignatureOfTheDocumentation(t *testing.T) {
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost,
		"https://ecs.cn-shanghai.aliyuncs.com/?ImageId=win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd&RegionId=cn-shanghai", nil)
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range map[string]string{
		"x-acs-action":          "RunInstances",
		"x-acs-content-sha256":  "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
		"x-acs-date":            "2023-10-26T10:22:32Z",
		"x-acs-signature-nonce": "3156853299f313e23d1673dc12e1703d",
		"x-acs-version":         "2014-05-26",
	} {
		r.Header.Set(name, value)
	}
	signed := strings.Split("host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version", ";")
	const want = "06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0"
	if got := sign("YourAccessKeySecret", stringToSign(r, signed)); got != want {
		t.Errorf("%s, want %s", got, want)
	}
}
