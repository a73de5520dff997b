package acctest

import "github.com/hashicorp/terraform-plugin-go/tfprotov6"

// Invoked is what an action said while and after it did its work.
type Invoked struct {
	Problems
	Progress []string
}

// PlanAction validates and plans an action.
func (s *Server) PlanAction(name string, config Attrs) Problems {
	s.t.Helper()
	server, value := s.action(name, config)
	valid, err := server.ValidateActionConfig(s.t.Context(), &tfprotov6.ValidateActionConfigRequest{ActionType: name, Config: value})
	if err != nil {
		s.t.Fatal(err)
	}
	if len(valid.Diagnostics) > 0 {
		return valid.Diagnostics
	}
	planned, err := server.PlanAction(s.t.Context(), &tfprotov6.PlanActionRequest{ActionType: name, Config: value})
	if err != nil {
		s.t.Fatal(err)
	}
	return planned.Diagnostics
}

// Invoke carries an action out, whatever its plan says.
func (s *Server) Invoke(name string, config Attrs) Invoked {
	s.t.Helper()
	defer s.work("action " + name)()
	server, value := s.action(name, config)
	stream, err := server.InvokeAction(s.t.Context(), &tfprotov6.InvokeActionRequest{ActionType: name, Config: value})
	if err != nil {
		s.t.Fatal(err)
	}
	var said Invoked
	for event := range stream.Events {
		switch e := event.Type.(type) {
		case tfprotov6.ProgressInvokeActionEventType:
			said.Progress = append(said.Progress, e.Message)
		case tfprotov6.CompletedInvokeActionEventType:
			said.Problems = e.Diagnostics
		}
	}
	return said
}

func (s *Server) action(name string, config Attrs) (tfprotov6.ActionServer, *tfprotov6.DynamicValue) {
	s.t.Helper()
	server, ok := s.server.(tfprotov6.ActionServer)
	if !ok || s.schema.ActionSchemas[name] == nil {
		s.t.Fatalf("there is no action %s", name)
	}
	return server, s.value(s.schema.ActionSchemas[name].Schema.ValueType(), config)
}
