import Findings

extension Outline.Event {
    var place: SourcePlace {
        switch self {
        case .start(_, _, let place, _), .text(_, let place), .end(_, let place, _): place
        }
    }
}

extension Outline {
    /// Starts and ends without the text between them.
    var marks: [Event] {
        events.filter { if case .text = $0 { false } else { true } }
    }

    /// The events as a document, with a prefix of its own for each name in a namespace.
    var rewritten: String {
        var open: [String] = []
        return events.map { event in
            switch event {
            case .start(let name, let attributes, _, _):
                var declarations: [String] = []
                func qualified(_ name: String, _ prefix: String) -> String {
                    // A name is `{namespace}local`; a local part holds no brace. By scalars: a namespace may begin with a
                    // combining character, which makes one Character of the brace and itself.
                    let scalars = name.unicodeScalars
                    guard scalars.first == "{", let end = scalars.lastIndex(of: "}") else { return name }
                    let namespace = String(scalars[scalars.index(after: scalars.startIndex)..<end])
                    let local = String(scalars[scalars.index(after: end)...])
                    guard namespace != "http://www.w3.org/XML/1998/namespace" else { return "xml:\(local)" }
                    declarations.append("xmlns:\(prefix)=\"\(Self.escaped(namespace))\"")
                    return "\(prefix):\(local)"
                }
                let tag = qualified(name, "e")
                let values = attributes.enumerated().map { index, attribute in
                    "\(qualified(attribute.name, "a\(index)"))=\"\(Self.escaped(attribute.value))\""
                }
                open.append(tag)
                return "<" + ([tag] + declarations + values).joined(separator: " ") + ">"
            case .text(let text, _): return Self.escaped(text)
            case .end: return "</\(open.removeLast())>"
            }
        }.joined()
    }

    private static func escaped(_ text: String) -> String {
        text.unicodeScalars.map { scalar in
            switch scalar {
            case "&": "&amp;"
            case "<": "&lt;"
            case ">": "&gt;"
            case "\"": "&quot;"
            case "\t", "\n", "\r": "&#\(scalar.value);"
            default: String(scalar)
            }
        }.joined()
    }
}
