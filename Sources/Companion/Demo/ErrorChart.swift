/// Draws relative errors from 0 to 100 %; what is above is drawn as 100 %.
struct ErrorChart: Sendable {
    let style: TerminalStyle
    let threshold: Double

    /// A bar of `width` characters, with a mark at the threshold where the bar does not reach it.
    func bar(_ error: Double, width: Int) -> String {
        let marks: [Character] = style.hasBlocks ? [" ", "▏", "▎", "▍", "▌", "▋", "▊", "▉", "█"] : [" ", "#"]
        let steps = marks.count - 1
        let filled = Int((share(error) * Double(width * steps)).rounded())
        var cells = (0..<width).map { cell in marks[min(max(filled - cell * steps, 0), steps)] }
        let mark = min(Int(threshold * Double(width)), width - 1)
        if cells[mark] == " " { cells[mark] = style.hasBlocks ? "┊" : ":" }
        return String(cells)
    }

    /// A character for each error; a gap where there is none.
    func line(_ errors: [Double?]) -> String {
        let marks: [Character] = Array(style.hasBlocks ? "▁▂▃▄▅▆▇█" : "_.-=+*#@")
        return String(
            errors.map { error in
                error.map { marks[min(Int(share($0) * Double(marks.count)), marks.count - 1)] } ?? " "
            })
    }

    private func share(_ error: Double) -> Double { min(max(error, 0), 1) }
}

extension Double {
    /// `84 %`
    var percent: String { "\(Int((self * 100).rounded())) %" }

    /// With exactly so many decimal places, without an exponent.
    func fixed(_ places: Int) -> String {
        let scale = (0..<places).reduce(1.0) { product, _ in product * 10 }
        let scaled = (magnitude * scale).rounded()
        guard scaled < 1e15 else { return description }
        let (whole, fraction) = Int(scaled).quotientAndRemainder(dividingBy: Int(scale))
        let digits = String(fraction)
        let sign = self < 0 && scaled > 0 ? "-" : ""
        return "\(sign)\(whole)"
            + (places == 0 ? "" : "." + String(repeating: "0", count: places - digits.count) + digits)
    }
}

extension String {
    func padded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }

    func paddedLeft(to width: Int) -> String { String(repeating: " ", count: max(0, width - count)) + self }
}
