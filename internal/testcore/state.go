package testcore

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// State is a state. It is safe for concurrent use.
type State struct {
	mu      sync.Mutex
	current map[string]*Instance
	// deposed are objects that a new one has taken the place of, by address and key.
	deposed map[string]map[string]*Instance
}

// Instance is an object in a state. It is never changed, but replaced.
type Instance struct {
	Value               tftypes.Value
	Private             []byte
	Identity            *tfprotov6.ResourceIdentityData
	Tainted             bool
	CreateBeforeDestroy bool
	// Dependencies are the resources on which it depended when it was applied.
	Dependencies []string
}

// NewState is an empty state.
func NewState() *State {
	return &State{current: map[string]*Instance{}, deposed: map[string]map[string]*Instance{}}
}

// Clone is a copy.
func (s *State) Clone() *State {
	s.mu.Lock()
	defer s.mu.Unlock()
	clone := &State{current: maps.Clone(s.current), deposed: map[string]map[string]*Instance{}}
	for address, objects := range s.deposed {
		clone.deposed[address] = maps.Clone(objects)
	}
	return clone
}

// Get is the object of an address; nil where there is none.
func (s *State) Get(address string) *Instance {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.current[address]
}

// Set puts an object at an address, or with nil takes it out.
func (s *State) Set(address string, i *Instance) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if i == nil {
		delete(s.current, address)
		return
	}
	s.current[address] = i
}

// Addresses are those of all objects that are not deposed, sorted.
func (s *State) Addresses() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Sorted(maps.Keys(s.current))
}

// Deposed are the deposed objects by the key with their address, as in "TYPE.NAME (deposed 1)".
func (s *State) Deposed() map[string]*Instance {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := map[string]*Instance{}
	for address, objects := range s.deposed {
		for key, i := range objects {
			all[deposedName(address, key)] = i
		}
	}
	return all
}

// Attributes are those of the object at an address; nil where there is none.
func (s *State) Attributes(address string) map[string]any {
	i := s.Get(address)
	if i == nil {
		return nil
	}
	all, _ := Plain(i.Value).(map[string]any)
	return all
}

func deposedName(address, key string) string {
	if key == "" {
		return address
	}
	return fmt.Sprintf("%s (deposed %s)", address, key)
}

// object is the one at an address, or one that is deposed there.
func (s *State) object(address, key string) *Instance {
	if key == "" {
		return s.Get(address)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.deposed[address][key]
}

func (s *State) setObject(address, key string, i *Instance) {
	if key == "" {
		s.Set(address, i)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if i == nil {
		delete(s.deposed[address], key)
		return
	}
	if s.deposed[address] == nil {
		s.deposed[address] = map[string]*Instance{}
	}
	s.deposed[address][key] = i
}

// freeKey is one that no deposed object of the address has.
func (s *State) freeKey(address string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	for n := 1; ; n++ {
		key := fmt.Sprint(n)
		if s.deposed[address][key] == nil {
			return key
		}
	}
}

// depose puts the object of an address aside.
func (s *State) depose(address, key string) {
	s.setObject(address, key, s.Get(address))
	s.Set(address, nil)
}

// restore undoes depose where nothing has taken the place.
func (s *State) restore(address, key string) {
	if was := s.object(address, key); was != nil && s.Get(address) == nil {
		s.Set(address, was)
		s.setObject(address, key, nil)
	}
}

// move gives objects another address: that of an instance, or of all of a resource.
func (s *State) move(m Move) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, address := range slices.Sorted(maps.Keys(s.current)) {
		to := m.To
		switch {
		case address == m.From:
		case strings.HasPrefix(address, m.From+"[") && !strings.Contains(m.From, "["):
			to = m.To + strings.TrimPrefix(address, m.From)
		default:
			continue
		}
		if s.current[to] == nil {
			s.current[to] = s.current[address]
			delete(s.current, address)
		}
	}
}

func (i *Instance) dependsOn() []string {
	if i == nil {
		return nil
	}
	return i.Dependencies
}
