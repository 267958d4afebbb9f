public import Findings

/// The kinds of finding that reading XML can report.
public enum XMLFindings {
    /// All of them, for the documentation of codes.
    public static let all: [FindingKind] =
        Flaw.allCases.filter { $0 != .incomplete }.map(\.kind) + [
            .xmlEncodingContradiction, .xmlEncodingUnknown, .xmlEncodingUnsupported,
        ]
}

extension Flaw {
    /// How the flaw is reported.
    var kind: FindingKind {
        switch self {
        // `incomplete` never reaches a finding: it becomes `needsInput`, or `truncated` at the end.
        case .incomplete, .truncated: .xmlTruncated
        case .empty: .xmlEmpty
        case .noRoot: .xmlNoRoot
        case .doctype: .xmlDoctype
        case .contentOutsideRoot: .xmlContentOutsideRoot
        case .declaration: .xmlDeclaration
        case .declarationMisplaced: .xmlDeclarationMisplaced
        case .version: .xmlVersion
        case .encodingName: .xmlEncodingName
        case .standalone: .xmlStandalone
        case .character: .xmlCharacter
        case .name: .xmlName
        case .markup: .xmlMarkup
        case .tag: .xmlTag
        case .attribute: .xmlAttribute
        case .attributeSpace: .xmlAttributeSpace
        case .attributeLessThan: .xmlAttributeLessThan
        case .attributeDuplicate: .xmlAttributeDuplicate
        case .prefixUndeclared: .xmlPrefixUndeclared
        case .namespaceReserved: .xmlNamespaceReserved
        case .namespaceEmpty: .xmlNamespaceEmpty
        case .qualifiedName: .xmlQualifiedName
        case .reference: .xmlReference
        case .characterReference: .xmlCharacterReference
        case .entity: .xmlEntity
        case .cdataEnd: .xmlCDATAEnd
        case .comment: .xmlComment
        case .instruction: .xmlInstruction
        case .instructionTarget: .xmlInstructionTarget
        case .endTag: .xmlEndTag
        case .limitDepth: .xmlLimitDepth
        case .limitAttributes: .xmlLimitAttributes
        case .limitTagSize: .xmlLimitTagSize
        case .limitValueSize: .xmlLimitValueSize
        case .limitNameSize: .xmlLimitNameSize
        case .limitDistinctNames: .xmlLimitDistinctNames
        }
    }
}
