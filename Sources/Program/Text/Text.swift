extension String {
    /// Without white space at either end.
    package var trimmed: String {
        let start = drop(while: \.isWhitespace)
        let end = start.lastIndex { !$0.isWhitespace }
        return end.map { String(start[...$0]) } ?? ""
    }

    /// At most `count` characters, with a mark where more were there: a message must not grow with what strangers send.
    package func shortened(to count: Int = 80) -> String {
        guard let end = index(startIndex, offsetBy: count, limitedBy: endIndex), end < endIndex else { return self }
        return self[..<end] + "…"
    }
}
