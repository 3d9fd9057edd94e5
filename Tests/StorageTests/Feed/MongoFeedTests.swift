import Documents
import Foundation
import ModelService
import MongoTesting
import Testing

@testable import Storage

/// A feed on a replica set and on a plain server. Each test has a server of its own.
@Suite(.enabled(if: MongoServer.canStart, "\(MongoServer.noneToKill)"), .serialized, .timeLimit(.minutes(40)))
struct MongoFeedTests {
    enum Kind: CaseIterable {
        case replicaSet, plain

        func server(startsNow: Bool = true) throws -> MongoServer {
            try MongoServer(replicaSet: self == .replicaSet ? "rs0" : nil, startsNow: startsNow)
        }
    }

    private func feed(_ server: MongoServer, from position: FeedPosition = FeedPosition()) throws -> MongoFeed {
        let location = try MongoLocation(parsing: "\(server.uri)/factory", defaultCollection: "a.rows")
        return try MongoFeed(location, collections: ["left", "right"], from: position) { document in
            document.fields["t"]?.integer.map(Timestamp.init(milliseconds:))
        }
    }

    private func shell(_ server: MongoServer) -> MongoShell { MongoShell(uri: server.uri, database: "factory") }

    private func insert(_ times: [Int64], into collection: String, of server: MongoServer) throws {
        try shell(server).insert(times.map { ["t": .integer($0)] }, into: collection)
    }

    /// Reads on, over times without anything, until so many documents have come or none will.
    private func read(_ count: Int, from feed: MongoFeed) throws -> [Int64] {
        var times: [Int64] = []
        for _ in 0..<2000 where times.count < count {
            do throws(StoreError) {
                switch try feed.next() {
                case .document(let document): times.append(document.fields["t"]?.integer ?? -1)
                case .idle: usleep(10_000)
                }
            } catch {
                guard error.kind == .unavailable else { throw error }
            }
        }
        return times
    }

    /// That nothing more comes for a while.
    private func isQuiet(_ feed: MongoFeed) throws -> Bool {
        for _ in 0..<8 {
            guard try feed.next() == .idle else { return false }
            usleep(50_000)
        }
        return true
    }

    @Test(
        "existing documents come in the order of their times, over pages, then those that come, each once",
        arguments: Kind.allCases)
    func existingThenLive(_ kind: Kind) throws {
        let server = try kind.server()
        let count = Int64(CollectionPages.pageSize) + 20
        try insert((0..<count).map { 2 * $0 }, into: "left", of: server)
        try insert((0..<count).map { 2 * $0 + 1 }, into: "right", of: server)
        try insert([7], into: "elsewhere", of: server)
        let feed = try feed(server)
        #expect(try read(Int(2 * count), from: feed) == Array(0..<2 * count))
        #expect(feed.hasChangeStream == (kind == .replicaSet))
        try insert([5001], into: "right", of: server)
        try insert([5000], into: "left", of: server)
        // A poll may see both at once, and then tells them by their times.
        #expect(try read(2, from: feed).sorted() == [5000, 5001])
        try shell(server).run(["update": "left", "updates": [["q": ["t": 0], "u": ["$set": ["x": 1]]]]])
        try shell(server).run(["delete": "right", "deletes": [["q": ["t": 1], "limit": 1]]])
        #expect(try isQuiet(feed))
    }

    @Test("a feed goes on behind the position of another one, whatever came meanwhile", arguments: Kind.allCases)
    func resumed(_ kind: Kind) throws {
        let server = try kind.server()
        try insert(Array(0..<10), into: "left", of: server)
        var first: MongoFeed? = try feed(server)
        #expect(try read(4, from: try #require(first)) == [0, 1, 2, 3])
        let early = try #require(first?.position)
        #expect(try read(6, from: try #require(first)).count == 6)
        #expect(try isQuiet(try #require(first)))
        let late = try #require(first?.position)
        first = nil
        try insert([10, 11], into: "right", of: server)
        // Where there is no change stream, what is younger than the overlap is told again: a repeat is harmless, a gap is not.
        let again = try read(kind == .replicaSet ? 2 : 11, from: try feed(server, from: late))
        #expect(again.suffix(2) == [10, 11])
        let rest = try read(kind == .replicaSet ? 8 : 11, from: try feed(server, from: early))
        #expect(Set(rest).isSuperset(of: 4..<12))
    }

    @Test(
        "a server that is away at the start, is killed or freezes is unavailable, and nothing is lost",
        arguments: Kind.allCases)
    func outages(_ kind: Kind) throws {
        let server = try MongoServer(startsNow: false)
        let early = try feed(server)
        #expect(throws: StoreError.self) { try early.next() }
        try server.start()
        try insert([1], into: "left", of: server)
        #expect(try read(1, from: early) == [1])

        let other = try kind.server()
        let feed = try feed(other)
        try insert([1, 2], into: "left", of: other)
        #expect(try read(2, from: feed) == [1, 2])
        #expect(try isQuiet(feed))
        other.kill()
        let error = #expect(throws: StoreError.self) { while true { _ = try feed.next() } }
        #expect(error?.kind == .unavailable, "\(error?.description ?? "")")
        try other.start()
        try awaitPrimary(other, kind)
        try insert([3], into: "right", of: other)
        #expect(try read(1, from: feed) == [3])
        try other.freeze()
        let frozen = #expect(throws: StoreError.self) { while true { _ = try feed.next() } }
        #expect(frozen?.kind == .unavailable, "\(frozen?.description ?? "")")
        other.thaw()
        try insert([4], into: "right", of: other)
        #expect(try read(1, from: feed) == [4])
        #expect(try isQuiet(feed))
    }

    private func awaitPrimary(_ server: MongoServer, _ kind: Kind) throws {
        guard kind == .replicaSet else { return }
        for _ in 0..<600 {
            if try shell(server).run(["hello": 1])["isWritablePrimary"]?.boolean == true { return }
            usleep(50_000)
        }
    }

    @Test("a token that the server's log no longer holds is refused, and says so")
    func lostHistory() throws {
        let server = try Kind.replicaSet.server()
        var position = FeedPosition()
        position.isReading = false
        // A moment in 2021, long before this server's log begins.
        position.token = #"{"_data":"8260C0C9530000000100000000000000000000000000296E04"}"#
        let feed = try feed(server, from: position)
        let error = #expect(throws: StoreError.self) { _ = try feed.next() }
        #expect(error?.kind == .refused, "\(error?.description ?? "")")
    }

    @Test("a state is kept and read back, and replaced as a whole")
    func state() throws {
        let server = try Kind.plain.server()
        let location = try MongoLocation(parsing: "\(server.uri)/factory", defaultCollection: "a.rows")
        let state = try MongoStateDocument(in: location, collection: "states", name: "one")
        #expect(try state.load() == nil)
        try state.save(["token": "x", "at": 5])
        try state.save(["at": 6, "list": [["a": nil]]])
        let again = try MongoStateDocument(in: location, collection: "states", name: "one")
        #expect(try again.load() == ["_id": "one", "at": 6, "list": [["a": nil]]])
        #expect(try MongoStateDocument(in: location, collection: "states", name: "two").load() == nil)
    }
}
