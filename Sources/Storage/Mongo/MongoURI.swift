import CMongoC
import ModelService

/// libmongoc's view of a URI, with this program's settings where the URI says nothing.
@safe final class MongoURI {
    /// The settings that bound a call. Their sum is what a call takes at most while the database is away or frozen:
    /// the wait for a server, the connection to it, and its first answer or the one to the call itself. Retries are
    /// `MongoStore`'s, which knows that every call may be repeated, and when there is no time left for it.
    static let milliseconds: [(option: String, value: Int32)] = [
        // More than libmongoc's shortest pause between two looks at a server (500), so that one look falls into it.
        (MONGOC_URI_SERVERSELECTIONTIMEOUTMS, 800), (MONGOC_URI_CONNECTTIMEOUTMS, 500),
        (MONGOC_URI_SOCKETTIMEOUTMS, 1000),
    ]

    private let pointer: OpaquePointer
    /// What libmongoc did not understand and ignores, such as an option that it does not know.
    let warnings: [String]

    private init(parsing text: String) throws(MongoFailure) {
        MongoLibrary.start
        var error = bson_error_t()
        var parsed: OpaquePointer?
        warnings = MongoLibrary.warnings { unsafe parsed = mongoc_uri_new_with_error(text, &error) }
        guard let parsed = unsafe parsed else { throw MongoFailure(error) }
        unsafe pointer = parsed
    }

    /// - Parameter answerMilliseconds: how long an answer may take, where the URI does not say and it is not to be the
    ///   usual time.
    convenience init(_ location: MongoLocation, answerMilliseconds: Int32? = nil) throws(MongoFailure) {
        try self.init(parsing: location.uri)
        if let answerMilliseconds, !has(MONGOC_URI_SOCKETTIMEOUTMS) {
            unsafe mongoc_uri_set_option_as_int32(pointer, MONGOC_URI_SOCKETTIMEOUTMS, answerMilliseconds)
        }
        for (option, value) in Self.milliseconds where !has(option) {
            unsafe mongoc_uri_set_option_as_int32(pointer, option, value)
        }
        for option in [MONGOC_URI_RETRYREADS, MONGOC_URI_RETRYWRITES] where !has(option) {
            unsafe mongoc_uri_set_option_as_bool(pointer, option, false)
        }
        if !has(MONGOC_URI_APPNAME) { unsafe mongoc_uri_set_appname(pointer, "tare") }
        makeWritesDurable()
    }

    deinit { unsafe mongoc_uri_destroy(pointer) }

    /// Lends the URI to `body`, which must not keep it.
    @unsafe func withPointer<Result>(_ body: (OpaquePointer) -> Result) -> Result {
        defer { extendLifetime(self) }
        return unsafe body(pointer)
    }

    /// - Parameter anonymous: the same URI without credentials. Only what libmongoc says of that one may be repeated.
    static func validate(_ text: String, withoutCredentials anonymous: String) throws(StoreLocationProblem) {
        do {
            guard try MongoURI(parsing: text).isAcknowledged else {
                throw StoreLocationProblem("w=0 in the MongoDB URI: what is recorded must be known to be written")
            }
        } catch let problem as StoreLocationProblem {
            throw problem
        } catch {
            let reason: String
            do {
                _ = try MongoURI(parsing: anonymous)
                reason = "its user name or password needs % escapes"
            } catch {
                reason = error.message
            }
            throw StoreLocationProblem("the MongoDB URI is not understood: \(reason); \(MongoLocation.accepted)")
        }
    }

    private func has(_ option: String) -> Bool { unsafe mongoc_uri_has_option(pointer, option) }

    private var isAcknowledged: Bool {
        unsafe mongoc_write_concern_is_acknowledged(mongoc_uri_get_write_concern(pointer))
    }

    /// A row that was answered as recorded must outlive the loss of a server: it is with the majority, in the journal.
    private func makeWritesDurable() {
        guard let concern = unsafe mongoc_write_concern_copy(mongoc_uri_get_write_concern(pointer)) else { return }
        defer { unsafe mongoc_write_concern_destroy(concern) }
        if unsafe mongoc_write_concern_get_w(concern) == MONGOC_WRITE_CONCERN_W_DEFAULT {
            unsafe mongoc_write_concern_set_w(concern, MONGOC_WRITE_CONCERN_W_MAJORITY)
        }
        if unsafe !mongoc_write_concern_journal_is_set(concern) {
            unsafe mongoc_write_concern_set_journal(concern, true)
        }
        unsafe mongoc_uri_set_write_concern(pointer, concern)
    }
}
