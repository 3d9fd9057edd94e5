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
    package mutating func add(_ name: MemberName, _ value: Double?) {
        begin(name)
        append(value)
    }

    package mutating func add(_ name: MemberName, _ text: String?) {
        begin(name)
        append(text)
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
        begin(name)
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

    private mutating func begin(_ name: MemberName) {
        let comma = isEmpty ? 1 : 0
        bytes.append(addingCapacity: name.bytes.count) { $0.append(copying: name.bytes.span.extracting(comma...)) }
        isEmpty = false
    }

    private mutating func begin(_ name: String) {
        if !isEmpty { bytes.append(UInt8(ascii: ",")) }
        isEmpty = false
        bytes.append(jsonText: name)
        bytes.append(UInt8(ascii: ":"))
    }
}
