package monitoring

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
)

// whenDoc is how the docs say what when takes.
const whenDoc = "a point in time (`\"2026-01-31T00:00:00Z\"`), or how long ago it is (`\"24h\"`, `\"30d\"`)"

// when is an argument that is a point in time, or how long ago it is.
func when(name string) entity.Fact {
	return entity.Text(name).Checked("a point in time", func(text string) error {
		_, err := moment(text, time.Now())
		return err
	})
}

// days are those at the beginning of a duration, which Go's durations know nothing of.
var days = regexp.MustCompile(`^([0-9]{1,6})d`)

// moment is the point in time that a text means.
func moment(text string, now time.Time) (time.Time, error) {
	if t, err := time.Parse(time.RFC3339, text); err == nil {
		return t, nil
	}
	ago, rest := time.Duration(0), text
	if n := days.FindStringSubmatch(text); n != nil {
		count, _ := strconv.Atoi(n[1])
		ago, rest = time.Duration(count)*24*time.Hour, strings.TrimPrefix(text, n[0])
	}
	if rest != "" {
		d, err := time.ParseDuration(rest)
		if err != nil || d < 0 {
			return time.Time{}, fmt.Errorf("%q is neither a point in time, such as \"2026-01-31T00:00:00Z\", nor how long ago one is, such as \"24h\" or \"30d\"", text)
		}
		ago += d
	}
	if text == "" || ago <= 0 {
		return time.Time{}, fmt.Errorf("%q is no time ago: write how long ago it is, such as \"24h\" or \"30d\"", text)
	}
	return now.Add(-ago), nil
}

// inMillis is the point in time that an argument means, as the array counts.
func inMillis(v entity.Values, name string) (string, error) {
	t, err := moment(v.Text(name), time.Now())
	return strconv.FormatInt(t.UnixMilli(), 10), err
}
