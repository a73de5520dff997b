package infinibox

// SeedFileServices are the parts of a seed that clients of file services make: what they have written.
type SeedFileServices struct {
	Files []SeedFile `json:"files,omitempty"`
}

func (a *Array) plantFileServices(seed SeedFileServices) error {
	return plantAll(seed.Files, a.plantFile)
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
