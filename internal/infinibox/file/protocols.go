package file

import (
	"fmt"
	"sync"

	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
)

const nfs4 = "NFSv4"

// spoken is what the exports and shares of one configuration speak on each filesystem: one
// that SMB shares does not go with exports of NFSv4.
type spoken struct {
	mu          sync.Mutex
	filesystems map[int64]*speakers
}

// speakers are a share and an export of NFSv4 of one filesystem, by name.
type speakers struct{ share, export string }

func protocolsOf(s *entity.Session) *spoken {
	return entity.Note[spoken](s, "protocols of filesystems")
}

// share notes a share of the plan, and export an export.
func (all *spoken) share(p *entity.Plan) {
	if p.After == nil {
		return
	}
	all.note(p, func(of *speakers) { of.share = p.After.Text("name") })
}

func (all *spoken) export(p *entity.Plan) {
	if p.After == nil || p.After.Text(nfsVersion) != nfs4 {
		return
	}
	all.note(p, func(of *speakers) { of.export = p.After.Text("export_path") })
}

// note refuses what the filesystem cannot have beside what was noted before.
func (all *spoken) note(p *entity.Plan, is func(*speakers)) {
	if !p.After.Known("filesystem_id") {
		return
	}
	all.mu.Lock()
	defer all.mu.Unlock()
	if all.filesystems == nil {
		all.filesystems = map[int64]*speakers{}
	}
	of := all.filesystems[p.After.Int("filesystem_id")]
	if of == nil {
		of = &speakers{}
		all.filesystems[p.After.Int("filesystem_id")] = of
	}
	is(of)
	if of.share != "" && of.export != "" {
		p.Refuse("filesystem_id", "A filesystem has either SMB shares or exports of NFSv4",
			fmt.Sprintf("The share %q and the export %q are of the same filesystem. Take one of them out, or let the export speak NFSv3.", of.share, of.export))
	}
}
