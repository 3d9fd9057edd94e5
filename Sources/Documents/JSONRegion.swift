/// Where a value stands in a text. Of a document whose one member is large, no more is then held at a time than what is looked
/// at: a value takes many times its text.
package struct JSONRegion: Sendable {
    private let bytes: [UInt8]
    private let range: Range<Int>

    /// - Parameter bytes: one document with nothing but white space around it.
    /// - Throws: where they are none.
    package init(of bytes: [UInt8]) throws(JSONError) {
        var reader = JSONReader(bytes: bytes, repeatedNames: .refused)
        reader.skipSpace()
        guard reader.peek != nil else { throw reader.fault("no JSON value: the text is empty") }
        let start = reader.at
        try reader.skipValue(depth: 0)
        self.init(bytes, start..<reader.at)
        try reader.expectEnd()
    }

    private init(_ bytes: [UInt8], _ range: Range<Int>) {
        self.bytes = bytes
        self.range = range
    }

    var reader: JSONReader { JSONReader(bytes: bytes, range: range, repeatedNames: .refused) }

    /// The bytes of its text.
    package var byteCount: Int { range.count }
    package var isObject: Bool { bytes[range.lowerBound] == UInt8(ascii: "{") }
    package var isArray: Bool { bytes[range.lowerBound] == UInt8(ascii: "[") }

    /// What a person would call this kind of value, for messages.
    package var kind: String {
        switch bytes[range.lowerBound] {
        case UInt8(ascii: "{"): "an object"
        case UInt8(ascii: "["): "an array"
        case UInt8(ascii: "\""): "a string"
        case UInt8(ascii: "n"): "null"
        case UInt8(ascii: "t"), UInt8(ascii: "f"): "a boolean"
        default: "a number"
        }
    }

    /// - Parameter bytesMax: of its text.
    package func value(bytesMax: Int) throws(JSONError) -> JSON {
        guard byteCount <= bytesMax else {
            throw JSONError(problem: "a value of more than \(bytesMax) bytes", offset: range.lowerBound)
        }
        var reader = reader
        return try reader.document()
    }

    /// The members of an object, in their order.
    ///
    /// - Parameter max: how many there may be.
    /// - Throws: where it is no object, has more members, or one twice.
    package func members(max: Int) throws(JSONError) -> [(name: String, value: JSONRegion)] {
        var reader = reader
        guard reader.take("{") else { throw reader.fault("an object expected, found \(reader.shown)") }
        var members: [(name: String, value: JSONRegion)] = []
        var names: Set<String> = []
        reader.skipSpace()
        while !reader.take("}") {
            let start = reader.at
            guard members.count < max else { throw reader.fault("an object of more than \(max) members") }
            let name = try reader.memberName()
            guard names.insert(name).inserted else {
                throw JSONError(problem: "the member '\(JSONReader.excerpt(name))' is given twice", offset: start)
            }
            members.append((name, try region(&reader)))
            try reader.separator(before: "}")
        }
        return members
    }

    /// The elements of an array, in their order.
    ///
    /// - Parameter max: how many there may be.
    /// - Throws: where it is no array, or has more.
    package func elements(max: Int) throws(JSONError) -> [JSONRegion] {
        var reader = reader
        guard reader.take("[") else { throw reader.fault("an array expected, found \(reader.shown)") }
        var elements: [JSONRegion] = []
        reader.skipSpace()
        while !reader.take("]") {
            guard elements.count < max else { throw reader.fault("an array of more than \(max) elements") }
            elements.append(try region(&reader))
            try reader.separator(before: "]")
        }
        return elements
    }

    private func region(_ reader: inout JSONReader) throws(JSONError) -> JSONRegion {
        let start = reader.at
        try reader.skipValue(depth: 1)
        return JSONRegion(bytes, start..<reader.at)
    }
}

extension JSONReader {
    /// Reads a value without keeping it: at most one text of it is held.
    mutating func skipValue(depth: Int) throws(JSONError) {
        guard depth < Self.depthMax else { throw fault("nested more than \(Self.depthMax) deep") }
        if take("{") {
            skipSpace()
            while !take("}") {
                _ = try memberName()
                try skipValue(depth: depth + 1)
                try separator(before: "}")
            }
        } else if take("[") {
            skipSpace()
            while !take("]") {
                try skipValue(depth: depth + 1)
                try separator(before: "]")
            }
        } else {
            _ = try value(depth: depth)
        }
    }

    /// A member's name, up to the beginning of its value.
    mutating func memberName() throws(JSONError) -> String {
        guard peek == UInt8(ascii: "\"") else {
            throw fault("a member's name in double quotes expected, found \(shown)")
        }
        let name = try string()
        skipSpace()
        guard take(":") else { throw fault("':' expected after '\(Self.excerpt(name))', found \(shown)") }
        skipSpace()
        return name
    }

    /// Behind an element or a member: a comma and the beginning of the next, or the place of the end.
    mutating func separator(before end: Unicode.Scalar) throws(JSONError) {
        skipSpace()
        guard peek != UInt8(ascii: end) else { return }
        guard take(",") else { throw fault("',' or '\(end)' expected, found \(shown)") }
        skipSpace()
        guard peek != UInt8(ascii: end) else { throw fault("a value expected behind ',', found \(shown)") }
    }
}
