import ExporterHost
import ExporterProtocol
import Testing

@testable import Gateway

/// Routes that rest are tried again when someone asks for all of them.
@Suite(.timeLimit(.minutes(3))) struct RouteSupervisorsTests {
    // Tells what becomes of the route; there is nothing to feed.
    private struct Witness: RouteFeed {
        let states: AsyncStream<RouteState>
        let teller: AsyncStream<RouteState>.Continuation

        init() { (states, teller) = AsyncStream.makeStream(of: RouteState.self) }

        func extent() async throws -> FeedExtent { FeedExtent(acknowledged: 0, end: 0) }
        func next(after: UInt64, maximumRecords: Int, maximumBytes: Int) async throws -> FeedBatch { FeedBatch([]) }
        func acknowledge(through: UInt64) async throws {}
        func deadLetter(_: FeedRecord, reason: String) async throws {}
        func stateChanged(_ state: RouteState) async { teller.yield(state) }
    }

    private func supervisor(_ feed: Witness) throws -> ExporterSupervisor {
        var route = ExporterRoute(name: "r", command: ExporterCommand("/bin/false"))
        route.restarts.failuresBeforeParking = 1
        route.restarts.parkedInterval = .seconds(86_400)
        return ExporterSupervisor(route: route, feed: feed, gateway: "qiao test", logger: try Scene().logger)
    }

    @Test func parkedRouteIsTriedAgainAtOnce() async throws {
        let supervisors = RouteSupervisors()
        let feed = Witness()
        let supervisor = try supervisor(feed)
        let running = Task { await supervisors.run(supervisor, of: "r") }
        var states = feed.states.makeAsyncIterator()
        for _ in 1...3 {
            // Parked, for a day; started again only because it is asked for.
            while let state = await states.next() {
                guard case .parked = state else { continue }
                break
            }
            supervisors.retryNow()
            let next = await states.next()
            #expect(next == .starting)
        }
        running.cancel()
        await running.value
        // Nobody is left to be asked.
        supervisors.retryNow()
    }
}
