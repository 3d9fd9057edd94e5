import CMongoC
import Threading

/// libmongoc's process-wide state.
enum MongoLibrary {
    /// libmongoc wants to be started once before anything else, by every way into this folder. It is never ended: that
    /// is only safe when no thread uses it any more, which the end of the process sees to.
    static let start: Void = {
        tare_mongoc_start()
        unsafe mongoc_log_set_handler(mongoLogged, nil)
    }()

    /// The warnings that libmongoc writes during `body`, such as that it does not know an option of a URI. It has no
    /// other way to tell. What it writes at other times is dropped: every failure also arrives as an error.
    static func warnings(during body: () -> Void) -> [String] {
        turn.withLock { _ in
            warnings.withLock { $0 = [] }
            body()
            return warnings.withLock { $0.take() } ?? []
        }
    }

    /// One caller at a time collects warnings.
    private static let turn = Lock(())
    fileprivate static let warnings = Lock<[String]?>(nil)
}

/// Called by libmongoc on any of its threads.
private func mongoLogged(
    level: mongoc_log_level_t, domain: UnsafePointer<CChar>?, message: UnsafePointer<CChar>?,
    context: UnsafeMutableRawPointer?
) {
    guard let message = unsafe message, level == MONGOC_LOG_LEVEL_WARNING else { return }
    let text = unsafe String(cString: message)
    MongoLibrary.warnings.withLock { $0?.append(text) }
}
