extension MappingCompiler {
    mutating func compileDelivery(_ node: MarkedYAML?) {
        guard let node else {
            problems.append(
                .init(
                    file: file, line: 1, column: 1,
                    message: "“delivery” is missing in the mapping: event, upsert or snapshot"))
            return
        }
        var word = node.text
        if node.pairs != nil {
            var keys = KeyChecker(node, noun: "“delivery”")
            word = keys.word("kind", of: ["event", "upsert", "snapshot"], isRequired: true)
            let guardNode = keys.optional("guard")
            let scopeNode = keys.optional("scope")
            problems += keys.finish()
            guard word == "snapshot" else {
                for extra in [guardNode, scopeNode].compactMap({ $0 }) {
                    report(extra, "this goes with a snapshot only")
                }
                return setDelivery(word, node, share: 0.2)
            }
            if let scopeNode { compileScope(scopeNode) }
            return setDelivery(word, node, share: guardNode.flatMap { share($0) } ?? 0.2)
        }
        setDelivery(word, node, share: 0.2)
    }

    private mutating func setDelivery(_ word: String?, _ node: MarkedYAML, share: Double) {
        switch word {
        case "event": program.delivery = .event
        case "upsert": program.delivery = .upsert
        case "snapshot": program.delivery = .snapshot(guardShare: share)
        case nil where node.pairs != nil: break
        default:
            report(
                node, "“delivery” must be event, upsert or snapshot",
                suggestion: word.flatMap { Suggestion.nearest(to: $0, among: ["event", "upsert", "snapshot"]) })
        }
        guard program.delivery != .event else { return }
        for draft in drafts where draft.node["key"] == nil {
            report(
                draft.node, "“key” is missing in the entry “\(draft.name)”: \(word ?? "") needs to know records again")
        }
    }

    private mutating func compileScope(_ node: MarkedYAML) {
        guard node.text?.hasPrefix("header.") == true else {
            report(node, "the scope of a snapshot is a header value such as header.community")
            return
        }
        program.snapshotScope = headerIndex(node)
    }

    /// A share such as `20%`, as 0…1.
    private mutating func share(_ node: MarkedYAML) -> Double? {
        if let text = node.text, text.hasSuffix("%"), text.dropLast().utf8.allSatisfy(Self.isOfDecimal),
            let number = Double(text.dropLast()), (0...100).contains(number)
        {
            return number / 100
        }
        report(node, "a share is written in percent, such as 20%")
        return nil
    }

    // Double takes hexadecimal digits and exponents as well.
    private static func isOfDecimal(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || byte == UInt8(ascii: ".")
    }

    mutating func compileOnError(_ node: MarkedYAML?) {
        guard let node else { return }
        guard node.pairs != nil else {
            switch node.text {
            case "record": program.onError = .record
            case "filing": program.onError = .filing
            default:
                report(
                    node, "“on-error” must be record, filing or {threshold: …}",
                    suggestion: node.text.flatMap { Suggestion.nearest(to: $0, among: ["record", "filing"]) })
            }
            return
        }
        var keys = KeyChecker(node, noun: "“on-error”")
        let threshold = keys.required("threshold")
        problems += keys.finish()
        guard let threshold else { return }
        if let count = threshold.integer, count >= 0 {
            program.onError = .thresholdCount(count)
        } else if let share = share(threshold) {
            program.onError = .thresholdShare(share)
        }
    }
}
