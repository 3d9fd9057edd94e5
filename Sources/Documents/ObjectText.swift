/// The name of a member as it stands in an object of JSON, worked out once for many objects.
package struct MemberName: Sendable {
    package let text: String
    /// In quotation marks, between a comma and a colon.
    fileprivate let bytes: [UInt8]

    package init(_ text: String) {
        self.text = text
        var bytes = [UInt8(ascii: ",")]
        bytes.append(jsonText: text)
        bytes.append(UInt8(ascii: ":"))
        self.bytes = bytes
    }
}

/// An object of JSON in one line, written member by member and without a tree, for what is written for every event.
package struct ObjectText {
    private var bytes: [UInt8] = []
    private var isEmpty = true

    package init() {
        bytes.reserveCapacity(256)
        bytes.append(UInt8(ascii: "{"))
    }

    /// Behind what is written already, in its memory.
    package init(behind text: consuming [UInt8]) {
        // First: once it stands in two places, whoever appends to it copies it.
        text.append(UInt8(ascii: "{"))
        bytes = text
    }

    /// Null of what is missing, or no number.
    package mutating func add(_ name: borrowing MemberName, _ value: Double?) {
        begin(name, addingCapacity: [UInt8].jsonNumberBytesMax) { output in
            if let value { output.append(jsonNumber: value) } else { output.append(copying: "null".utf8.span) }
        }
    }

    package mutating func add(_ name: borrowing MemberName, _ text: borrowing String?) {
        guard let text = copy text else {
            return begin(name, addingCapacity: 4) { $0.append(copying: "null".utf8.span) }
        }
        let value = text.utf8.span
        if [UInt8].needCare(value) {
            begin(name, addingCapacity: 0) { _ in }
            bytes.append(jsonText: text)
        } else {
            begin(name, addingCapacity: value.count + 2) { $0.append(quoted: value) }
        }
    }

    package mutating func add(_ name: String, _ value: Double?) {
        begin(name)
        append(value)
    }

    package mutating func add(_ name: String, _ text: String?) {
        begin(name)
        append(text)
    }

    package mutating func addObject(_ name: MemberName, _ members: (inout ObjectText) -> Void) {
        begin(name, addingCapacity: 0) { _ in }
        var object = ObjectText(behind: bytes)
        bytes = []
        members(&object)
        bytes = object.closed
    }

    /// What was written so far, as a whole object; behind what was there before it.
    package var closed: [UInt8] {
        consuming get {
            bytes.append(UInt8(ascii: "}"))
            return bytes
        }
    }

    private mutating func append(_ value: Double?) {
        if let value { bytes.append(jsonNumber: value) } else { bytes.append("null") }
    }

    private mutating func append(_ text: String?) {
        if let text { bytes.append(jsonText: text) } else { bytes.append("null") }
    }

    /// The name, and in the same step what stands behind it.
    @inline(__always)
    private mutating func begin(
        _ name: borrowing MemberName, addingCapacity count: Int, _ value: (inout OutputSpan<UInt8>) -> Void
    ) {
        let name = name.bytes.span
        let comma = isEmpty ? 1 : 0
        bytes.append(addingCapacity: name.count + count) { output in
            output.append(copying: name.extracting(comma...))
            value(&output)
        }
        isEmpty = false
    }

    private mutating func begin(_ name: String) {
        if !isEmpty { bytes.append(UInt8(ascii: ",")) }
        isEmpty = false
        bytes.append(jsonText: name)
        bytes.append(UInt8(ascii: ":"))
    }
}
