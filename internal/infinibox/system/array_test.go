package system_test

import (
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/storage-as-code/terraform-provider-storage/internal/acctest"
	simulator "github.com/storage-as-code/terraform-provider-storage/internal/simulator/infinibox"
)

const (
	systemType = "storage_infinibox_system"
	usual      = 22517998137507840 // the virtual capacity that an array begins with
	physical   = 9007199255003136
)

// present is what an array is: its name, virtual capacity and maintenance.
func present(b *acctest.InfiniBox) string {
	o := b.Must("GET", "system", nil)
	mode := b.Must("GET", "system/power_maintenance_mode", nil)
	return fmt.Sprint(o["name"], " ", o["capacity"].(map[string]any)["total_virtual_capacity"], " ", mode["in_maintenance"], " ", mode["duration_seconds"])
}

func systemOfTheFaults(t *testing.T) acctest.Suite {
	return acctest.Suite{
		Lab: asSupport(t, ""), Type: systemType, Permanent: true,
		Least: acctest.Attrs{"name": "faulty"},
		Most:  acctest.Attrs{"name": "faultless", "total_virtual_capacity": "20PB", "power_maintenance_mode": true, "power_maintenance_duration": "1h"},
	}
}

// The array is taken over, changed attribute by attribute, healed and given back.
func TestAccSystem(t *testing.T) {
	t.Parallel()
	b := asSupport(t, "")
	server := acctest.NewServer(t, b)
	config := acctest.Attrs{"name": "ibox1"}
	state, identity := server.Create(systemType, config)
	if state["total_virtual_capacity"] != fmt.Sprint(usual) || state["power_maintenance_mode"] != false || fmt.Sprint(state["serial_number"]) != "4711" {
		t.Errorf("the state is %v", state)
	}
	for _, change := range []struct {
		to   acctest.Attrs
		sent string
		is   string
	}{
		{acctest.Attrs{"name": "ibox2"}, "PUT /api/rest/system/name", "ibox2 22517998137507840 false 0"},
		{acctest.Attrs{"total_virtual_capacity": "20PB"}, "PUT /api/rest/system/capacity/total_virtual_capacity", "ibox2 20000000000000000 false 0"},
		{acctest.Attrs{"total_virtual_capacity": "30PB"}, "PUT /api/rest/system/capacity/total_virtual_capacity", "ibox2 30000000000000000 false 0"},
		{acctest.Attrs{"power_maintenance_mode": true, "power_maintenance_duration": "45m"}, "PUT /api/rest/system/power_maintenance_mode", "ibox2 30000000000000000 true 2700"},
		{acctest.Attrs{"power_maintenance_duration": "90m"}, "", "ibox2 30000000000000000 true 2700"},
		{acctest.Attrs{"power_maintenance_mode": false}, "PUT /api/rest/system/power_maintenance_mode", "ibox2 30000000000000000 false 0"},
		{acctest.Attrs{"name": nil, "power_maintenance_mode": nil, "power_maintenance_duration": nil}, "", "ibox2 30000000000000000 false 0"},
	} {
		config = config.With(change.to)
		b.Sent()
		server.Again()
		state, identity = server.Apply(systemType, state, identity, config)
		var changes []string
		for _, request := range b.Sent() {
			if !strings.HasPrefix(request, "GET") {
				changes = append(changes, strings.TrimSuffix(request, " approved=yes"))
			}
		}
		if strings.Join(changes, ", ") != change.sent || present(b) != change.is {
			t.Errorf("%v sent %v, and the array is %s, want %s and %s", change.to, changes, present(b), change.sent, change.is)
		}
	}
	imported, _, problems := server.Import(systemType, "system", nil)
	read, _ := server.Read(systemType, imported, identity)
	if problems.Failed() || read["name"] != "ibox2" || read["power_maintenance_mode"] != false || read["power_maintenance_duration"] != nil {
		t.Errorf("import finds %v %s", read, problems)
	}
}

