package network

import (
	"encoding/binary"
	"fmt"
	"net/netip"
	"strings"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox/common"
)

// checkNetwork refuses what is no network in CIDR notation.
func checkNetwork(text string) error {
	prefix, err := netip.ParsePrefix(text)
	switch {
	case err != nil && !strings.Contains(text, "/"):
		return fmt.Errorf("%q does not say how long the network is: write it such as \"192.168.11.0/24\"", text)
	case err != nil || !prefix.Addr().Is4() || prefix.Bits() == 0:
		return fmt.Errorf("%q is no IPv4 network: write one such as \"192.168.11.0/24\"", text)
	case prefix.Masked() != prefix:
		return fmt.Errorf("%q is an address within a network: the network is %q", text, prefix.Masked())
	}
	return nil
}

// checkAddress refuses what is no IPv4 address.
func checkAddress(text string) error {
	if address, err := netip.ParseAddr(text); err != nil || !address.Is4() {
		return fmt.Errorf("%q is no IPv4 address: write one such as \"192.168.11.3\"", text)
	}
	return nil
}

// inCIDR is the network that an object tells as an address and a number of bits.
func inCIDR(o api.Object, address, bits string) any {
	network, _ := api.FieldOf(o, address)
	length, _ := api.FieldOf(o, bits)
	if api.IsNothing(network) || length == nil {
		return nil
	}
	return fmt.Sprintf("%v/%v", network, length)
}

// outOfCIDR is a network as the array takes it: its address, and its number of bits.
func outOfCIDR(text any) (address string, bits int) {
	prefix, err := netip.ParsePrefix(fmt.Sprint(text))
	if err != nil {
		return "", 0 // no plan has passed it
	}
	return prefix.Addr().String(), prefix.Bits()
}

// unfit says why a machine cannot have an address in a network; "" where it can.
func unfit(address, network string) string {
	a, err := netip.ParseAddr(address)
	if err != nil {
		return ""
	}
	prefix, err := netip.ParsePrefix(network)
	switch {
	case err != nil:
		return ""
	case !prefix.Contains(a):
		return fmt.Sprintf("%s is not in the network %s.", address, network)
	case prefix.Bits() >= 31: // two ends of a line, which have no other addresses
		return ""
	case a == prefix.Addr():
		return fmt.Sprintf("%s is the address of the network %s itself.", address, network)
	case a == broadcast(prefix):
		return fmt.Sprintf("%s is the broadcast address of the network %s.", address, network)
	}
	return ""
}

// broadcast is the last address of a network.
func broadcast(p netip.Prefix) netip.Addr {
	first := p.Addr().As4()
	last := binary.BigEndian.Uint32(first[:]) | (1<<(32-p.Bits()) - 1)
	var bytes [4]byte
	binary.BigEndian.PutUint32(bytes[:], last)
	return netip.AddrFrom4(bytes)
}

// overlap reports whether two networks have addresses in common.
func overlap(a, b string) bool {
	x, err := netip.ParsePrefix(a)
	y, other := netip.ParsePrefix(b)
	return err == nil && other == nil && x.Overlaps(y)
}

// recordsOf are the objects within a field of an object.
func recordsOf(o api.Object, field string) []api.Object {
	all, _ := o[field].([]any)
	var records []api.Object
	for _, item := range all {
		if record, ok := item.(api.Object); ok {
			records = append(records, record)
		}
	}
	return records
}

// namesOf are the quoted names of objects, a few of them, for a sentence.
func namesOf(objects []api.Object) string { return common.Few(common.QuotedNames(objects)) }
