import Findings

/// Why reading or checking a part of a package stopped: a fault of the package, as the check that failed, or of the input
/// that it is read from.
///
/// It never leaves the module: the flow puts the check into the verdict, or throws the input's own error.
struct PackageFault: Error {
    /// The check that failed. Where ``reading`` is set it says only which part was being read.
    var check: PackageCheck
    /// The error that the input threw: about us, not about the package.
    var reading: (any Error)?

    /// A fault of the package.
    init(_ check: PackageCheck) {
        self.check = check
    }

    /// A fault of the package.
    init(_ subject: String, _ check: CheckName, _ kind: FindingKind, _ detail: String) {
        self.check = .failed(subject, check, kind, detail)
    }

    /// The input could not be read.
    init(reading error: any Error) {
        check = PackageCheck(
            "package", .structure, .indeterminate, .packageMalformed, detail: "the input failed: \(error)")
        reading = error
    }

    /// Runs something that reads input, so that whatever it throws becomes a fault.
    static func catching<Value>(_ body: () throws -> Value) throws(PackageFault) -> Value {
        do {
            return try body()
        } catch let fault as PackageFault {
            throw fault
        } catch {
            throw PackageFault(reading: error)
        }
    }
}
