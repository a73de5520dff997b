package entity

import "testing"

func TestArticle(t *testing.T) {
	for noun, want := range map[string]string{
		"volume": "a volume", "export": "an export", "LUN": "a LUN", "TreeQ": "a TreeQ", "SMB user": "an SMB user", "NFS server": "an NFS server", "QoS policy": "a QoS policy",
	} {
		if got := article(noun); got != want {
			t.Errorf("%s, wanted %s", got, want)
		}
	}
}
