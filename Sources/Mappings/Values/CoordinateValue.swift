/// Degrees of longitude and latitude, in decimal notation.
enum CoordinateValue {
    /// Converts a longitude. One that would be a latitude of China is kept and told: with it, the two are swapped.
    static func convertLongitude(_ raw: Span<UInt8>) -> ValueOutcome {
        convert(raw, upTo: 180, doubtful: 3...54)
    }

    /// Converts a latitude. One that would be a longitude of China is told, and kept where it can be a latitude.
    static func convertLatitude(_ raw: Span<UInt8>) -> ValueOutcome {
        convert(raw, upTo: 90, doubtful: 73...136)
    }

    private static func convert(
        _ raw: Span<UInt8>, upTo limit: Double, doubtful: ClosedRange<Double>
    ) -> ValueOutcome {
        var outcome = NumberValue.convertDecimal(raw)
        guard outcome.result == .number else { return outcome }
        let degrees = outcome.double
        let isSwapped = doubtful.contains(degrees)
        guard degrees.magnitude <= limit else { return .rejected(isSwapped ? .coordinateSwapped : .coordinateRange) }
        if isSwapped { outcome.issues.insert(.coordinateSwapped) }
        return outcome
    }
}
