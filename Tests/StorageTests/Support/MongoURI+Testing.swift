import CMongoC

@testable import Storage

extension MongoURI {
    /// The bounds of a call as libmongoc has them.
    var options: [String: Int32] {
        unsafe withPointer { uri in
            Dictionary(
                uniqueKeysWithValues: Self.milliseconds.map { option, _ in
                    (option, unsafe mongoc_uri_get_option_as_int32(uri, option, -1))
                })
        }
    }

    var writesToMajority: Bool {
        unsafe withPointer { unsafe mongoc_write_concern_get_wmajority(mongoc_uri_get_write_concern($0)) }
    }

    var writesToJournal: Bool {
        unsafe withPointer { unsafe mongoc_write_concern_get_journal(mongoc_uri_get_write_concern($0)) }
    }
}
