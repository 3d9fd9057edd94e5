import ModelService
import Testing

@testable import Storage

@Suite struct StoreLocationTests {
    private static func parse(_ text: String) throws(StoreLocationProblem) -> StoreLocation {
        try StoreLocation(parsing: text, defaultCollection: "Weight.TrainingData")
    }

    @Test("a path is taken as it is", arguments: ["rows.sqlite", "/var/lib/tare/rows.db", "a b.sqlite"])
    func paths(path: String) throws {
        #expect(try Self.parse("sqlite:\(path)") == .sqlite(path: path))
        #expect(try Self.parse("sqlite:\(path)").description == "sqlite:\(path)")
    }

    @Test(
        "the path of a URI names the collection, or a part of it",
        arguments: [
            ("mongodb://h", "Weight", "TrainingData"), ("mongodb://h/", "Weight", "TrainingData"),
            ("mongodb://h/?w=1", "Weight", "TrainingData"), ("mongodb://h?w=1", "Weight", "TrainingData"),
            ("mongodb://h/factory", "factory", "TrainingData"), ("mongodb://h/factory.rows", "factory", "rows"),
            ("mongodb://h/a.b.c?w=1", "a", "b.c"), ("mongodb://h:1,i:2/a.b?replicaSet=rs0", "a", "b"),
            ("mongodb://u:p%40%2F@h/f%C3%A9.r", "fé", "r"), ("mongodb+srv://cluster.example.com/a.b", "a", "b"),
            ("mongodb://%2Ftmp%2Fmongodb-27017.sock/a.b", "a", "b"), ("mongodb://[::1]:27017/a.b", "a", "b"),
        ])
    func collections(text: String, database: String, collection: String) throws {
        guard case .mongo(let location) = try Self.parse(text) else {
            Issue.record("no MongoDB location")
            return
        }
        #expect(location.database == database)
        #expect(location.collection == collection)
    }

    @Test("no text about a location shows its user, its password or its options")
    func noCredentials() throws {
        let location = try Self.parse("mongodb://user:s3cret@h:27018,i/a.b?authSource=admin")
        #expect(location.description == "mongodb://h:27018,i/a.b")
        for text in ["\(location)", String(reflecting: location), String(describing: [location])] {
            #expect(!text.contains("s3cret") && !text.contains("user"))
        }
        var dumped = ""
        dump(location, to: &dumped)
        #expect(!dumped.contains("s3cret"))
    }

    @Test(
        "what is no store is refused, with what is accepted and without credentials",
        arguments: [
            "", "rows.sqlite", "sqlite:", "sqlite:folder/", "mongodb:", "mongodb:/h", "postgres://user:s3cret@h/d",
            "mongodb://", "mongodb:///a.b", "mongodb://user:s3cret@", "mongodb://user:s3cret@h:port/a.b",
            "mongodb://user:s3cret@h:99999999/a.b", "mongodb://user:s3c%ret@h/a.b", "mongodb://us@er:s3cret@h/a.b",
            "mongodb://user:a/s3cret@h/a.b", "mongodb://user:a?s3cret@h/a.b", "mongodb://user:a#s3cret:x@h/a.b",
            "mongodb://:s3cret@h/a.b", "mongodb+srv://user:s3cret@h/a.b", "mongodb+srv://a.b.c,d.e.f/a.b",
            "mongodb://h/.b", "mongodb://h/a.", "mongodb://h/a b.c", "mongodb://h/a.$b", "mongodb://h/a%2Fb.c",
            "mongodb://h/a.system.b", "mongodb://h/a%00.b", "mongodb://h/a%.b", "mongodb://user:s3cret@h/a.b?w=0",
            "mongodb://user:s3cret@h/a.b?journal", "mongodb://user:s3cret@h/a.b?w=0&journal=true",
            "mongodb://user:s3cret@h/a.b?readPreference=nowhere",
            "mongodb://user:s3cret@h/a.b?tls=true&tlsCertificateKeyFilePassword=s3cret&tls=maybe",
        ])
    func refused(text: String) {
        let problem = #expect(throws: StoreLocationProblem.self) { try Self.parse(text) }
        let description = problem?.description ?? ""
        #expect(!description.contains("s3c"), "\(description)")
        #expect(
            ["accepted", "w=0", "percent", "%2F", "escape"].contains { description.contains($0) }, "\(description)")
        #expect(!description.contains { $0.isNewline })
    }

    @Test("the settings that bound a call hold unless the URI sets them, and add up to less than 2.5 s")
    func bounds() throws {
        #expect(MongoURI.milliseconds.reduce(0) { $0 + Int($1.value) } < 2500)
        let ours = try MongoURI(MongoLocation(parsing: "mongodb://h", defaultCollection: "a.b"))
        #expect(ours.options == ["serverselectiontimeoutms": 800, "connecttimeoutms": 500, "sockettimeoutms": 1000])
        let theirs = try MongoURI(
            MongoLocation(
                parsing: "mongodb://h/?socketTimeoutMS=7&SERVERSELECTIONTIMEOUTMS=8&connectTimeoutMS=9",
                defaultCollection: "a.b"))
        #expect(theirs.options == ["serverselectiontimeoutms": 8, "connecttimeoutms": 9, "sockettimeoutms": 7])
    }

    @Test(
        "writes reach the majority's journals unless the URI says otherwise",
        arguments: [
            ("mongodb://h", true, true), ("mongodb://h/?w=1", false, true), ("mongodb://h/?journal=false", true, false),
            ("mongodb://h/?w=majority", true, true), ("mongodb://h/?w=2&journal=true", false, true),
        ])
    func durability(text: String, isMajority: Bool, isJournaled: Bool) throws {
        let uri = try MongoURI(MongoLocation(parsing: text, defaultCollection: "a.b"))
        #expect(uri.writesToMajority == isMajority)
        #expect(uri.writesToJournal == isJournaled)
    }
}
