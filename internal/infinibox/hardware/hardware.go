// Package hardware holds what an InfiniBox stands on: its nodes with their ports and
// drives, enclosures, switches, and the services beside them. Most of it others make: it
// is read, for zoning and for checks of health. Each file is one part of the rack.
package hardware

import (
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
)

// Area is what the provider serves of the hardware.
func Area() entity.Area {
	return entity.Area{Title: "InfiniBox: Hardware", Kinds: Kinds(), Actions: Actions(), Lookups: Lookups()}
}

// Kinds are the entities of this package.
func Kinds() []*entity.Kind {
	return []*entity.Kind{
		&Node, &FCPort, &EthernetPort, &InfiniBandPort, &NodeDrive, &PortGroup,
		&Enclosure, &EnclosureDrive, &EthernetSwitch, &SupportAppliance,
		&FCSwitch, &FCSoftTarget, &ExternalService,
	}
}

// Actions are what is done to the rack once, and leaves no state of its own.
func Actions() []*entity.Action {
	return []*entity.Action{&nodePhaseIn, &nodePhaseOut, &drivePhaseIn, &drivePhaseOut, &driveTest, &deleteSwitch}
}

// Lookups are the questions about the hardware that no entity answers.
func Lookups() []*entity.Lookup { return []*entity.Lookup{&Components, &driveHardware} }
