package alibabacloud

import (
	"context"

	"github.com/alibabacloud-go/tea/dara"
	"github.com/aliyun/credentials-go/credentials"
	"golang.org/x/sync/semaphore"
)

// Key is an access key. Token is set where it is a temporary one.
type Key struct{ ID, Secret, Token string }

// keys finds the access key to sign with: the one that was given, or else what
// the official credential chain finds, which renews temporary keys by itself.
type keys struct {
	given Key
	// turn guards chain; unlike a mutex, it is waited for no longer than a context
	// lasts.
	turn  *semaphore.Weighted
	chain credentials.Credential
}

func (k *keys) init(given Key) { k.given, k.turn = given, semaphore.NewWeighted(1) }

func (k *keys) get(ctx context.Context) (Key, error) {
	if k.given.ID != "" {
		return k.given, nil
	}
	if err := k.turn.Acquire(ctx, 1); err != nil {
		return Key{}, err
	}
	type found struct {
		key Key
		err error
	}
	done := make(chan found, 1)
	// The chain may ask the network and knows no context: the caller leaves it
	// behind where its own has ended.
	go func() {
		defer k.turn.Release(1)
		key, err := k.ask()
		done <- found{key, err}
	}()
	select {
	case f := <-done:
		return f.key, f.err
	case <-ctx.Done():
		return Key{}, context.Cause(ctx)
	}
}

// ask asks the chain, which is kept only once it has found something: after a
// failure it would ask nothing but the last of its sources again.
func (k *keys) ask() (Key, error) {
	chain := k.chain
	if chain == nil {
		var err error
		if chain, err = credentials.NewCredential(nil); err != nil {
			return Key{}, err
		}
	}
	model, err := chain.GetCredential()
	if err != nil {
		return Key{}, err
	}
	k.chain = chain
	return Key{
		ID:     dara.StringValue(model.AccessKeyId),
		Secret: dara.StringValue(model.AccessKeySecret),
		Token:  dara.StringValue(model.SecurityToken),
	}, nil
}
