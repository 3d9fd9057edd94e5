/// An object of JSON in one line, written member by member and without a tree, for what is written for every event.
package struct ObjectText {
    private var bytes: [UInt8] = [UInt8(ascii: "{")]

    package init() { bytes.reserveCapacity(256) }

    /// Null of what is missing, or no number.
    package mutating func add(_ name: String, _ value: Double?) {
        begin(name)
        if let value { bytes.append(jsonNumber: value) } else { bytes.append("null") }
    }

    package mutating func add(_ name: String, _ text: String?) {
        begin(name)
        if let text { bytes.append(jsonText: text) } else { bytes.append("null") }
    }

    package mutating func addObject(_ name: String, _ members: (inout ObjectText) -> Void) {
        begin(name)
        var object = ObjectText()
        members(&object)
        bytes += object.closed
    }

    /// What was written so far, as a whole object.
    package var closed: [UInt8] {
        consuming get {
            bytes.append(UInt8(ascii: "}"))
            return bytes
        }
    }

    private mutating func begin(_ name: String) {
        if bytes.count > 1 { bytes.append(UInt8(ascii: ",")) }
        bytes.append(jsonText: name)
        bytes.append(UInt8(ascii: ":"))
    }
}
