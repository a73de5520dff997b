package access

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"slices"

	"github.com/storage-as-code/terraform-provider-storage/internal/api"
	"github.com/storage-as-code/terraform-provider-storage/internal/entity"
	"github.com/storage-as-code/terraform-provider-storage/internal/infinibox/common"
)

// localUsers stands for the array's own users in the order of repositories.
const localUsers = -1

// UsersRepositoryOrder is the order in which the array looks for a user who logs in.
var UsersRepositoryOrder = entity.Kind{
	System: common.System,
	Name:   "users_repository_order",
	Noun:   "order of users repositories",
	Path:   repositories,
	Doc: "The order in which the array looks for a user who logs in: the first of the repositories that knows the name is the one that is asked for the password. There is one such resource. " +
		"What it does not name comes after what it names, and is left in its order. Destroying it puts back the order that there was before.",
	Presence: entity.Only,
	Identity: entity.Identity{Refers: map[string][]string{"repository_ids": {"users_repository"}}},
	Reading:  entity.Reading{Find: findOrder},
	Planning: entity.Planning{Check: checkOrder},
	Explain:  explainOrder,
	Facts: entity.Facts{
		entity.FixedID("users_repository_order"),
		entity.IntegerList("repository_ids").Required().NotEmpty().ChangedBy(setOrder).
			Doc("The ids of the repositories, the first one first. `-1` stands for the array's own users."),
	},
}

// findOrder reads the order of the repositories that v names; of all where it names none.
func findOrder(ctx context.Context, s *entity.Session, v entity.Values) (api.Object, error) {
	var found []api.Object
	for o, err := range s.Client.List(ctx, repositories, api.Query{Fields: []string{"id", "search_order"}}) {
		if err != nil {
			return nil, err
		}
		found = append(found, o)
	}
	order := orderOf(found)
	if v.Known("repository_ids") {
		named := v.Ints("repository_ids")
		order = slices.DeleteFunc(order, func(id int64) bool { return !slices.Contains(named, id) })
	}
	ids := make([]any, len(order))
	for i, id := range order {
		ids[i] = id
	}
	return api.Object{"repository_ids": ids}, nil
}

// orderOf sorts repositories by their places. The place that none of them has is that of
// the array's own users.
func orderOf(found []api.Object) []int64 {
	type placed struct{ place, id int64 }
	var all []placed
	for _, o := range found {
		place, placeErr := common.Number(o["search_order"])
		id, idErr := common.Number(o["id"])
		if placeErr == nil && idErr == nil {
			all = append(all, placed{place, id})
		}
	}
	slices.SortFunc(all, func(a, b placed) int { return cmp.Compare(a.place, b.place) })
	local := len(all)
	order := make([]int64, len(all), len(all)+1)
	for i, r := range all {
		order[i] = r.id
		if r.place > int64(i) {
			local = min(local, i)
		}
	}
	return slices.Insert(order, local, int64(localUsers))
}

func setOrder(_ string, after entity.Values) api.Request {
	return api.Request{Method: http.MethodPost, Path: repositories + "/set_order", Body: after.Ints("repository_ids")}
}

func checkOrder(_ context.Context, p *entity.Plan) {
	if p.After == nil {
		return
	}
	named := p.After.Ints("repository_ids")
	for i, id := range named {
		switch {
		case slices.Contains(named[:i], id):
			p.Refuse("repository_ids", "A repository is named twice", fmt.Sprintf("Name %d once.", id))
			return
		case id < 1 && id != localUsers:
			p.Refuse("repository_ids", "That is no repository", fmt.Sprintf("%d is no id of a repository; -1 stands for the array's own users.", id))
			return
		}
	}
}

// explainOrder says which of the repositories are not there.
func explainOrder(ctx context.Context, s *entity.Session, order entity.Values, err error) string {
	if api.CodeOf(err) != "USERS_REPOSITORY_NOT_FOUND" {
		return ""
	}
	var missing []string
	for _, id := range order.Ints("repository_ids") {
		if id == localUsers {
			continue
		}
		if _, err := s.Client.Read(api.Fresh(ctx), repositories, fmt.Sprint(id), []string{"id"}); api.ReasonOf(err) == api.NotFound {
			missing = append(missing, fmt.Sprint(id))
		}
	}
	if len(missing) == 0 {
		return ""
	}
	return "There is no repository with the id " + common.Few(missing) + ". Take it out of repository_ids, or name it by its resource's id."
}
