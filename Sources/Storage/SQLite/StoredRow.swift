import Documents
import ModelService
import Regression
import Specification

/// Which fields a stored row has, in the order in which their values stand in its bytes. Rows of another specification, as
/// from before a column was added, have another layout, and are read by the names in it.
struct RowLayout: Sendable, Equatable {
    /// Fields of documents: the predictors, what was predicted, the truth and the error.
    let numbers: [String]
    /// The identifier, the factors, and the time of the model.
    let texts: [String]
    let time: String

    init(_ specification: ModelSpecification) {
        let (fields, response) = (specification.fields, specification.response)
        numbers =
            specification.predictors.map(\.field) + [response.predictedField, response.actualField, fields.error]
        texts = [fields.identifier] + specification.factors.map(\.field) + [fields.modelTime]
        time = fields.timestamp
    }

    /// How it stands in the table of layouts.
    var text: String {
        let document: JSON = [
            "numbers": .array(numbers.map { .string($0) }), "texts": .array(texts.map { .string($0) }),
            "time": .string(time),
        ]
        return document.compact
    }

    /// Reads `text`; nil where it is none.
    init?(text: String) {
        guard let document = try? JSON(parsing: text), let time = document["time"]?.text,
            let numbers = document["numbers"]?.elements?.compactMap(\.text),
            let texts = document["texts"]?.elements?.compactMap(\.text)
        else { return nil }
        self.numbers = numbers
        self.texts = texts
        self.time = time
    }
}

/// Writes a row as bytes, which are read without parsing text: the time in milliseconds, each number as its bits, each text
/// behind its length; all in little-endian order. What is missing is `Int64.min`, a number that is none, and a length of
/// 2³² - 1.
struct StoredRowWriter {
    fileprivate static let noTime = Int64.min
    fileprivate static let noText = UInt32.max

    private let hasLevel: Bool

    init(_ specification: ModelSpecification) { hasLevel = specification.factor != nil }

    @inline(__always)
    func append(_ row: borrowing Observation, to bytes: inout [UInt8]) {
        bytes.append(addingCapacity: 8 * (4 + row.predictors.count)) { output in
            output.append(word: UInt64(bitPattern: row.timestamp?.milliseconds ?? Self.noTime))
            for predictor in row.predictors { output.append(number: predictor) }
            output.append(number: row.predicted)
            output.append(number: row.actual)
            output.append(number: row.error)
        }
        Self.append(row.identifier, to: &bytes)
        if hasLevel { Self.append(row.level, to: &bytes) }
        for level in row.otherLevels { Self.append(level, to: &bytes) }
        Self.append(row.modelTime, to: &bytes)
    }

    private static func append(_ text: String?, to bytes: inout [UInt8]) {
        let count = text?.utf8.count ?? 0
        bytes.append(addingCapacity: 4 + count) { output in
            guard let text else { return output.append(word: noText) }
            output.append(word: UInt32(count))
            output.append(copying: text.utf8.span)
        }
    }
}

extension OutputSpan<UInt8> {
    @inline(__always)
    fileprivate mutating func append(number: Double?) { append(word: (number ?? .nan).bitPattern) }
}

/// Reads rows of one layout.
struct StoredRowReader {
    private let layout: RowLayout
    /// Nil where the layout is the specification's own, so that every value has its place.
    private var byName: ObservationReader?
    private let predictorCount: Int
    private let hasLevel: Bool
    private let otherLevelCount: Int
    /// Rows one after the other were predicted by one model, mostly: one text serves for all of them.
    private var modelTime: String?

    init(_ layout: RowLayout, for specification: ModelSpecification) {
        self.layout = layout
        byName = layout == RowLayout(specification) ? nil : ObservationReader(specification)
        predictorCount = specification.predictors.count
        hasLevel = specification.factor != nil
        otherLevelCount = specification.otherFactors.count
    }

    /// - Returns: nil where these are not the bytes of such a row.
    mutating func read(_ row: Span<UInt8>) -> Observation? {
        let bytes = unsafe row.bytes
        guard byName == nil else { return readByName(bytes) }
        var cursor = ByteCursor()
        let time = cursor.time(bytes)
        var predictors: [Double?] = []
        predictors.reserveCapacity(predictorCount)
        for _ in 0..<predictorCount { predictors.append(cursor.number(bytes)) }
        let (predicted, actual, error) = (cursor.number(bytes), cursor.number(bytes), cursor.number(bytes))
        let identifier = cursor.text(bytes)
        let level = hasLevel ? Self.level(cursor.text(bytes)) : ""
        var otherLevels: [String?] = []
        for _ in 0..<otherLevelCount { otherLevels.append(Self.level(cursor.text(bytes))) }
        modelTime = cursor.text(bytes, orKnown: modelTime)
        guard cursor.isAtEnd(of: bytes) else { return nil }
        return Observation(
            identifier: identifier, level: level, otherLevels: otherLevels, predictors: predictors,
            predicted: predicted, actual: actual, error: error, modelTime: modelTime, timestamp: time)
    }

