import Findings
import FuzzSupport
import XMLFilings

/// Our reader and Foundation's XMLParser (libxml2) agree on what is well-formed, and on the events.
///
/// Where they may differ, and why:
/// * a DOCTYPE, and what goes over one of our limits: we refuse it;
/// * versions: we read every 1.x as 1.0, as the fifth edition says; libxml2 knows 1.0 to 1.9 and warns;
/// * instructions whose name begins with `xml`: libxml2's error for a reserved name has the code of its warning;
/// * encoding labels: they are about bytes, and are taken out, with what is wrong about them, before XMLParser sees the
///   declaration;
/// * namespaces: libxml2 reports what breaks their rules and reads on.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzXMLParser(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let input = FuzzInput(start, count)
    guard let text = input.text, !text.contains("<!DOCTYPE"), isComparable(text) else { return 0 }
    let ours = Outline(input.bytes)
    if let finding = ours.finding, isOursAlone(finding.code) || isInDeclaration(finding, text) { return 0 }
    let theirs = ParserOutline(input.bytes)
    requireEqual(theirs.isWellFormed, ours.fault == nil, "\(ours.fault ?? "well-formed for us")")
    if ours.fault == nil { requireEqual(theirs.line, ours.sortedLine, "events") }
    return 0
}

private func isOursAlone(_ code: String) -> Bool {
    ["xml.limit-", "xml.prefix", "xml.namespace"].contains { code.hasPrefix($0) }
        || ["xml.qualified-name", "xml.declaration-misplaced", "xml.instruction-target"].contains(code)
}

private func isInDeclaration(_ finding: Finding, _ text: String) -> Bool {
    guard text.drop(while: { $0 == "\u{FEFF}" }).hasPrefix("<?xml") else { return false }
    let end = text.firstIndex(of: ">").map { text.utf8.distance(from: text.startIndex, to: $0) } ?? text.utf8.count
    return (finding.place?.offset ?? 0) <= end
}

private func isComparable(_ text: String) -> Bool {
    // XMLParser says that blanks alone, and anything of less than four bytes, are well-formed, and takes a NUL for the end
    // of the text.
    guard text.prefixMatch(of: /(?:\u{FEFF})?<\?xml\s+version\s*=\s*['"]1\.(?!0['"])/) == nil else { return false }
    return text.utf8.count >= 4 && text.contains { !$0.isWhitespace } && !text.unicodeScalars.contains("\0")
}
