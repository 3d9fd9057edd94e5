import Documents

/// Reads one object of a detector's state, and holds it to what a detector can have written.
struct StateReader {
    private let document: JSON
    private let place: String

    init(_ document: JSON, at place: String) throws(DetectorStateError) {
        guard document.members != nil else {
            throw DetectorStateError(reason: "\(place) is \(document.kind); accepted is an object")
        }
        self.document = document
        self.place = place
    }

    func mismatch(_ name: String, _ accepted: String) -> DetectorStateError {
        let given = document[name].map { $0.elements.map { "an array of \($0.count)" } ?? $0.compact } ?? "missing"
        return DetectorStateError(reason: "\(place).\(name) is \(given.prefix(100)); accepted is \(accepted)")
    }

    func value(_ name: String) -> JSON { document[name] ?? .null }

    func isNull(_ name: String) -> Bool { value(name) == .null }

    func text(_ name: String) throws(DetectorStateError) -> String {
        guard let text = document[name]?.text else { throw mismatch(name, "a text") }
        return text
    }

    func optionalText(_ name: String) -> String? { document[name]?.text }

    func flag(_ name: String) throws(DetectorStateError) -> Bool {
        guard let flag = document[name]?.boolean else { throw mismatch(name, "true or false") }
        return flag
    }

    func integer(_ name: String, from least: Int = 0) throws(DetectorStateError) -> Int {
        guard let number = document[name]?.integer, number >= least, number <= 1 << 52 else {
            throw mismatch(name, "a whole number from \(least)")
        }
        return Int(number)
    }

    func number(
        _ name: String, in range: ClosedRange<Double> = 0...Double.greatestFiniteMagnitude
    ) throws(DetectorStateError) -> Double {
        guard let number = document[name]?.double, range.contains(number) else {
            throw mismatch(name, "a number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    func time(_ name: String) throws(DetectorStateError) -> Timestamp {
        guard let time = document[name]?.integer.flatMap({ Timestamp(exactly: $0) }) else {
            throw mismatch(name, "milliseconds since 1970")
        }
        return time
    }

    func integers(_ name: String, in range: ClosedRange<Int>) throws(DetectorStateError) -> [Int] {
        let numbers = document[name]?.elements?.map { $0.integer.flatMap { Int(exactly: $0) } }
        guard let numbers, case let whole = numbers.compactMap(\.self), whole.count == numbers.count,
            whole.allSatisfy(range.contains)
        else { throw mismatch(name, "an array of whole numbers from \(range.lowerBound) to \(range.upperBound)") }
        return whole
    }

    func numbers(_ name: String, count: Int? = nil) throws(DetectorStateError) -> [Double] {
        guard let elements = document[name]?.elements, case let numbers = elements.compactMap(\.double),
            numbers.count == elements.count, count == nil || numbers.count == count
        else { throw mismatch(name, "an array of \(count.map { "\($0) " } ?? "")numbers") }
        return numbers
    }

    func elements(_ name: String, atMost count: Int) throws(DetectorStateError) -> [JSON] {
        guard let elements = document[name]?.elements, elements.count <= count else {
            throw mismatch(name, "an array of at most \(count)")
        }
        return elements
    }

    func object(_ name: String) throws(DetectorStateError) -> StateReader {
        try StateReader(value(name), at: "\(place).\(name)")
    }

    /// Nil where it is null.
    func optionalObject(_ name: String) throws(DetectorStateError) -> StateReader? {
        isNull(name) ? nil : try object(name)
    }
}
