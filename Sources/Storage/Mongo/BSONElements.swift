import CMongoC
import Documents
import Glibc
import ModelService

/// Walks the elements of a BSON document.
@safe struct BSONElements: ~Copyable {
    private let iterator: OpaquePointer
    /// What the iterator reads, where that is owned here.
    private let document: BSONDocument?

    /// Elements of nothing, until `restart`.
    init() { self.init(keeping: nil) }

    init(of document: BSONDocument) {
        self.init(keeping: document)
        unsafe document.withPointer { unsafe restart(with: $0) }
    }

    private init(keeping document: BSONDocument?) {
        guard let iterator = unsafe tare_bson_iter_new() else { preconditionFailure("out of memory") }
        unsafe self.iterator = iterator
        self.document = document
    }

    deinit { unsafe tare_bson_iter_free(iterator) }

    /// Before the first element of another document, which must outlive the walk.
    @unsafe func restart(with document: OpaquePointer) {
        unsafe bson_iter_init(iterator, document)
    }

    /// Steps to the next element; false behind the last one.
    func next() -> Bool { unsafe bson_iter_next(iterator) }

    /// The document or array that the element holds; empty where it holds neither.
    var nested: BSONElements {
        let nested = BSONElements(keeping: document)
        unsafe bson_iter_recurse(iterator, nested.iterator)
        return nested
    }

    var name: String { unsafe String(cString: bson_iter_key(iterator)) }

    /// Whether that is the element's name; cheaper than to make a string of it.
    @unsafe func isNamed(_ name: UnsafePointer<CChar>) -> Bool { unsafe strcmp(bson_iter_key(iterator), name) == 0 }

    /// Copies the element to the end of another document.
    @unsafe func append(to document: OpaquePointer) {
        unsafe bson_append_iter(document, nil, -1, iterator)
    }

    var value: StoredValue {
        switch unsafe bson_iter_type(iterator) {
        case BSON_TYPE_DOUBLE: .number(unsafe bson_iter_double(iterator))
        case BSON_TYPE_INT32: .whole(Int64(unsafe bson_iter_int32(iterator)))
        case BSON_TYPE_INT64: .whole(unsafe bson_iter_int64(iterator))
        case BSON_TYPE_DECIMAL128: decimal.map { .number($0) } ?? .nothing
        case BSON_TYPE_UTF8: .text(text)
        case BSON_TYPE_DATE_TIME: .time(Timestamp(milliseconds: unsafe bson_iter_date_time(iterator)))
        default: .nothing
        }
    }

    private var text: String {
        var length: UInt32 = 0
        guard let start = unsafe bson_iter_utf8(iterator, &length) else { return "" }
        let bytes = unsafe UnsafeRawBufferPointer(start: start, count: Int(length))
        return unsafe String(decoding: bytes, as: UTF8.self)
    }

    private var decimal: Double? {
        var decimal = bson_decimal128_t()
        guard unsafe bson_iter_decimal128(iterator, &decimal) else { return nil }
        return unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(BSON_DECIMAL128_STRING)) { text in
            guard let start = text.baseAddress else { return nil }
            unsafe bson_decimal128_to_string(&decimal, start)
            return ExtendedJSON.number(ofDecimal: unsafe String(cString: start))
        }
    }
}
