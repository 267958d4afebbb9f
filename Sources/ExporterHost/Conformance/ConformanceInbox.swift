import ExporterProtocol
import Subprocess
import Synchronization

/// What the exporter under test has said and the scenario has not looked at yet.
final class ConformanceInbox: Sendable {
    enum Item: Sendable {
        case frame(ExporterFrame)
        case nothing
        case ended
    }

    private struct State {
        var reader = FrameReader()
        var hasEnded = false
        var expectsCut = false
    }

    /// Signalled when there may be more.
    let latch = Latch()
    private let state = Mutex(State())

    /// Reads until the output ends.
    func read(_ output: SubprocessOutputSequence) async {
        do {
            for try await buffer in output {
                buffer.withUnsafeBytes { raw in
                    // The buffer holds initialised bytes and lives through the closure.
                    let bytes = raw.assumingMemoryBound(to: UInt8.self).span
                    state.withLock { $0.reader.append(bytes) }
                }
                latch.signal()
            }
        } catch {
            // Ends the output like its end.
        }
        state.withLock { $0.hasEnded = true }
        latch.close()
    }

    /// Sets the encoding of what follows Ready.
    func use(_ encoding: FrameEncoding) {
        state.withLock { $0.reader.encoding = encoding }
    }

    /// Tells that the output may end inside a frame.
    func expectCut() {
        state.withLock { $0.expectsCut = true }
    }

    /// The next frame, if it is there.
    func next() throws -> Item {
        try state.withLock { state in
            do {
                if let frame = try state.reader.nextExporterFrame() { return .frame(frame) }
                if state.hasEnded, !state.expectsCut { try state.reader.finish() }
            } catch {
                throw ConformanceFault("its standard output is not made of frames: \(error)")
            }
            return state.hasEnded ? .ended : .nothing
        }
    }
}
