package alibabacloud

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
	"github.com/storage-as-code/terraform-provider-storage/internal/remote"
)

const (
	describeScanTask = "DescribeScanTaskProgress"

	// The words of a task that has ended.
	success = "Success"
	failed  = "Failed"

	defaultPollInterval = 2 * time.Second
	// slowestPoll is how many times the first wait the longest is.
	slowestPoll = 15
)

// ScanTask is a virus scan of servers.
var ScanTask = entity.Lookup{
	System: service.Block,
	Name:   "virus_scan_task",
	What:   "virus scan task",
	Doc: "A virus scan task of Alibaba Cloud Security Center: how far it is and what it scans. With `wait_for_completion` it is read only once the scan has ended, and a scan that failed is an error.\n\n" +
		"The access key's user needs the RAM action `yundun-sas:" + describeScanTask + "`.",
	Timeout: 30 * time.Minute,
	Arguments: entity.Facts{
		entity.Integer("task_id").Required().Positive().
			Doc("The id of the task, as the operation that started it has returned it."),
		entity.Bool("wait_for_completion").Optional().
			Doc("Whether to wait until the task has ended, for as long as `timeouts` allows. A task that failed is then an error; otherwise `progress` tells."),
	},
	Facts: entity.Facts{
		entity.Text("progress").Field("ScanTaskProgress").
			Doc("`init` (it is being prepared), `Processing` (it is at work), `Success` (it is done) or `Failed`."),
		entity.Records("targets", entity.Facts{
			entity.Text("type").Doc("`uuid` for a server, `groupId` for a group of servers."),
			entity.Text("name").Doc("The name of the server or the group."),
			entity.Text("target").Doc("The UUID of the server, or the id of the group."),
		}).Doc("What the task scans."),
		entity.Text("request_id").Field("RequestId").
			Doc("The id of the request that was answered, for Alibaba Cloud's support. Each reading has another."),
	},
	Ask: askScanTask,
}

func askScanTask(ctx context.Context, s *entity.Session, arguments entity.Values) (api.Object, error) {
	client, id := s.Own.(*Client), arguments.Int("task_id")
	if arguments.Bool("wait_for_completion") {
		return client.completed(ctx, id)
	}
	return client.scanTask(ctx, id)
}

// scanTask reads a task.
func (c *Client) scanTask(ctx context.Context, id int64) (api.Object, error) {
	answer, err := c.call(ctx, describeScanTask, map[string]string{"TaskId": strconv.FormatInt(id, 10)})
	if err != nil {
		return nil, err
	}
	answer["targets"], err = targetsIn(answer["TargetInfo"])
	return answer, err
}

// targetsIn reads the targets, which come as a text that is JSON in itself.
func targetsIn(info any) (any, error) {
	text, ok := info.(string)
	if !ok || strings.TrimSpace(text) == "" {
		return nil, nil
	}
	d := json.NewDecoder(bytes.NewReader([]byte(text)))
	d.UseNumber()
	var targets []any
	if d.Decode(&targets) != nil {
		return nil, &api.Error{Operation: describeScanTask, Message: "the service's TargetInfo is not a list in JSON"}
	}
	return targets, nil
}

// completed reads a task once it has ended. It looks at it less and less often,
// for as long as the context lasts.
func (c *Client) completed(ctx context.Context, id int64) (api.Object, error) {
	timer := time.NewTimer(0)
	defer timer.Stop()
	progress := ""
	for wait := c.pollInterval; ; wait = min(wait*3/2, slowestPoll*c.pollInterval) {
		task, err := c.scanTask(ctx, id)
		if err != nil {
			if progress != "" && ctx.Err() != nil {
				return nil, unfinished(ctx, id, progress)
			}
			return nil, err
		}
		progress, _ = task["ScanTaskProgress"].(string)
		switch progress {
		case success:
			return task, nil
		case failed:
			return nil, taskFailed(id, task)
		}
		// Tasks that are looked at together drift apart.
		timer.Reset(wait - rand.N(wait/4+1))
		select {
		case <-ctx.Done():
			return nil, unfinished(ctx, id, progress)
		case <-timer.C:
		}
	}
}

// unfinished is the end of the wait before that of the task.
func unfinished(ctx context.Context, id int64, progress string) error {
	v := &api.VerdictError{
		Summary: fmt.Sprintf("Waiting for virus scan task %d was stopped", id),
		Detail:  fmt.Sprintf("Its progress is %s, and the scan goes on: run the same command again to go on waiting.", progress),
	}
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		v.Summary = fmt.Sprintf("Virus scan task %d has not ended in time", id)
		v.Detail += " If scans take longer, raise read in the data source's timeouts."
	}
	return v
}

func taskFailed(id int64, task api.Object) error {
	return &api.VerdictError{
		Summary: fmt.Sprintf("Virus scan task %d has failed", id),
		Detail: fmt.Sprintf("It was to scan %s. Why it failed, Security Center's console tells, or Alibaba Cloud's support, given the request id %v. "+
			"Start another task and set task_id to its id.\n\nWithout wait_for_completion, a task that failed is read without an error.", named(task["targets"]), task["RequestId"]),
	}
}

// named are targets in a sentence: "host001 (uuid 503201a7-…)".
func named(targets any) string {
	var names []string
	list, _ := targets.([]any)
	for _, member := range list {
		target, _ := member.(api.Object)
		names = append(names, remote.Clean(fmt.Sprintf("%v (%v %v)", target["name"], target["type"], target["target"])))
	}
	if len(names) == 0 {
		return "nothing that the service names"
	}
	return strings.Join(names, ", ")
}
