import CanonicalRecords
import Foundation

/// Tells a record that was mended in its masked form: sent again, the mask would be taken for the value.
enum MaskedField {
    /// The first field that is as masking made it, and not as the refused record has it; nil when there is none.
    static func first(in mended: [UInt8], of refused: [UInt8]) throws -> String? {
        let json = RecordJSON()
        return first(
            try parsed(json.text(of: mended.span, revealing: true)),
            masked: try parsed(json.text(of: refused.span, revealing: false)),
            revealed: try parsed(json.text(of: refused.span, revealing: true)))
    }

    private static func parsed(_ text: String) throws -> Any {
        try JSONSerialization.jsonObject(with: Data(text.utf8))
    }

    // The three have the same shape, but for what was mended. An element of a list has no name: it is its list that is told.
    private static func first(_ mended: Any?, masked: Any?, revealed: Any?) -> String? {
        switch mended {
        case let text as String:
            return text == masked as? String && text != revealed as? String ? "" : nil
        case let fields as [String: Any]:
            let (masked, revealed) = (masked as? [String: Any], revealed as? [String: Any])
            for (name, value) in fields.sorted(by: { $0.key < $1.key }) {
                guard let inner = first(value, masked: masked?[name], revealed: revealed?[name]) else { continue }
                return inner.isEmpty ? name : name + "." + inner
            }
            return nil
        case let elements as [Any]:
            guard let masked = masked as? [Any], let revealed = revealed as? [Any] else { return nil }
            for (value, pair) in zip(elements, zip(masked, revealed)) {
                if let inner = first(value, masked: pair.0, revealed: pair.1) { return inner }
            }
            return nil
        default: return nil
        }
    }
}
