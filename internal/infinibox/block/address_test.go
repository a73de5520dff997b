package block

import (
	"strings"
	"testing"
)

// An address that passes its check is known again however it is written, and is
// one segment of a path.
func FuzzAddresses(f *testing.F) {
	for _, seed := range []string{
		"50:01:43:80:12:34:56:78", "5001438012345678", "50-01-43-80-AB-CD-EF-01", "iqn.2011-08.com.example:server1",
		"eui.0123456789abcdef", "naa.0123456789abcdef", "nqn.2014-08.org.nvmexpress:uuid:0123", "", "::", "iqn.2011-08.com.example:a/b",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if checkWWPN(s) == nil {
			plain := normalWWPN(s)
			if len(plain) != 16 || normalWWPN(plain) != plain || checkWWPN(plain) != nil || normalWWPN(strings.ToUpper(s)) != plain {
				t.Errorf("WWPN %q becomes %q", s, plain)
			}
		}
		if checkIQN(s) == nil && checkIQN(strings.ToLower(s)) != nil {
			t.Errorf("the IQN %q is one, and not in small letters", s)
		}
		if checkNQN(s) == nil && checkNQN(strings.TrimSpace(s)) != nil {
			t.Errorf("the NQN %q is one, and not without its spaces", s)
		}
	})
}
