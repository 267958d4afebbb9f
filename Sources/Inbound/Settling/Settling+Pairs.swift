/// Documents and their detached signatures, which are claimed together.
extension Settling {
    func isSignature(_ name: FileName) -> Bool {
        pairing != nil && Pairing.document(ofSignature: name) != nil
    }

    // A marker speaks for a document. Its signature needs none of its own, and is complete as other files are.
    var unmarkedCompletion: Completion { isMarked ? .closeWrite : completion }

    /// What to do with a name that is complete: claim it, alone or as a pair; nil when it waits for its other half.
    mutating func offer(_ name: FileName, _ candidate: Candidate, at now: Duration) -> Action? {
        guard let pairing else { return offerAlone(name, candidate) }
        if let document = Pairing.document(ofSignature: name) {
            if let other = candidates[document], other.isComplete { return offerPair(document, other, name, candidate) }
            // With markers, the document shows itself when its marker comes.
            return wait(name, candidate, pairing, at: now)
        }
        let signature = Pairing.signatures(ofDocument: name).first { candidates[$0] != nil }
        if let signature, let other = candidates[signature] {
            if other.isComplete { return offerPair(name, candidate, signature, other) }
            return wait(name, candidate, pairing, at: now)
        }
        guard pairing.isExpected, !Pairing.packageSuffixes.contains(where: { name.hasSuffix($0) }) else {
            return offerAlone(name, candidate)
        }
        return wait(name, candidate, pairing, at: now)
    }

    /// The signature of a pair was not claimed; its document is complete all the same.
    mutating func signatureRefused(_ signature: FileName, of name: FileName, _ why: Refusal, at now: Duration) {
        refused(signature, why, at: now)
        release(name, at: now)
    }

    /// A name of a pair that was offered and not claimed is complete as before.
    mutating func release(_ name: FileName, at now: Duration) {
        guard let candidate = candidates[name], candidate.phase == .offered else { return }
        makeReady(name, candidate.proof, at: now)
    }

    private mutating func offerAlone(_ name: FileName, _ candidate: Candidate) -> Action {
        candidates[name]?.phase = .offered
        return .claim(name, markers: candidate.markers, proof: candidate.proof)
    }

    private mutating func offerPair(
        _ name: FileName, _ document: Candidate, _ signature: FileName, _ other: Candidate
    ) -> Action {
        candidates[name]?.phase = .offered
        candidates[signature]?.phase = .offered
        return .claimPair(
            name, signature: signature, markers: document.markers, proof: min(document.proof, other.proof))
    }

    private mutating func wait(
        _ name: FileName, _ candidate: Candidate, _ pairing: Pairing, at now: Duration
    ) -> Action? {
        let since = candidate.completeSince ?? now
        guard now - since < pairing.wait else { return offerAlone(name, candidate) }
        var candidate = candidate
        candidate.completeSince = since
        enter(.waiting, name, candidate, dueAt: since + pairing.wait)
        return nil
    }
}

extension Settling.Candidate {
    fileprivate var isComplete: Bool { phase == .ready || phase == .waiting }
}
