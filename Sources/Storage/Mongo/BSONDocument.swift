import CMongoC
import Documents

/// A BSON document that is owned here.
@safe final class BSONDocument {
    private let pointer: OpaquePointer

    /// - Precondition: `json` is an object.
    init(_ json: JSON) {
        guard case .object(let members) = json, let document = unsafe bson_new() else {
            preconditionFailure("a document is an object")
        }
        unsafe pointer = document
        for member in members { append(member.name, member.value) }
    }

    /// Takes over a document that libmongoc made.
    init(adopting document: OpaquePointer) {
        unsafe pointer = document
    }

    /// - Parameter text: MongoDB's extended JSON, which can say what JSON cannot, such as an object id.
    init(extendedJSON text: String) throws(MongoFailure) {
        var error = bson_error_t()
        guard let document = unsafe bson_new_from_json(text, -1, &error) else { throw MongoFailure(error) }
        unsafe pointer = document
    }

    deinit { unsafe bson_destroy(pointer) }

    /// A document that belongs to libmongoc as canonical extended JSON, from which it can be made again bit for bit.
    /// - Returns: nil where a text in it is not UTF-8, which a server stores as it comes.
    @unsafe static func extendedJSON(_ document: OpaquePointer) -> String? {
        guard let text = unsafe bson_as_canonical_extended_json(document, nil) else { return nil }
        defer { unsafe bson_free(text) }
        return unsafe String(cString: text)
    }

    /// The same of those elements whose names are wanted.
    @unsafe static func extendedJSON(_ document: OpaquePointer, where isWanted: (String) -> Bool) -> String? {
        guard let copy = unsafe bson_new() else { preconditionFailure("out of memory") }
        let part = unsafe BSONDocument(adopting: copy)
        let elements = BSONElements()
        unsafe elements.restart(with: document)
        while elements.next() { if isWanted(elements.name) { unsafe elements.append(to: copy) } }
        return unsafe part.withPointer { unsafe extendedJSON($0) }
    }

    /// Lends the document to `body`, which must not keep it: Swift may let go of an object after its last use, also
    /// while C still reads what it owned.
    @unsafe func withPointer<Result, Failure: Error>(
        _ body: (OpaquePointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        defer { extendLifetime(self) }
        return try unsafe body(pointer)
    }

    private func append(_ name: String, _ value: JSON) {
        let fitted =
            switch value {
            case .null: unsafe bson_append_null(pointer, name, -1)
            case .bool(let value): unsafe bson_append_bool(pointer, name, -1, value)
            case .integer(let value): unsafe bson_append_int64(pointer, name, -1, value)
            case .number(let value): unsafe bson_append_double(pointer, name, -1, value)
            case .string(let text): unsafe bson_append_utf8(pointer, name, -1, text, Int32(text.utf8.count))
            case .object: unsafe BSONDocument(value).withPointer { unsafe bson_append_document(pointer, name, -1, $0) }
            case .array(let elements):
                unsafe BSONDocument(Self.numbered(elements)).withPointer {
                    unsafe bson_append_array(pointer, name, -1, $0)
                }
            }
        precondition(fitted, "a document of more than 2 GiB")
    }

    /// An array of BSON is a document with the names 0, 1, 2, ….
    private static func numbered(_ elements: [JSON]) -> JSON {
        .object(elements.enumerated().map { JSON.Member(String($0), $1) })
    }
}
