/// What a name means under the way of completion, and the paces that follow from it.
extension Settling {
    enum NameClass: Equatable {
        case ignored
        case filing(FileName)
        case marker(of: FileName, FileName)
    }

    func classify(_ name: FileName) -> NameClass {
        if ignoring.contains(name) { return .ignored }
        guard case .marker(let suffixes) = completion else { return .filing(name) }
        for suffix in suffixes + [".md5", ".sha1"] where name.hasSuffix(suffix) {
            if let base = name.dropping(suffixOf: suffix.utf8.count), !ignoring.contains(base) {
                return .marker(of: base, name)
            }
        }
        return .filing(name)
    }

    func isWeak(_ marker: FileName) -> Bool {
        guard case .marker(let suffixes) = completion else { return false }
        return !suffixes.contains { marker.hasSuffix($0) }
    }

    var isMarked: Bool {
        if case .marker = completion { true } else { false }
    }

    var isSteadied: Bool {
        if case .stable = completion { true } else { false }
    }

    var unprovenPeriod: Duration {
        if case .stable(let period, _) = completion { period } else { pacing.unproven }
    }

    var rescanPeriod: Duration {
        if case .stable(_, let polling) = completion { polling } else { pacing.rescan }
    }
}
