public import ExporterProtocol

/// Where a route stands, for status pages and logs.
public enum RouteState: Sendable, Hashable {
    /// The exporter is being started.
    case starting
    /// Records flow to this exporter.
    case running(name: String, version: String)
    /// The exporter failed and is started again after this time.
    case backingOff(SessionFailure, for: Duration)
    /// Starting again is not expected to help. It is tried at long intervals, and on request.
    case parked(SessionFailure, nextTry: Duration)
    /// The exporter is being asked to finish.
    case stopping
    /// The route has ended, as it was asked to.
    case stopped

    /// One word: `starting`, `running`, `backing-off`, `parked`, `stopping`, `stopped`.
    public var name: String {
        switch self {
        case .starting: "starting"
        case .running: "running"
        case .backingOff: "backing-off"
        case .parked: "parked"
        case .stopping: "stopping"
        case .stopped: "stopped"
        }
    }

    /// Why the route does not run, where it does not.
    public var failure: SessionFailure? {
        switch self {
        case .backingOff(let failure, _), .parked(let failure, _): failure
        case .starting, .running, .stopping, .stopped: nil
        }
    }
}
