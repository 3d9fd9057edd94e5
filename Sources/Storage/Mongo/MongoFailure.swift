import CMongoC
import ModelService

/// What libmongoc, or the server through it, says when it does not do what it was asked.
struct MongoFailure: Error {
    let domain: mongoc_error_domain_t
    let code: UInt32
    let message: String

    init(_ error: bson_error_t) {
        domain = mongoc_error_domain_t(rawValue: error.domain)
        code = error.code
        message = unsafe withUnsafePointer(to: error) { unsafe String(cString: tare_error_message($0)) }
    }

    /// A failure that the server reported.
    init(serverCode: UInt32, message: String) {
        domain = MONGOC_ERROR_SERVER
        code = serverCode
        self.message = message
    }

    /// Calls `body` with room for an error.
    static func unless(_ body: (inout bson_error_t) -> Bool) throws(MongoFailure) {
        var error = bson_error_t()
        guard body(&error) else { throw MongoFailure(error) }
    }
}

extension MongoFailure {
    var kind: StoreError.Kind {
        switch domain {
        case MONGOC_ERROR_SERVER, MONGOC_ERROR_WRITE_CONCERN:
            Self.transientCodes.contains(code) ? .unavailable : .refused
        case MONGOC_ERROR_STREAM, MONGOC_ERROR_SERVER_SELECTION, MONGOC_ERROR_CURSOR, MONGOC_ERROR_POOL: .unavailable
        case MONGOC_ERROR_PROTOCOL:
            code == MONGOC_ERROR_PROTOCOL_BAD_WIRE_VERSION.rawValue ? .refused : .unavailable
        // A connection that breaks during authentication is reported as if the credentials were wrong.
        case MONGOC_ERROR_CLIENT: message.contains("socket error or timeout") ? .unavailable : .refused
        default: .refused
        }
    }

    /// Whether a connection turned out to be dead, or no longer to lead to the primary: another one may do at once.
    var isLostConnection: Bool {
        domain == MONGOC_ERROR_STREAM || domain == MONGOC_ERROR_SERVER && Self.lostPrimaryCodes.contains(code)
    }

    /// The server plans no query with an index that is not there.
    var isUnknownHint: Bool { domain == MONGOC_ERROR_SERVER && (code == 2 || code == 291) }

    /// Change streams need a replica set: a plain `mongod` has no log to read them from.
    var isWithoutChangeStreams: Bool { domain == MONGOC_ERROR_SERVER && code == 40573 }

    /// The log no longer reaches back to the token that a change stream was to go on from: ChangeStreamFatalError,
    /// ChangeStreamHistoryLost.
    var isHistoryLost: Bool { domain == MONGOC_ERROR_SERVER && (code == 280 || code == 286) }

    static let duplicateKeyCode: UInt32 = 11000

    /// Server errors that go away: https://github.com/mongodb/mongo/blob/v6.0/src/mongo/base/error_codes.yml,
    /// there in the categories NetworkError, NotPrimaryError, ShutdownError, Interruption and WriteConcernError, and
    /// OutOfDiskSpace.
    private static let transientCodes: Set<UInt32> = [
        6, 7, 24, 50, 64, 89, 91, 112, 133, 134, 136, 189, 202, 262, 9001, 10107, 11600, 11601, 11602, 13435, 13436,
        14031,
    ]

    private static let lostPrimaryCodes: Set<UInt32> = [91, 189, 10107, 11600, 11602, 13435, 13436]
}

extension StoreError {
    /// - Parameter purpose: what was tried, such as `recording 3 rows`.
    init(mongo failure: MongoFailure, purpose: String, location: MongoLocation) {
        let message = failure.message.split(whereSeparator: \.isNewline).joined(separator: " ")
        self.init(failure.kind, "\(purpose) in \(location): \(message) (MongoDB \(failure.code))")
    }
}
