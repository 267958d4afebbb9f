import SignedPackages

extension Outcome {
    /// What a failure with a package means to a script.
    init(_ error: PackageError) {
        switch error.code {
        case .notWritable: self = .usage
        case .library: self = .internalFault
        default: self = .inputOutput
        }
    }
}