// What is dangerous is told at plan, also of an array that is only taken over; what others
// do is healed; the mode ends by itself and is entered again; all is given back.
func TestAccSystemStory(t *testing.T) {
	t.Parallel()
	b := asSupport(t, "")
	cli := acctest.NewCLI(t)
	provider := b.Provider(nil)
	array := func(arguments acctest.Attrs) string { return resource("system", "this", arguments) }
	yes, nothing := acctest.Attrs{"approved": true}, map[string]string{}
	update := map[string]string{systemType + ".this": "update"}

	more, on := acctest.Attrs{"total_virtual_capacity": "30PB"}, acctest.Attrs{"power_maintenance_mode": true, "power_maintenance_duration": "1h"}
	cli.Plan(provider, array(more)).Refuses(t, "Raising the virtual capacity of the system from", "vendor's support has to agree", "approved = true")
	cli.Plan(provider, array(on)).Refuses(t, "Entering the power maintenance mode", "does nothing of its own")
	cli.Plan(provider, array(acctest.Attrs{"total_virtual_capacity": "5PB"})).Refuses(t, "below the physical one", "9007199255003136")
	cli.Apply(provider, array(acctest.Attrs{"name": "ibox1", "total_virtual_capacity": usual, "power_maintenance_mode": false})).Succeeds(t)
	base := acctest.Attrs{"name": "ibox1"}
	cli.Plan(provider, array(base.With(more))).Refuses(t, "Changing total_virtual_capacity", "vendor's support has to agree")
	cli.Plan(provider, array(base.With(on))).Refuses(t, "Changing power_maintenance_mode", "does nothing of its own")
	all := base.With(more).With(on).With(yes)
	cli.Apply(provider, array(all)).Succeeds(t).Warns(t, "vendor's support has to agree").Warns(t, "does nothing of its own")
	cli.Plan(provider, array(all)).Succeeds(t).Plans(t, nothing)
	cli.Plan(provider, array(base.With(more))).Succeeds(t).Plans(t, update) // forgets the approval alone
	cli.Plan(provider, array(base.With(acctest.Attrs{"power_maintenance_mode": false}))).Refuses(t, "nodes that batteries do not protect are shut down")

	b.Must("PUT", "system/name", "drifted")
	cli.Apply(provider, array(all)).Succeeds(t).Plans(t, update)
	b.Simulator.Advance(2 * time.Hour)
	cli.Apply(provider, array(all)).Succeeds(t).Plans(t, update)
	if is := present(b); is != "ibox1 30000000000000000 true 3600" {
		t.Errorf("the array is %s", is)
	}
	other := acctest.NewCLI(t)
	other.Write(provider, array(all))
	if err := other.Import(systemType+".this", "system"); err != nil {
		t.Fatal(err)
	}
	without := maps.Clone(all)
	delete(without, "power_maintenance_duration") // which nothing tells
	delete(without, "approved")
	other.Plan(provider, array(without)).Succeeds(t).Plans(t, nothing)
	cli.Apply(provider, array(all.With(acctest.Attrs{"approved": false}))).Succeeds(t)
	cli.Plan(provider).Refuses(t, "Giving back power_maintenance_mode", "nodes that batteries do not protect are shut down")
	cli.Apply(provider, array(all)).Succeeds(t)
	cli.Apply(provider).Succeeds(t).Warns(t, "Giving back power_maintenance_mode")
	if is := present(b); is != "before 22517998137507840 false 0" {
		t.Errorf("given back, the array is %s", is)
	}
}

// What cannot be is refused, in the plan where that can know it, and says what to do.
func TestAccSystemRefusals(t *testing.T) {
	t.Parallel()
	b := asSupport(t, `{"unprotected_nodes":1}`)
	cli := acctest.NewCLI(t)
	array := func(arguments acctest.Attrs) string {
		return resource("system", "this", acctest.Attrs{"approved": true}.With(arguments))
	}
	for want, arguments := range map[string]acctest.Attrs{
		"1 to 65 characters":         {"name": ""},
		"characters that are not":    {"name": "a/b"},
		"not a capacity":             {"total_virtual_capacity": "much"},
		"below the physical one":     {"total_virtual_capacity": physical - 512},
		"no whole number of seconds": {"power_maintenance_duration": "1500ms"},
	} {
		cli.Plan(b.Provider(nil), array(arguments)).Refuses(t, want)
	}
	cli.Apply(b.Provider(nil), array(acctest.Attrs{"total_virtual_capacity": "1EB"})).Refuses(t, "MAX_SYSTEM_VIRTUAL_CAPACITY_LIMIT", "Ask for less")
	b.Create("pools", map[string]any{"name": "p", "physical_capacity": 1000000000000, "virtual_capacity": 12000000000000000})
	cli.Apply(b.Provider(nil), array(acctest.Attrs{"total_virtual_capacity": "10PB"})).Refuses(t, "SYSTEM_VIRTUAL_CAPACITY_LESS_THAN_USED", "Lower their virtual capacities first")

	on := array(acctest.Attrs{"power_maintenance_mode": true})
	off := acctest.Attrs{"power_maintenance_mode": false}
	cli.Apply(b.Provider(acctest.Attrs{"username": "admin"}), on).Refuses(t, "UNAUTHORIZED", "roles INFINIDAT and TECHNICIAN")
	cli.Apply(b.Provider(nil), on).Succeeds(t)
	cli.Apply(b.Provider(nil), array(off)).Refuses(t, "CANNOT_DISABLE_POWER_MAINTENANCE_MODE_WITHOUT_FORCE", "power_maintenance_force = true")
	cli.Apply(b.Provider(nil), array(off.With(acctest.Attrs{"power_maintenance_force": true}))).Succeeds(t)
}

// An administrator manages the rest, and is told nothing of power maintenance mode.
func TestAccSystemOfAdministrator(t *testing.T) {
	t.Parallel()
	b := acctest.SimulateInfiniBox(t, simulator.Options{})
	server := acctest.NewServer(t, b)
	config := acctest.Attrs{"name": "ibox1"}
	state, identity := server.Create(systemType, config)
	if state["name"] != "ibox1" || state["power_maintenance_mode"] != nil {
		t.Errorf("the state is %v", state)
	}
	server.Again()
	b.Sent()
	server.Apply(systemType, state, identity, config)
	for _, request := range b.Sent() {
		if !strings.HasPrefix(request, "GET") {
			t.Errorf("the second apply sent %s", request)
		}
	}
	if seen, problems := server.Look(systemType, nil); problems.Failed() || seen["power_maintenance_seconds"] != nil || seen["name"] != "ibox1" {
		t.Errorf("the data source has %v %s", seen["power_maintenance_seconds"], problems)
	}
}
