extension ExporterSession {
    mutating func received(_ ready: ExporterReady, at now: Duration) -> [SessionAction] {
        guard phase == .greeting else {
            return violation("Ready came twice")
        }
        guard ready.protocolVersion == start.protocolVersion else { return end(versionMismatch(ready)) }
        guard let encoding = FrameEncoding(rawValue: ready.encoding) else { return end(unknownEncoding(ready)) }
        let resume = ready.stored ?? extent.acknowledged
        if let failure = positionFailure(ready, resume: resume) { return end(failure) }
        run(after: resume, window: granted(to: ready), at: now)
        var actions: [SessionAction] = [.begin(ready, encoding: encoding, resumeAfter: resume)]
        if resume > extent.acknowledged {
            // Its data is safe: the acknowledgement was lost, the position was not.
            settle(through: resume, at: now)
            actions.append(.acknowledge(through: resume))
        }
        return actions
    }

    private func granted(to ready: ExporterReady) -> SessionWindow {
        func lesser(_ asked: Int, _ ours: Int) -> Int { asked > 0 ? min(asked, ours) : ours }
        return SessionWindow(
            records: lesser(ready.window.records, rules.window.records),
            bytes: lesser(ready.window.bytes, rules.window.bytes))
    }

    private func versionMismatch(_ ready: ExporterReady) -> SessionFailure {
        let theirs = Self.naming(ready)
        return SessionFailure(
            .versionMismatch,
            "\(start.gateway) speaks version \(start.protocolVersion) of the exporter protocol, \(theirs) speaks version "
                + "\(ready.protocolVersion)",
            advice: "upgrade the one that is older", restartHelps: false)
    }

    private func unknownEncoding(_ ready: ExporterReady) -> SessionFailure {
        let known = FrameEncoding.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: " or ")
        return SessionFailure(
            .versionMismatch,
            "\(Self.naming(ready)) chose the encoding \"\(ready.encoding.prefix(40))\", \(start.gateway) knows \(known)",
            restartHelps: false)
    }

    private func positionFailure(_ ready: ExporterReady, resume: UInt64) -> SessionFailure? {
        if let reason = foreignness(of: ready) {
            return SessionFailure(
                .exporterAhead, "\(Self.naming(ready)) has stored position \(resume), but \(reason)",
                advice: "this journal is not the one that fed it, or an older copy; restore the journal, or give the "
                    + "exporter an empty place to write to",
                restartHelps: false)
        }
        if resume < extent.acknowledged, resume + 1 < extent.oldest {
            return SessionFailure(
                .exporterBehind,
                "\(Self.naming(ready)) has stored position \(resume), but the journal begins at \(extent.oldest)",
                advice: "restore the exporter's data, or let it forget its position to go on from "
                    + "\(extent.acknowledged)",
                restartHelps: false)
        }
        return nil
    }

    // Why what the exporter has stored did not come from this journal as it is; nil when it did, as far as can be told.
    private func foreignness(of ready: ExporterReady) -> String? {
        guard let stored = ready.stored, stored > 0 else { return nil }
        if stored > extent.end, stored > extent.acknowledged { return "the journal ends at \(extent.end)" }
        // The same number in another history of the journal is another record.
        guard let epoch = ready.storedEpoch, let epochs = extent.epochs, epoch != epochs.current else { return nil }
        guard let end = epochs.ends[epoch] else { return "in an epoch that the journal does not know" }
        return stored > end ? "the journal ended at \(end) in that epoch" : nil
    }

    private static func naming(_ ready: ExporterReady) -> String {
        let name = ready.name.isEmpty ? "an exporter without a name" : String(ready.name.prefix(80))
        return ready.version.isEmpty ? name : "\(name) \(ready.version.prefix(40))"
    }
}
