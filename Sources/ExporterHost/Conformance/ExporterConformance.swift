import ExporterProtocol

/// Runs an exporter through the scenarios of the protocol, whatever it is written in.
///
/// The exporter is started once or twice for each scenario, as the gateway would, and writes the test records to wherever
/// it writes: give it a place for that. Positions ascend through the whole run.
public struct ExporterConformance: Sendable {
    private let command: ExporterCommand
    private let settings: [String: String]
    private let patience: Duration
    private let clock: HostClock

    /// Prepares a run.
    ///
    /// - Parameters:
    ///   - command: The exporter.
    ///   - settings: What a route's settings would say.
    ///   - patience: How long each single answer may take.
    ///   - clock: Measures it.
    public init(
        command: ExporterCommand, settings: [String: String] = [:], patience: Duration = .seconds(10),
        clock: some Clock<Duration> = ContinuousClock()
    ) {
        self.command = command
        self.settings = settings
        self.patience = patience
        self.clock = HostClock(clock)
    }

    /// The names of all scenarios, in the order in which they run.
    public static var scenarios: [String] { ConformanceScenario.allCases.map(\.rawValue) }

    /// Runs all scenarios.
    ///
    /// - Parameter report: Called after each one.
    /// - Returns: All results. The exporter conforms when none of them ``ConformanceResult/isFailure``.
    public func run(report: (ConformanceResult) -> Void = { _ in }) async -> [ConformanceResult] {
        IgnoredPipeSignal.install()
        var positions = ConformancePositions()
        var results: [ConformanceResult] = []
        for scenario in ConformanceScenario.allCases {
            let result = await result(of: scenario, &positions)
            report(result)
            results.append(result)
            // An exporter that cannot be started fails everything in the same way.
            if scenario == .handshake, result.isFailure { break }
        }
        return results
    }

    private func result(
        of scenario: ConformanceScenario, _ positions: inout ConformancePositions
    ) async -> ConformanceResult {
        let stage = ConformanceStage(command: command, settings: settings, patience: patience, clock: clock)
        do {
            try await scenario.run(on: stage, &positions)
            return ConformanceResult(scenario: scenario.rawValue, title: scenario.title, outcome: .passed)
        } catch let skip as ConformanceSkip {
            return ConformanceResult(
                scenario: scenario.rawValue, title: scenario.title, outcome: .skipped(skip.reason))
        } catch {
            return ConformanceResult(scenario: scenario.rawValue, title: scenario.title, outcome: .failed("\(error)"))
        }
    }
}

/// What one scenario came to.
public struct ConformanceResult: Sendable, Hashable, CustomStringConvertible {
    /// How it ended.
    public enum Outcome: Sendable, Hashable {
        /// As the protocol wants it.
        case passed
        /// Not so, and why.
        case failed(String)
        /// It does not apply, and why.
        case skipped(String)
    }

    /// The scenario's name, such as `big-record`.
    public var scenario: String
    /// What it expects, in one sentence.
    public var title: String
    /// How it ended.
    public var outcome: Outcome

    /// Whether the exporter does not conform.
    public var isFailure: Bool { if case .failed = outcome { true } else { false } }

    /// One line: `pass handshake: …`, `FAIL stop: …: reason`, `skip resume: …: reason`.
    public var description: String {
        switch outcome {
        case .passed: "pass \(scenario): \(title)"
        case .failed(let reason): "FAIL \(scenario): \(title): \(reason)"
        case .skipped(let reason): "skip \(scenario): \(title): \(reason)"
        }
    }
}
