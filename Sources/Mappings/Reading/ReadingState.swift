import Findings

/// Why a reading stopped filling a block.
enum ReadingState {
    /// More of the document is needed.
    case needsInput
    /// The block is full.
    case full
    /// The document is complete.
    case ended
    /// Nothing of the document can be used.
    case refused(Finding)
}
