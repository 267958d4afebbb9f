/// A reference that is not counted: taking it along costs nothing.
///
/// Invariant: whoever holds one also holds, for as long, what keeps the object alive. A ``StepCode`` belongs to a
/// ``ProgramCode``, which has the same machines and tables in its lists, never changes, and is kept by the record writer; a
/// ``ValueMachine`` has the list that it pins.
struct Pinned<Object: AnyObject & Sendable>: BitwiseCopyable, Sendable {
    private let reference: Unmanaged<Object>

    init(_ object: Object) {
        reference = .passUnretained(object)
    }

    /// Hands out the object for the time of a call.
    @inline(__always)
    func object<Result>(_ body: (Object) -> Result) -> Result {
        reference._withUnsafeGuaranteedRef { body($0) }
    }
}
