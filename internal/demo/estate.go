package main

import (
	"errors"
	"strings"

	"github.com/storage-as-code/terraform-provider-storage/internal/simulator/alibabacloud"
	"github.com/storage-as-code/terraform-provider-storage/internal/simulator/infinibox"
	"github.com/storage-as-code/terraform-provider-storage/internal/simulator/ontap"
	"github.com/storage-as-code/terraform-provider-storage/internal/simulator/unitrends"
)

// estate is one simulated system of each kind, and the environment by which the
// provider finds them.
type estate struct {
	array       array
	environment []string
	names       []string
	closers     []func() error
}

const username, password = "admin", "123456"

// scannedSVM is an SVM whose files are scanned already, by one scanner.
const scannedSVM = `{
	"svms": [{"name": "vs1", "uuid": "86fbc414-140d-11dc-8e0c-a36e5f3a9f4e", "vscan_enabled": true}],
	"requests": [{"method": "POST", "path": "protocols/vscan/86fbc414-140d-11dc-8e0c-a36e5f3a9f4e/scanner-pools", "body": {
		"name": "first", "servers": ["10.20.0.10"], "privileged_users": ["example\\svc-vscan"], "role": "primary"
	}}]
}`

func newEstate() (*estate, error) {
	e := &estate{}
	box, err := infinibox.New(infinibox.Options{Username: username, Password: password, TLS: true})
	if err != nil {
		return e, err
	}
	e.array = array{box}
	e.add("InfiniBox", box)

	cluster, err := ontap.New(ontap.Options{Username: username, Password: password, TLS: true, Seed: []byte(scannedSVM)})
	if err != nil {
		return e, err
	}
	e.add("ONTAP", cluster)

	appliance, err := unitrends.New(unitrends.Options{Username: username, Password: password, TLS: true})
	if err != nil {
		return e, err
	}
	e.add("Unitrends", appliance)

	cloud, err := alibabacloud.New(alibabacloud.Options{AccessKeyID: username, AccessKeySecret: password, TLS: true})
	if err != nil {
		return e, err
	}
	e.add("AlibabaCloud", cloud)
	e.environment = append(e.environment,
		"ALIBABACLOUD_REGION=cn-hangzhou",
		"ALIBABACLOUD_ACCESS_KEY_ID="+username,
		"ALIBABACLOUD_ACCESS_KEY_SECRET="+password,
		"ALIBABACLOUD_POLL_INTERVAL=10ms",
	)
	return e, nil
}

// add takes a system in, under the name that begins its variables.
func (e *estate) add(name string, system interface {
	URL() string
	CACertificate() string
	Close() error
}) {
	prefix := strings.ToUpper(name) + "_"
	e.names = append(e.names, name)
	e.closers = append(e.closers, system.Close)
	e.environment = append(e.environment,
		prefix+"ENDPOINT="+system.URL(),
		prefix+"CA_CERTIFICATE="+system.CACertificate(),
		prefix+"USERNAME="+username,
		prefix+"PASSWORD="+password,
	)
}

func (e *estate) String() string { return strings.Join(e.names, ", ") }

func (e *estate) close() error {
	var errs []error
	for _, closer := range e.closers {
		errs = append(errs, closer())
	}
	return errors.Join(errs...)
}
