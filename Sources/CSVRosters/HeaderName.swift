/// How column names are compared: rosters write `姓 名`, `姓名 ` and `联系\n电话` for the same column.
public enum HeaderName {
    /// The name as it is compared and looked up.
    ///
    /// Full-width letters, digits and signs become half-width (`（` → `(`); blanks of any width, line breaks, and
    /// characters of no width go, also inside the name. Case stays.
    public static func normalised(_ name: String) -> String {
        var scalars = String.UnicodeScalarView()
        for scalar in name.unicodeScalars where !BlankText.isBlank(scalar.value) {
            scalars.append(halfWidth(scalar))
        }
        return String(scalars)
    }

    private static func halfWidth(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        guard (0xFF01...0xFF5E).contains(scalar.value) else { return scalar }
        return Unicode.Scalar(scalar.value - 0xFEE0) ?? scalar
    }
}
