package file

import (
	"regexp"

	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox/common"
)

// serial is what the array knows filesystems and snapshots by, for life.
func serial() entity.Fact {
	return entity.Text("serial").Lasting().Queryable().Doc("The serial number: 31 hexadecimal digits.")
}

// mode is what the permissions of a directory are at its creation.
func mode(name string) entity.Fact { return modeOf(entity.Text(name).Optional().Unread()) }

// modeOf is a text that holds permissions as UNIX writes them.
func modeOf(f entity.Fact) entity.Fact {
	return f.Matching(regexp.MustCompile(`^[0-7]{3,4}$`), "three or four octal digits, such as \"0755\"")
}

// measures are what the array tells of filesystems and snapshots, and changes by
// itself.
var measures = entity.Join(entity.Facts{
	entity.Text("dataset_type").Queryable().Doc("`FILESYSTEM`."),
	entity.Bool("mapped").Queryable().Doc("Whether it is exported."),
}, common.FilesystemMeasures, common.Measures("filesystem"))

var snapshots = common.SnapshotsIn("filesystems")
