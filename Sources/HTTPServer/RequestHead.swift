import CMicroHTTPD
import Glibc

/// The head of a request where it lies in the library's receive buffer, at step 3 of an exchange. `RequestReader` has
/// seen that it is well-formed.
@safe struct RequestHead {
    let connection: OpaquePointer
    let method: UnsafePointer<CChar>

    init(connection: OpaquePointer, method: UnsafePointer<CChar>) {
        unsafe self.connection = unsafe connection
        unsafe self.method = unsafe method
    }

    /// Takes over the method and the header fields.
    func read(limits: HTTPLimits, into request: inout HTTPRequest) {
        request.method = unsafe strcmp(method, "GET") == 0 ? "GET" : unsafe String(cString: method)
        // Most requests have few fields, for which room is on the stack.
        for room in [min(32, limits.headerFieldsMax), limits.headerFieldsMax] {
            let isRead = unsafe withUnsafeTemporaryAllocation(of: tare_field.self, capacity: room) { fields in
                guard let start = fields.baseAddress else { return false }
                let count = unsafe tare_header_fields(connection, start, room)
                guard count <= room else { return false }
                for index in 0..<count { unsafe Self.append(fields[index], to: &request) }
                return true
            }
            if isRead { return }
        }
    }

    private static func append(_ field: tare_field, to request: inout HTTPRequest) {
        let name = unsafe UnsafeBufferPointer(start: field.name, count: field.name_size)
        let value = unsafe UnsafeBufferPointer(start: field.value, count: field.value_size)
        // The library has skipped the white space before the value.
        let range = unsafe value.span.trimmed(0..<value.count)
        unsafe request.packedHeaders.append(name: name, value: UnsafeBufferPointer(rebasing: value[range]))
    }
}
