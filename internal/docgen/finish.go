package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
)

// finish adds to the generated pages below a directory what templates cannot know: the
// area that each is listed under, and the table of dangerous operations.
func finish(dir string, systems []*entity.System) error {
	titles := map[string]string{}
	var areas []entity.Area
	for _, s := range systems {
		areas = append(areas, s.Areas...)
	}
	for _, a := range areas {
		for _, name := range a.TypeNames() {
			titles[name] = a.Title
		}
	}
	pages, err := filepath.Glob(filepath.Join(dir, "*", "*.md"))
	if err != nil {
		return err
	}
	for _, path := range pages {
		page, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		folder := filepath.Base(filepath.Dir(path))
		finished, err := finishPage(folder, filepath.Base(path), page, titles, areas)
		if err != nil {
			return fmt.Errorf("%s/%s: %w", folder, filepath.Base(path), err)
		}
		if err := os.WriteFile(path, finished, 0o644); err != nil { //nolint:gosec // a page is for all to read
			return err
		}
	}
	return nil
}

var (
	listedUnder = regexp.MustCompile(`(?m)^subcategory: "(.*)"$`)

	// forTests are the comments that tell a test what to do with a guide.
	forTests = regexp.MustCompile(`(?m)^<!-- (run|others|heals|quiet|anew|takeover|sites|at|set|invoke|cut|mended)(: .*)? -->\n+`)

	// dangers is where a guide has the table of dangerous operations.
	dangers = []byte("<!-- the table of dangerous operations -->\n")
)

func finishPage(folder, file string, page []byte, titles map[string]string, areas []entity.Area) ([]byte, error) {
	page = bytes.ReplaceAll(page, dangers, []byte(dangerTable(areas)))
	page = forTests.ReplaceAll(page, nil)
	title := ""
	switch folder {
	case "guides": // in the guide itself
	case "functions":
		title = "Sizes"
	default:
		name := "storage_" + strings.TrimSuffix(file, ".md")
		if title = titles[name]; title == "" {
			return nil, fmt.Errorf("no area has %s", name)
		}
	}
	if title != "" {
		page = listedUnder.ReplaceAll(page, []byte(`subcategory: "`+title+`"`))
	}
	if !hasArea(page) {
		return nil, errors.New("the page has no subcategory to be listed under")
	}
	return page, nil
}

// hasArea reports whether a page says where it is listed.
func hasArea(page []byte) bool {
	under := listedUnder.FindSubmatch(page)
	return len(under) > 1 && len(under[1]) > 0
}

// dangerTable is all that wants approval, by area and type.
func dangerTable(areas []entity.Area) string {
	var b strings.Builder
	for _, a := range areas {
		approvals := a.Approvals()
		if len(approvals) == 0 {
			continue
		}
		fmt.Fprintf(&b, "### %s\n\n| | needs approval to | because |\n|---|---|---|\n", a.Title)
		last := ""
		for _, approval := range approvals {
			folder, page := "resources", strings.TrimPrefix(approval.Type, "storage_")
			if approval.IsAction {
				folder = "actions"
			}
			link := fmt.Sprintf("[`%s`](../%s/%s.md)", approval.Type, folder, page)
			if approval.Type == last {
				link = ""
			}
			last = approval.Type
			fmt.Fprintf(&b, "| %s | %s | %s |\n", link, approval.Doing, approval.Reason)
		}
		b.WriteString("\n")
	}
	return strings.TrimSuffix(b.String(), "\n")
}
