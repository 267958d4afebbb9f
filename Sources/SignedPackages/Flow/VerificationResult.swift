/// What came of verifying a file.
public enum VerificationResult: Sendable {
    /// The policy of the source is met: the content can be read.
    case verified(VerifiedPackage)
    /// It is not met, with every reason. Nothing of the content can be read.
    case refused(PackageVerdict)
    /// The file is no signed package. Whether that is acceptable is for the source to say.
    case unsigned

    /// The verdict, where there is one.
    public var verdict: PackageVerdict? {
        switch self {
        case .verified(let package): package.verdict
        case .refused(let verdict): verdict
        case .unsigned: nil
        }
    }
}
