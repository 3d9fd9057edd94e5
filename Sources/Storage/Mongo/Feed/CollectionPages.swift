import Documents

/// The documents of one collection in the order of `_id`, a page at a time.
struct CollectionPages {
    static let pageSize = 500

    let location: MongoLocation
    /// The next page begins at this `_id`, as extended JSON; nil begins at the first.
    private var start: String?
    private var page: ArraySlice<FeedDocument> = []
    private var isLastPage = false

    init(_ location: MongoLocation, from start: String?) {
        self.location = location
        self.start = start
    }

    /// The next document, read where it must be; nil behind the last.
    ///
    /// A page begins with the `_id` that the last one ended with: that one is told again. (The bounds of the index are
    /// given, and no condition on `_id`, which would find only those of the same type.)
    mutating func first(in pool: MongoPool) throws(MongoFailure) -> FeedDocument? {
        if page.isEmpty, !isLastPage { try read(pool) }
        return page.first
    }

    mutating func removeFirst() { page.removeFirst() }

    private mutating func read(_ pool: MongoPool) throws(MongoFailure) {
        let from = start.map { ",\"min\":{\"_id\":\($0)},\"hint\":{\"_id\":1}" } ?? ""
        let text = "{\"sort\":{\"_id\":1},\"limit\":\(Self.pageSize),\"batchSize\":\(Self.pageSize + 1)\(from)}"
        let options = try BSONDocument(extendedJSON: text)
        let found = try pool.withCollection(at: location) { collection throws(MongoFailure) in
            unsafe try collection.find(
                BSONDocument([:]), options: options, as: { unsafe FeedDocument($0, of: location.collection) })
        }
        page = found[...]
        isLastPage = found.count < Self.pageSize
        start = page.last?.identifier ?? start
    }
}
