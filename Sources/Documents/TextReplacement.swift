extension String {
    /// The text with `part` replaced wherever its bytes stand.
    ///
    /// Swift's own `replacing` compares whole letters: a quote with an accent behind it is another letter to it, and would
    /// stay as it is in a language to which it ends a text.
    package func replacingBytes(_ part: String, with other: String) -> String {
        String(decoding: Array(utf8).replacing(Array(part.utf8), with: Array(other.utf8)), as: UTF8.self)
    }
}
