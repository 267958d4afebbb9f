public import FoundationEssentials

/// Where a new route begins.
public enum RouteStart: Sendable, Hashable {
    /// With the first record the journal still has.
    case beginning
    /// With the next record that is committed.
    case end
}

/// How far a route has come.
public struct RouteCursor: Sendable, Hashable {
    /// The route's name in the settings.
    public var route: String
    /// Everything up to this position is done with; 0 before the first record.
    public var position: Int64
    /// How many records the route has selected so far, up to `position`.
    public var selected: Int
    /// How many of them the exporter has acknowledged.
    public var acked: Int
    /// How many became dead letters.
    public var deadLetters: Int
    /// What the route is doing.
    public var state: RouteState
    /// Since when it is doing that.
    public var since: Date

    /// Whether every selected record is accounted for: selected = acked + dead letters.
    public var reconciles: Bool { selected == acked + deadLetters }
}

/// What a route is doing, as it is shown to people.
public struct RouteState: Sendable, Hashable {
    /// The state in one word.
    public enum Condition: String, Sendable, Hashable, CaseIterable {
        /// Known, and its exporter has not been started.
        case idle
        /// Records are forwarded.
        case running
        /// The exporter failed and is started again after a while.
        case waiting
        /// Someone has to look at it.
        case parked
    }

    /// The state in one word.
    public var condition: Condition
    /// Why, without personal data; empty where there is nothing to say.
    public var reason: String

    /// Describes a state.
    public init(_ condition: Condition, reason: String = "") {
        self.condition = condition
        self.reason = reason
    }
}

/// A step forward of one route.
public struct RouteAdvance: Sendable, Hashable {
    /// The route.
    public var route: String
    /// Everything up to this position is done with; never less than the cursor's.
    public var position: Int64
    /// How many more records were selected between the cursor and `position`.
    public var selected: Int
    /// How many of them the exporter acknowledged.
    public var acked: Int
    /// Those it refused for good.
    public var refused: [RefusedRecord]

    /// Describes a step.
    public init(route: String, to position: Int64, selected: Int, acked: Int, refused: [RefusedRecord] = []) {
        self.route = route
        self.position = position
        self.selected = selected
        self.acked = acked
        self.refused = refused
    }
}

/// A route with what it still has before it.
public struct RouteStatus: Sendable, Hashable {
    /// How far it has come.
    public var cursor: RouteCursor
    /// How many positions of the journal are still before it, selected or not.
    public var behind: Int64
    /// When the oldest filing with records before it was committed; `nil` when there is none.
    public var oldestPendingAt: Date?
    /// Dead letters that nobody has dealt with.
    public var openDeadLetters: Int
}
