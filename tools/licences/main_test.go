package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const (
	isc = `Permission to use, copy, modify, and/or distribute this software for any purpose with or without fee is hereby granted, provided that the above copyright notice and this permission notice appear in all copies.

THE SOFTWARE IS PROVIDED "AS IS" AND THE AUTHOR DISCLAIMS ALL WARRANTIES WITH REGARD TO THIS SOFTWARE INCLUDING ALL IMPLIED WARRANTIES OF MERCHANTABILITY AND FITNESS. IN NO EVENT SHALL THE AUTHOR BE LIABLE FOR ANY SPECIAL, DIRECT, INDIRECT, OR CONSEQUENTIAL DAMAGES OR ANY DAMAGES WHATSOEVER RESULTING FROM LOSS OF USE, DATA OR PROFITS, WHETHER IN AN ACTION OF CONTRACT, NEGLIGENCE OR OTHER TORTIOUS ACTION, ARISING OUT OF OR IN CONNECTION WITH THE USE OR PERFORMANCE OF THIS SOFTWARE.
`
	gpl = `This program is free software: you can redistribute it and/or modify it under the terms of the GNU General Public License as published by the Free Software Foundation, either version 3 of the License, or (at your option) any later version.

This program is distributed in the hope that it will be useful, but WITHOUT ANY WARRANTY; without even the implied warranty of MERCHANTABILITY or FITNESS FOR A PARTICULAR PURPOSE. See the GNU General Public License for more details.

You should have received a copy of the GNU General Public License along with this program. If not, see <https://www.gnu.org/licenses/>.
`
)

func TestLicences(t *testing.T) {
	for name, test := range map[string]struct {
		files map[string]string // by path in the module, which has a package "copied"
		want  []string
		says  string // of the error; "" where there is none
	}{
		"one that is allowed":              {map[string]string{"LICENSE": isc}, []string{"ISC"}, ""},
		"British":                          {map[string]string{"Licence.txt": isc}, []string{"ISC"}, ""},
		"none":                             {map[string]string{"README.md": isc}, nil, "no licence"},
		"one that is not allowed":          {map[string]string{"COPYING": gpl}, []string{"GPL-3.0-or-later"}, "is not allowed"},
		"beside a package":                 {map[string]string{"LICENSE": isc, "copied/LICENSE.md": gpl}, []string{"GPL-3.0-or-later", "ISC"}, "is not allowed"},
		"beside what is not used":          {map[string]string{"LICENSE": isc, "examples/LICENSE": gpl}, []string{"ISC"}, ""},
		"a text that nobody knows":         {map[string]string{"LICENSE": "Ask the author."}, nil, "0 % of the text"},
		"one with more than there is room": {map[string]string{"LICENSE": isc + strings.Repeat("You must not use this in a bank. ", 60)}, nil, "% of the text"},
	} {
		t.Run(name, func(t *testing.T) {
			m := module{Dir: t.TempDir()}
			m.packages = []string{filepath.Join(m.Dir, "copied")}
			for path, text := range test.files {
				path = filepath.Join(m.Dir, path)
				if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			if err := os.MkdirAll(m.packages[0], 0o700); err != nil {
				t.Fatal(err)
			}
			found, err := m.licences()
			if !slices.Equal(found, test.want) {
				t.Errorf("found %v, want %v", found, test.want)
			}
			switch {
			case test.says == "" && err != nil:
				t.Error(err)
			case test.says != "" && (err == nil || !strings.Contains(err.Error(), test.says)):
				t.Errorf("%v, want %q", err, test.says)
			}
		})
	}
}
