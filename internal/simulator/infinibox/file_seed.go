package infinibox

// SeedFileServices are the parts of a seed that others of the file services make: what clients have written, opened and
// locked, and the domains that there are.
type SeedFileServices struct {
	Files       []SeedFile       `json:"files,omitempty"`
	SMBSessions []SeedSMBSession `json:"smb_sessions,omitempty"`
	SMBOrphans  []SeedOpenFile   `json:"smb_orphans,omitempty"` // locks whose clients are gone
	NLMLocks    []SeedNLMLock    `json:"nlm_locks,omitempty"`
	Directories []Directory      `json:"active_directory,omitempty"` // the domains that the array can reach
}

func (a *Array) plantFileServices(seed SeedFileServices) error {
	if err := plantAll(seed.Directories, a.plantDirectory); err != nil {
		return err
	}
	if err := plantAll(seed.Files, a.plantFile); err != nil {
		return err
	}
	if err := plantAll(seed.SMBSessions, a.plantSession); err != nil {
		return err
	}
	if err := plantAll(seed.SMBOrphans, a.plantOrphan); err != nil {
		return err
	}
	return plantAll(seed.NLMLocks, a.plantNLMLock)
}

// plantAll plants one after the other.
func plantAll[T any](items []T, plant func(T) error) error {
	for _, item := range items {
		if err := plant(item); err != nil {
			return err
		}
	}
	return nil
}
