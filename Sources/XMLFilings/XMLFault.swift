public import Findings

/// Ends the reading of a document: it is not well-formed, or it went over a limit.
///
/// It is thrown only because that is how Swift leaves a call early; what it carries is about the *document*. Once
/// thrown, every further ``XMLReader/next()`` throws the same fault.
public struct XMLFault: Error, Sendable, Hashable {
    /// What is wrong, with its place.
    public let finding: Finding

    init(_ finding: Finding) {
        self.finding = finding
    }
}
