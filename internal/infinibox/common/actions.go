package common

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
)

// Overwrite is an action that overwrites the data of a target with a source's. The array
// restores nothing that is replicated, which the plan tells.
func Overwrite(what, collection, verb, target, targetDoc, source, sourceDoc, doc, danger string) *entity.Action {
	return &entity.Action{
		System: System, Name: what + "_" + verb, Doc: doc, Danger: danger,
		Loses: func(ctx context.Context, s *entity.Session, v entity.Values) []string {
			if verb != "restore" || !v.Known(target) {
				return nil
			}
			return ReplicatedFirst(ctx, s, collection, v.ID(target), "restores")
		},
		Arguments: entity.Facts{
			entity.Ref(target).Required().Doc("The id of " + targetDoc + "."),
			entity.Ref(source).Required().Doc("The id of " + sourceDoc + "."),
		},
		Doing: func(v entity.Values) string {
			return fmt.Sprintf("Overwriting %s %d with the data of %s %d", spaced(target), v.Int(target), spaced(source), v.Int(source))
		},
		Request: func(v entity.Values) api.Request {
			return api.Request{
				Method: http.MethodPost, Path: api.Path(collection, v.Int(target), verb),
				Body: api.Object{"source_id": v.Int(source)},
			}
		},
	}
}

// Promote is an action that makes of a snapshot what it is a snapshot of.
func Promote(what, collection, target, targetDoc, doc, danger string) *entity.Action {
	return &entity.Action{
		System: System, Name: what + "_promote", Doc: doc, Danger: danger,
		Arguments: entity.Facts{entity.Ref(target).Required().Doc("The id of " + targetDoc + ".")},
		Doing:     func(v entity.Values) string { return fmt.Sprintf("Promoting %s %d", spaced(target), v.Int(target)) },
		Request: func(v entity.Values) api.Request {
			return api.Request{Method: http.MethodPost, Path: api.Path(collection, v.Int(target), "promote")}
		},
	}
}

// spaced is the thing that an id attribute names, in a sentence: "snapshot group".
func spaced(attribute string) string {
	return strings.ReplaceAll(strings.TrimSuffix(attribute, "_id"), "_", " ")
}
