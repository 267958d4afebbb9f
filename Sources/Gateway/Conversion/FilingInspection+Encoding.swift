public import Inbound
import Mappings
public import TextEncodings

extension FilingInspection {
    /// The encoding that the document is read in, unless its mapping names one.
    public var documentEncoding: TextEncoding { encoding.encoding(ofDocument: head.span) }
}
