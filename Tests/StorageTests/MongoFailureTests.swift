import CMongoC
import Documents
import ModelService
import Testing

@testable import Storage

/// What libmongoc's errors and the server's answers mean to a caller.
@Suite struct MongoFailureTests {
    private static func failure(_ domain: mongoc_error_domain_t, _ code: UInt32) -> MongoFailure {
        MongoFailure(bson_error_t(domain: domain.rawValue, code: code, message: bson_error_t().message))
    }

    @Test(
        "an answer of the server is refused unless its cause goes away",
        arguments: [
            (11600, StoreError.Kind.unavailable), (10107, .unavailable), (189, .unavailable), (64, .unavailable),
            (14031, .unavailable), (50, .unavailable), (13, .refused), (18, .refused), (121, .refused), (2, .refused),
            (11000, .refused),
        ] as [(UInt32, StoreError.Kind)])
    func serverCodes(code: UInt32, kind: StoreError.Kind) {
        #expect(MongoFailure(serverCode: code, message: "").kind == kind)
    }

    @Test("a connection that fails is unavailable, a server that is too old and wrong credentials are refused")
    func domains() {
        for domain in [MONGOC_ERROR_STREAM, MONGOC_ERROR_SERVER_SELECTION, MONGOC_ERROR_CURSOR, MONGOC_ERROR_POOL] {
            #expect(Self.failure(domain, 4).kind == .unavailable)
        }
        #expect(Self.failure(MONGOC_ERROR_PROTOCOL, MONGOC_ERROR_PROTOCOL_INVALID_REPLY.rawValue).kind == .unavailable)
        #expect(Self.failure(MONGOC_ERROR_PROTOCOL, MONGOC_ERROR_PROTOCOL_BAD_WIRE_VERSION.rawValue).kind == .refused)
        #expect(Self.failure(MONGOC_ERROR_CLIENT, MONGOC_ERROR_CLIENT_AUTHENTICATE.rawValue).kind == .refused)
        #expect(Self.failure(MONGOC_ERROR_BSON, MONGOC_ERROR_BSON_INVALID.rawValue).kind == .refused)
    }

    @Test("a call is repeated on another connection only where this one was lost")
    func repeated() {
        #expect(Self.failure(MONGOC_ERROR_STREAM, 4).isLostConnection)
        #expect(MongoFailure(serverCode: 10107, message: "").isLostConnection)
        #expect(!MongoFailure(serverCode: 13, message: "").isLostConnection)
        #expect(!Self.failure(MONGOC_ERROR_SERVER_SELECTION, 13053).isLostConnection)
    }

    @Test("a description is one line without credentials: what was tried, where, what was said")
    func description() throws {
        let location = try MongoLocation(parsing: "mongodb://user:s3cret@h/a.b?w=1", defaultCollection: "c.d")
        let failure = MongoFailure(serverCode: 50, message: "operation\nexceeded time limit")
        #expect(
            StoreError(mongo: failure, purpose: "recording 3 rows", location: location)
                == StoreError(
                    .unavailable,
                    "recording 3 rows in mongodb://h/a.b: operation exceeded time limit (MongoDB 50)"))
    }

    private static func outcome(_ errors: [JSON], concern: [JSON] = []) -> InsertOutcome {
        InsertOutcome(
            BSONDocument(["insertedCount": 3, "writeErrors": .array(errors), "writeConcernErrors": .array(concern)]))
    }

    private static let repeated: JSON = ["index": 0, "code": 11000, "errmsg": "E11000", "keyPattern": ["_id": 1]]

    @Test("a repeated row is no failure, whatever the server tells of its key")
    func repeats() {
        let outcome = Self.outcome([Self.repeated, ["index": 1, "code": 11000, "errmsg": ""]])
        #expect(outcome.duplicates == [0, 1])
        #expect(outcome.failure == nil)
    }

    @Test(
        "another key's duplicate, another error and an unmet write concern are failures",
        arguments: [
            (["index": 1, "code": 11000, "errmsg": "first", "keyPattern": ["Fish_Id": 1]], 11000),
            (["index": 1, "code": 121, "errmsg": "first"], 121),
        ] as [(JSON, UInt32)])
    func failures(error: JSON, code: UInt32) {
        let outcome = Self.outcome([Self.repeated, error, ["code": 7, "errmsg": "second"]])
        #expect(outcome.failure?.code == code)
        #expect(outcome.failure?.message == "first")
        #expect(Self.outcome([Self.repeated], concern: [["code": 64, "errmsg": "late"]]).failure?.kind == .unavailable)
    }
}
