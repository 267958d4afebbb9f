/// Shortens what people wrote where it is shown to people: one cell may have a MiB.
///
/// It is cut by scalars. A character can be as long as all of a field.
public enum ShownText {
    /// The beginning of a value or a name, at most ``Limits/findingValueLength`` scalars of it.
    public static func value(_ text: String) -> String {
        let scalars = text.unicodeScalars
        let end = scalars.index(
            scalars.startIndex, offsetBy: Limits.findingValueLength, limitedBy: scalars.endIndex)
        guard let end, end < scalars.endIndex else { return text }
        return String(scalars[..<end]) + "…"
    }

    /// Beginning and end of a message that may quote what somebody wrote, at most ``Limits/messageLength`` scalars of it.
    public static func message(_ text: String) -> String {
        let scalars = text.unicodeScalars
        let half = Limits.messageLength / 2
        guard let head = scalars.index(scalars.startIndex, offsetBy: half, limitedBy: scalars.endIndex),
            let tail = scalars.index(scalars.endIndex, offsetBy: -half, limitedBy: head), head < tail
        else { return text }
        return String(scalars[..<head]) + "…" + String(scalars[tail...])
    }
}
