import Journal

// The journal's module is called like its main type, so its other types cannot be named by module where another module
// has the same word.

/// What a filing means for the records that are in the journal.
typealias JournalDelivery = Delivery
/// What a route is doing, as the journal keeps it.
typealias JournalRouteState = RouteState
/// A control total, as the journal keeps it.
typealias JournalControlTotal = ControlTotalResult
/// The mapping of a filing, as the journal keeps it.
typealias JournalMappingReference = MappingReference
