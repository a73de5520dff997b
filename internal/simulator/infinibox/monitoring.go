package infinibox

// monitoring is what the array tells of itself, and whom.
type monitoring struct {
	events     *collection
	eventTypes map[string]*eventType // by code
	lastEvent  int
	actor      Object // the user whose request is being carried out; nil while the array acts by itself

	alertTargets, alertRules *collection
	outbox                   outbox // of notifications

	filters    map[int]*metricFilter // by their ids, as the next
	collectors map[int]*collector
	lastHandle int
}

// addMonitoring makes its collections, with what every array has of them.
func (a *Array) addMonitoring() {
	a.events = newEvents()
	a.alertTargets, a.alertRules = newTargets(), newRules()
	a.collections = append(a.collections, a.events, a.alertTargets, a.alertRules)
	a.addBuiltInTargets()
	a.filters, a.collectors = map[int]*metricFilter{}, map[int]*collector{}
}

func (a *Array) monitoringRoutes(r router) {
	a.eventRoutes(r)
	a.notificationRoutes(r)
	a.metricRoutes(r)
}
