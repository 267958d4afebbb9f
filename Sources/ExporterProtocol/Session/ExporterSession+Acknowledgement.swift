extension ExporterSession {
    mutating func acknowledged(_ position: UInt64, at now: Duration) -> [SessionAction] {
        guard position > 0 else { return violation("an Ack names no position") }
        // The same again says nothing new; it is the natural answer to a Flush when all is safe already.
        if position == settled { return [] }
        guard position > settled else {
            return violation("Ack went back from \(settled) to \(position)")
        }
        guard position <= lastSent else {
            return violation("Ack names position \(position), but the last that was sent is \(lastSent)")
        }
        guard underWay.contains(position) else {
            return violation("Ack names position \(position), which was never sent")
        }
        // What comes after a record that stops the route is sent again together with it.
        if let barrier, position >= barrier { return [] }
        underWay.settle(through: position)
        return settleFront(from: position, at: now)
    }

    mutating func rejected(_ rejection: RecordRejection, at now: Duration) -> [SessionAction] {
        let position = rejection.position
        guard position > settled else {
            return violation("Reject names position \(position), but everything to \(settled) is settled")
        }
        guard let record = underWay.record(at: position) else {
            return violation("Reject names position \(position), which is not under way")
        }
        let reason = String(rejection.reason.prefix(500))
        if rejection.retry {
            return stop(
                at: position,
                because: SessionFailure(
                    .retryLater, "the record at position \(position) is to be sent again: \(reason)"))
        }
        guard rules.refusal == .deadLetter else {
            return stop(
                at: position,
                because: SessionFailure(
                    .refused, "the record at position \(position) was refused: \(reason)",
                    advice: "mend the exporter or what it writes to, then try the route at once with systemctl reload",
                    restartHelps: false))
        }
        underWay.refuse(position)
        return [.deadLetter(record, reason: reason)] + settleFront(from: nil, at: now)
    }

    // Refused records at the front are settled as soon as all before them are.
    private mutating func settleFront(from position: UInt64?, at now: Duration) -> [SessionAction] {
        guard let last = underWay.dropRefusedFront() ?? position else { return [] }
        settle(through: last, at: now)
        return [.acknowledge(through: last)]
    }
}
