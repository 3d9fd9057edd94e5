/// Header fields as bytes, one after the other. Most are never asked for, and text costs more than bytes.
struct PackedFields: Sendable {
    /// For each field, the sizes of name and value, then both.
    private var bytes: [UInt8] = []

    /// Four bytes, the low one first.
    private static let sizeBytes = 4

    init(_ fields: [HTTPField] = []) {
        for field in fields {
            var (name, value) = (field.name, field.value)
            name.withUTF8 { name in value.withUTF8 { value in unsafe append(name: name, value: value) } }
        }
    }

    mutating func append(name: UnsafeBufferPointer<UInt8>, value: UnsafeBufferPointer<UInt8>) {
        append(size: name.count)
        append(size: value.count)
        unsafe bytes.append(contentsOf: name)
        unsafe bytes.append(contentsOf: value)
    }

    private mutating func append(size: Int) {
        for shift in stride(from: 0, to: 8 * Self.sizeBytes, by: 8) {
            bytes.append(UInt8(truncatingIfNeeded: size >> shift))
        }
    }

    mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
    }

    /// Bytes that are not UTF-8 are replaced by U+FFFD.
    var fields: [HTTPField] {
        var fields: [HTTPField] = []
        forEach { name, value in
            fields.append(HTTPField(String(decoding: name, as: UTF8.self), String(decoding: value, as: UTF8.self)))
            return true
        }
        return fields
    }

    func first(named wanted: String) -> String? {
        var found: String?
        forEach { name, value in
            guard ASCII.areEqualIgnoringCase(name, wanted.utf8) else { return true }
            found = String(decoding: value, as: UTF8.self)
            return false
        }
        return found
    }

    /// Looked for in many a request: no part is made for a field of another name.
    func bytes(named wanted: StaticString) -> (first: ArraySlice<UInt8>?, count: Int) {
        let all = bytes.span
        var found: Range<Int>?
        var count = 0
        var index = 0
        while index < all.count {
            let name = index + 2 * Self.sizeBytes
            let value = name + Self.size(in: all, at: index)
            let end = value + Self.size(in: all, at: index + Self.sizeBytes)
            if value - name == wanted.utf8CodeUnitCount,
                all.extracting(name..<value).isEqualIgnoringCase(to: wanted)
            {
                found = found ?? value..<end
                count += 1
            }
            index = end
        }
        return (found.map { bytes[$0] }, count)
    }

    private static func size(in bytes: Span<UInt8>, at index: Int) -> Int {
        Int(bytes[index]) | Int(bytes[index + 1]) << 8 | Int(bytes[index + 2]) << 16 | Int(bytes[index + 3]) << 24
    }

    /// - Parameter visit: returns whether to go on.
    private func forEach(_ visit: (_ name: ArraySlice<UInt8>, _ value: ArraySlice<UInt8>) -> Bool) {
        var index = 0
        while index < bytes.count {
            let name = index + 2 * Self.sizeBytes
            let value = name + size(at: index)
            let end = value + size(at: index + Self.sizeBytes)
            guard visit(bytes[name..<value], bytes[value..<end]) else { return }
            index = end
        }
    }

    private func size(at index: Int) -> Int {
        Self.size(in: bytes.span, at: index)
    }
}
