package import Documents
package import ModelService

/// The documents of some collections of one database: those that are there, oldest first, then those that come.
///
/// On a replica set those that come are read from a change stream, opened before the existing documents are read, so that
/// none falls between. On a plain server, which has no such streams, the collections are read again and again from the
/// last `_id` on, less `overlapSeconds`, because several writers' object ids of one second come in any order.
///
/// Only what is inserted counts; changes and deletions do not. For one thread at a time.
package final class MongoFeed {
    package enum Reading: Sendable, Equatable {
        case document(FeedDocument)
        /// There is nothing new.
        case idle
    }

    private enum Phase {
        case closed
        case reading
        case following
        /// All that was there is read; to be looked at again.
        case waiting(until: ContinuousClock.Instant)
    }

    /// The first look at a long log takes the server a while.
    private static let answerMilliseconds: Int32 = 5000
    private static let overlapSeconds: Int64 = 10
    private static let pollingInterval = Duration.milliseconds(250)

    private let location: MongoLocation
    private let collections: [String]
    private let time: (FeedDocument) -> Timestamp?
    private let uri: MongoURI
    private var pool: MongoPool?
    private var stream: MongoChangeStream?
    private var phase = Phase.closed
    /// Of the existing documents, while those are read.
    private var pages: [CollectionPages] = []
    /// The documents that were seen lately, as two ways of reading overlap.
    private var recent = RecentHashes(countMax: 50_000)

    /// Behind the last document that was told.
    package private(set) var position: FeedPosition

    /// It does not connect; `next` does.
    /// - Parameters:
    ///   - location: names the database; its collection does not matter.
    ///   - time: of a document. Existing documents of several collections are told in this order, as far as each
    ///     collection's own order allows.
    package init(
        _ location: MongoLocation, collections: [String], from position: FeedPosition,
        time: @escaping (FeedDocument) -> Timestamp?
    ) throws(StoreError) {
        self.location = location
        self.collections = collections
        self.time = time
        self.position = position
        for (collection, identifier) in position.identifiers {
            _ = recent.insert(hashOf: Self.name(collection, identifier))
        }
        do { uri = try MongoURI(location, answerMilliseconds: Self.answerMilliseconds) } catch {
            throw StoreError(mongo: error, purpose: "reading the URI", location: location)
        }
    }

    /// Whether new documents are told by a change stream; known once something was read.
    package var hasChangeStream: Bool { stream != nil }

    /// Waits a moment where there is nothing, if there is a change stream.
    /// - Throws: `.unavailable` where the database is away: call again, and it goes on where it was. `.refused` where
    ///   calling again changes nothing.
    package func next() throws(StoreError) -> Reading {
        do {
            return try read()
        } catch {
            phase = .closed
            stream = nil
            if error.isHistoryLost {
                throw StoreError(
                    .refused,
                    "following \(location.database): the server's log no longer reaches back to where the last run ended"
                        + " (MongoDB \(error.code))")
            }
            throw StoreError(
                mongo: error, purpose: "reading \(collections.joined(separator: ", "))", location: location)
        }
    }

    private func read() throws(MongoFailure) -> Reading {
        while true {
            switch phase {
            case .closed: try open()
            case .reading:
                if let document = try nextExisting() { return .document(document) }
            case .following:
                guard let document = try nextInserted() else { return .idle }
                return .document(document)
            case .waiting(let end):
                guard ContinuousClock.now >= end else { return .idle }
                beginReading()
            }
        }
    }

    private func open() throws(MongoFailure) {
        let pool = try opened()
        do {
            stream = try MongoChangeStream(
                pool, database: location.database, collections: collections, after: position.token)
        } catch let error where error.isWithoutChangeStreams {
            stream = nil
        }
        if let stream {
            position.token = stream.token ?? position.token
        } else {
            position.token = nil
            position.isReading = true
        }
        if position.isReading { beginReading() } else { phase = .following }
    }

    private func opened() throws(MongoFailure) -> MongoPool {
        if let pool { return pool }
        let opened = try MongoPool(uri)
        pool = opened
        return opened
    }
}

// MARK: - Existing documents

extension MongoFeed {
    private func beginReading() {
        pages = collections.map { name in
            let last = position.identifiers[name]
            return CollectionPages(location.sibling(name), from: stream == nil ? last.map(Self.overlapped) : last)
        }
        phase = .reading
    }

    /// The earliest `_id` that may still come beside this one.
    private static func overlapped(_ identifier: String) -> String {
        guard let parsed = try? JSON(parsing: identifier), let made = ExtendedJSON.creation(ofIdentifier: parsed) else {
            return identifier
        }
        let seconds = max(0, made.milliseconds / 1000 - overlapSeconds)
        let digits = String(seconds, radix: 16)
        return "{\"$oid\":\"\(String(repeating: "0", count: 8 - digits.count))\(digits)0000000000000000\"}"
    }

    /// The document with the earliest time among the first of each collection; nil, and the next phase, behind the last.
    private func nextExisting() throws(MongoFailure) -> FeedDocument? {
        let pool = try opened()
        while true {
            var earliest: (index: Int, document: FeedDocument, time: Int64)?
            for index in pages.indices {
                guard let document = try pages[index].first(in: pool) else { continue }
                let time = time(document)?.milliseconds ?? .min
                if earliest.map({ time < $0.time }) ?? true { earliest = (index, document, time) }
            }
            guard let earliest else {
                finishReading()
                return nil
            }
            pages[earliest.index].removeFirst()
            let document = earliest.document
            guard recent.insert(hashOf: Self.name(document.collection, document.identifier)) else { continue }
            note(document)
            return document
        }
    }

    private func finishReading() {
        if stream != nil {
            position.isReading = false
            position.identifiers = [:]
            phase = .following
        } else {
            phase = .waiting(until: .now + Self.pollingInterval)
        }
    }

    /// What comes late, within the overlap, does not set the position back.
    private func note(_ document: FeedDocument) {
        let last = position.identifiers[document.collection]
        let isLate = document.creation != nil && last.map { document.identifier < $0 } ?? false
        if !isLate { position.identifiers[document.collection] = document.identifier }
    }

    private static func name(_ collection: String, _ identifier: String) -> String { "\(collection) \(identifier)" }
}

// MARK: - Documents that come

extension MongoFeed {
    private func nextInserted() throws(MongoFailure) -> FeedDocument? {
        guard let stream else { return nil }
        while let inserted = try stream.next() {
            position.token = stream.token ?? position.token
            if recent.insert(hashOf: Self.name(inserted.collection, inserted.identifier)) { return inserted }
        }
        position.token = stream.token ?? position.token
        return nil
    }
}
