import ExporterProtocol
import Subprocess

/// What went wrong in a scenario.
struct ConformanceFault: Error, Sendable, CustomStringConvertible {
    var description: String

    init(_ description: String) {
        self.description = description
    }
}

/// Why a scenario does not apply.
struct ConformanceSkip: Error, Sendable {
    var reason: String

    init(_ reason: String) {
        self.reason = reason
    }
}

/// The positions of a whole run, over all its sessions.
struct ConformancePositions: Sendable {
    /// The last that was sent.
    var sent: UInt64 = 0
    /// The last that was acknowledged.
    var acknowledged: UInt64 = 0
    /// What the last Ready said.
    var stored: UInt64?
    var storedEpoch: String?
}

/// Starts the exporter for a scenario and ends it afterwards.
struct ConformanceStage: Sendable {
    /// What the exit status must be.
    enum Status: Sendable {
        case any, zero, failure
    }

    let command: ExporterCommand
    let settings: [String: String]
    let patience: Duration
    let clock: HostClock

    /// Starts the exporter, shakes hands, and lets `scenario` talk with it.
    func play(
        _ positions: inout ConformancePositions, status: Status = .any,
        _ scenario: @Sendable (ConformanceProbe) async throws -> Void
    ) async throws {
        let inbox = ConformanceInbox()
        let before = positions
        let result = try await Subprocess.run(
            try ExporterLaunch.configuration(command, teardown: Self.teardown), input: .inputWriter, output: .sequence,
            error: .discarded
        ) { child -> (ConformancePositions, (any Error)?) in
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await inbox.read(child.standardOutput) }
                let probe = ConformanceProbe(
                    child: child, inbox: inbox, positions: before, settings: settings, patience: patience, clock: clock)
                var failure: (any Error)?
                do {
                    try await probe.greet()
                    try await scenario(probe)
                } catch {
                    failure = error
                }
                try? await child.standardInputWriter.finish()
                await child.teardown(using: Self.teardown)
                try? child.send(signal: .kill, toProcessGroup: true)
                return (probe.positions, failure)
            }
        }
        let failure = result.closureResult.1
        positions = result.closureResult.0
        if let failure {
            guard case .exited(let code) = result.terminationStatus else { throw failure }
            throw ConformanceFault("\(failure); it exited with status \(code)")
        }
        try check(result.terminationStatus, status)
    }

    private static let teardown: [TeardownStep] = [
        .send(signal: .resume, toProcessGroup: true, allowedDurationToNextStep: .seconds(1)),
        .send(signal: .terminate, toProcessGroup: true, allowedDurationToNextStep: .seconds(1)),
    ]

    private func check(_ status: TerminationStatus, _ wanted: Status) throws {
        switch (wanted, status) {
        case (.zero, .exited(0)), (.any, _): return
        case (.zero, .exited(let code)): throw ConformanceFault("it exited with status \(code)")
        case (_, .signaled(let number)): throw ConformanceFault("it was ended by signal \(number)")
        case (.failure, .exited(0)): throw ConformanceFault("it exited with status 0")
        case (.failure, .exited): return
        }
    }
}