    /// Adds what a training reads of a row to columns, without making anything else of it.
    /// - Returns: false where these are not the bytes of such a row; what was added of it is of no use then.
    mutating func read(_ row: Span<UInt8>, into columns: inout ObservedColumns.Builder) -> Bool {
        guard byName == nil else {
            guard let observation = read(row) else { return false }
            columns.appendValues(of: observation)
            return true
        }
        let bytes = unsafe row.bytes
        var cursor = ByteCursor()
        columns.append(time: cursor.time(bytes)?.milliseconds ?? ObservedColumns.noTime)
        for place in 0..<predictorCount { columns.append(cursor.number(bytes) ?? .nan, toPredictor: place) }
        _ = cursor.number(bytes)
        columns.append(response: cursor.number(bytes) ?? .nan)
        _ = cursor.number(bytes)
        _ = cursor.range(bytes)
        for place in 0..<(otherLevelCount + (hasLevel ? 1 : 0)) {
            if let range = cursor.range(bytes), !range.isEmpty {
                columns.append(level: row.extracting(range), toFactor: place)
            } else {
                columns.appendNoLevel(toFactor: place)
            }
        }
        _ = cursor.range(bytes)
        return cursor.isAtEnd(of: bytes)
    }

    private static func level(_ text: String?) -> String? { text?.isEmpty == true ? nil : text }

    private mutating func readByName(_ bytes: RawSpan) -> Observation? {
        var cursor = ByteCursor()
        guard var reader = byName else { return nil }
        let time = cursor.time(bytes)
        for name in layout.numbers { reader.take(name, cursor.number(bytes).map(StoredValue.number) ?? .nothing) }
        for name in layout.texts { reader.take(name, cursor.text(bytes).map(StoredValue.text) ?? .nothing) }
        reader.take(layout.time, time.map(StoredValue.time) ?? .nothing)
        return cursor.isAtEnd(of: bytes) ? reader.finish() : nil
    }
}

/// A place in the bytes of a row. What goes beyond their end is missing, and shows in `isAtEnd`.
private struct ByteCursor {
    private var place = 0

    mutating func time(_ bytes: RawSpan) -> Timestamp? {
        let milliseconds = word(bytes).map(Int64.init(bitPattern:))
        return milliseconds == StoredRowWriter.noTime ? nil : milliseconds.map { Timestamp(milliseconds: $0) }
    }

    mutating func number(_ bytes: RawSpan) -> Double? {
        guard let bits = word(bytes) else { return nil }
        let value = Double(bitPattern: bits)
        return value.isFinite ? value : nil
    }

    /// - Parameter known: is given back where the text is the same, so that there is no copy of it.
    mutating func text(_ bytes: RawSpan, orKnown known: String? = nil) -> String? {
        guard let range = range(bytes) else { return nil }
        return unsafe bytes.extracting(range).withUnsafeBytes { text in
            if let known, unsafe known.utf8.elementsEqual(text) { return known }
            return unsafe String(decoding: text, as: UTF8.self)
        }
    }

    /// Where the next text stands; nil of one that is missing or too long.
    mutating func range(_ bytes: RawSpan) -> Range<Int>? {
        guard let count = length(bytes) else { return nil }
        place += count
        return count <= DocumentLimits.storedTextBytesMax ? place - count..<place : nil
    }

    func isAtEnd(of bytes: RawSpan) -> Bool { place == bytes.byteCount }

    private mutating func length(_ bytes: RawSpan) -> Int? {
        guard place + 4 <= bytes.byteCount else {
            place = bytes.byteCount + 1
            return nil
        }
        let count = unsafe UInt32(littleEndian: bytes.unsafeLoadUnaligned(fromByteOffset: place, as: UInt32.self))
        place += 4
        guard count != StoredRowWriter.noText else { return nil }
        guard Int(count) <= bytes.byteCount - place else {
            place = bytes.byteCount + 1
            return nil
        }
        return Int(count)
    }

    private mutating func word(_ bytes: RawSpan) -> UInt64? {
        guard place <= bytes.byteCount - 8 else {
            place = bytes.byteCount + 1
            return nil
        }
        defer { place += 8 }
        return unsafe UInt64(littleEndian: bytes.unsafeLoadUnaligned(fromByteOffset: place, as: UInt64.self))
    }
}
