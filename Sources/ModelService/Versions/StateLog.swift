import Documents
import Specification

/// What stands in the file of the state: a whole state in the first line, and a line for each change since. Whoever changes
/// the state appends a line, which is one synced write; once nobody changes it any more, the state is written whole.
struct StateLog: Sendable {
    /// As the last change left it.
    private(set) var state: ServingState
    /// The models that came with the changes, oldest first. Here they are durable, whatever becomes of their own files.
    private(set) var models: [WrittenModel] = []
    private(set) var changeCount = 0
    /// Of the bytes up to the end of the last whole line.
    private(set) var byteCount: Int
    /// What stands behind the last whole line: a change that somebody still writes, or did when the power went.
    private(set) var unfinished: UnfinishedChange?

    struct UnfinishedChange: Sendable, Equatable {
        /// Of the model that was to come with it, where the text reaches so far.
        let version: String?
    }

    /// Whether whoever looks after it should write it whole. A model of a million rows takes 8 MB.
    var isLong: Bool { changeCount >= 128 || byteCount >= 8 << 20 }
    /// Whether whoever comes with the next change must.
    var isFull: Bool { changeCount >= 1024 || byteCount >= 32 << 20 }

    /// - Parameter byteCount: of its text.
    init(_ state: ServingState, byteCount: Int) {
        self.state = state
        self.byteCount = byteCount
    }

    /// - Throws: `ModelDocumentError` where it is no state, or not as it was written.
    init(text: [UInt8]) throws(ModelDocumentError) {
        let end = text.firstIndex(of: StateChange.separator) ?? text.endIndex
        self.init(try ServingState(text: Array(text[..<end])), byteCount: end)
        try take(text[end...])
    }

    /// Goes on with what stands behind its last whole line.
    mutating func take(_ text: ArraySlice<UInt8>) throws(ModelDocumentError) {
        unfinished = nil
        var rest = text
        while !rest.isEmpty {
            let body = rest.dropFirst()
            let line = Array(body.prefix { $0 != StateChange.separator })
            let isLast = line.count == body.count
            if isLast, StateChange.isUnfinished(line) {
                unfinished = UnfinishedChange(version: StateChange.version(ofUnfinished: line))
                return
            }
            guard rest.first == StateChange.separator else {
                throw ModelDocumentError(description: "a line of it does not begin where the one before it ends")
            }
            let change = try StateChange.read(line, on: state)
            take(change.state, with: change.model, byteCount: line.count + 1)
            rest = body.dropFirst(line.count)
        }
    }

    /// Goes on with a change whose text has so many bytes.
    mutating func take(_ next: ServingState, with model: WrittenModel?, byteCount: Int) {
        state = next
        if let model { models.append(model) }
        changeCount += 1
        self.byteCount += byteCount
    }
}

/// A line for what changed from one state to the next. It is an object with a checksum, and says how long it is: so a line
/// that was cut off while it was written is told from one that was damaged since.
enum StateChange {
    static let separator = UInt8(ascii: "\n")
    private static let format = "tare-change/1"
    private static let sizeDigits = 10
    private static let head = Array(#"{"format":"\#(format)","bytes":""#.utf8)

    /// - Parameter model: comes with the next state.
    /// - Returns: the line with the separator in front of it.
    static func text(of next: ServingState, since last: ServingState, keeping model: NewModel?) -> [UInt8] {
        let change = next.memory.change(since: last.memory)
        let members =
            [JSON.Member("version", JSON(model?.model.version))] + next.members
            + [JSON.Member("forgotten", JSON(change.forgotten))]
        var text = head + [UInt8](repeating: UInt8(ascii: "0"), count: sizeDigits) + #"","#.utf8
        text += JSON.object(members).bytes.dropFirst()
        text.removeLast()
        text += #","answered":"#.utf8
        text.append(jsonArray: change.texts)
        text += #","model":"#.utf8
        text += model?.text ?? JSON.null.bytes
        text.append(UInt8(ascii: "}"))
        let digits = Array(String(ByteSeal.byteCount(ofClosed: text)).utf8)
        let end = head.count + sizeDigits
        text.replaceSubrange(end - digits.count..<end, with: digits)
        return [separator] + ByteSeal.close(object: text)
    }

    /// - Returns: the state after it, and the model that came with it.
    static func read(
        _ line: [UInt8], on last: ServingState
    ) throws(ModelDocumentError) -> (state: ServingState, model: WrittenModel?) {
        guard ByteSeal.isWhole(line) else {
            throw ModelDocumentError(description: "a change in it is not as it was written: its checksum does not fit")
        }
        let document: JSON
        do { document = try JSON(parsing: line) } catch {
            throw ModelDocumentError(description: "a change in it is not JSON: \(error)")
        }
        let reader = DocumentReader(document, of: "change")
        guard try reader.text("format") == format else { throw reader.mismatch("format", "'\(format)'") }
        let memory = try last.memory.changed(
            forgetting: reader.count("forgotten"), adding: reader.array("answered"), in: reader)
        let version = try reader.optionalText("version")
        let model = try reader.member("model")
        return (
            try ServingState(reader, memory: memory), version.map { WrittenModel(version: $0, document: model) }
        )
    }

    /// Whether it is only the beginning of a line: shorter than it says, and without a checksum at its end. What is damaged
    /// in one place is not both.
    static func isUnfinished(_ line: [UInt8]) -> Bool {
        let digits = line.dropFirst(head.count).prefix(sizeDigits)
        let size = Int(String(decoding: digits, as: UTF8.self)) ?? .max
        return line.count < size && !ByteSeal.isClosed(line)
    }

    static func version(ofUnfinished line: [UInt8]) -> String? {
        let name = Array(#"","version":""#.utf8)
        let rest = line.dropFirst(head.count + sizeDigits)
        guard rest.starts(with: name) else { return nil }
        let text = rest.dropFirst(name.count).prefix { $0 != UInt8(ascii: "\"") }
        let version = String(decoding: text, as: UTF8.self)
        return ModelVersion.isVersion(version) ? version : nil
    }
}
