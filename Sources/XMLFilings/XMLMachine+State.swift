extension XMLMachine {
    /// Where in the document the reader is.
    enum Phase: UInt8, BitwiseCopyable {
        /// Nothing has been read: only here may an XML declaration stand.
        case start
        /// Before the root, in it, and behind it.
        case prolog, content, epilog
    }

    /// What the reader is in the middle of, where that can be longer than the buffer.
    enum Construct: UInt8, BitwiseCopyable {
        case none, comment, instruction, cdata
    }

    /// An element whose end tag has not come yet.
    struct OpenElement: BitwiseCopyable {
        var spelling: Int32
        // What was in force before its own declarations.
        var outerScope: Int32
        var outerDeclarations: Int32
        var name: Int32

        /// Spelling and outer scope in one.
        @inline(__always)
        var key: UInt64 { RunTable.endKey(spelling, scope: outerScope) }
    }

    /// Bytes of the buffer, or of `scratch` where they differ from what the document says literally.
    struct Slice: BitwiseCopyable {
        var start = 0
        var end = 0
        var isInScratch = false
    }

    /// An attribute of the current start tag.
    struct Attribute: BitwiseCopyable {
        var spelling: Int32
        var name: Int32 = 0
        var nameStart: Int
        // The quotes around the value as it is written.
        var opening: Int
        var closing: Int
        var value: Slice
    }

    /// What has been read since the last run, as it will be one itself; see ``RunTable``.
    struct RunProgress: BitwiseCopyable {
        // Where its markup begins, behind its text; -1 when it will be none.
        var start = -1
        var text = RunTable.Text.none
        // In what circumstances it was begun; -1 when nobody asks for runs.
        var circumstances: Int32 = -1
        // The run before; -1 when that was none.
        var last: Int32 = -1
        // How many runs more were read than found; a document that repeats nothing is left alone.
        var excess = 0
    }

    /// How far an unfinished tag has been searched for its `>`, so that every byte of it is searched once.
    struct TagSearch: BitwiseCopyable {
        // Bytes behind the tag's `<`; 0 when no tag is unfinished.
        var distance = 0
        var quote: UInt8?
    }
}
