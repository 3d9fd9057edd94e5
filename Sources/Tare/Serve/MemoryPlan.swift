import CAllocator
import HTTPServer
import ModelService

/// How the memory of the server is shared out: a value. What does not depend on requests is set aside first; the rest is
/// what trainings read and what requests may hold. The figures are estimates with room to spare: docs/bounds.md has what
/// attacks came to.
struct MemoryPlan: Equatable {
    static let megabytesDefault = 512

    /// Of the whole server.
    let bytes: Int
    /// What requests may hold together: bodies, what is made of them, and large answers.
    let requestBytes: Int
    /// Rows that one training may read.
    let trainingRowsMax: Int

    /// The program, its threads, and the caches of a database.
    private static let processBytes = 96 << 20
    /// What the library and this program keep for a connection; further what GnuTLS does.
    private static let connectionBytes = 40 << 10
    private static let tlsBytes = 100 << 10
    /// What is made of one large body at a time, see `BodyThreads`.
    private static let workBytes = 16 << 20
    /// Of a row in a training, with all that is made of it.
    private static let rowBytes = 1 << 10
    /// So many bodies of the largest size must fit at one time.
    private static let bodiesMin = 4

    /// - Throws: where the limits cannot be kept to in so little memory.
    init(megabytes: Int, limits: HTTPLimits, bufferedBytesMax: Int?, isTLS: Bool, rows: RowChoice) throws(Refusal) {
        let perConnection = Self.connectionBytes + limits.headerBytesMax + (isTLS ? Self.tlsBytes : 0)
        let fixed =
            Self.processBytes + limits.connectionsMax * perConnection + 2 * Routes.bodiesMax * Self.workBytes
            + limits.streamsMax * HTTPLimits.streamBytesMax
        let rest = max(0, (megabytes << 20) - fixed)
        let requests = rest / 4 * 3
        let trainingRows = rest / 4 / Self.rowBytes
        let needed = max(
            Self.bodiesMin * limits.bodyBytesMax, bufferedBytesMax ?? 0, rows.rowsMax * Self.rowBytes * 3)
        guard requests >= needed else {
            let least = ((fixed + (needed + 2) / 3 * 4 + 3) >> 20) + 1
            throw Refusal(
                megabytesLeast: least,
                description:
                    "--memory-mb-max \(megabytes) is too little for the other limits: with \(limits.connectionsMax) "
                    + "connections, bodies of \(limits.bodyBytesMax) bytes and --rows "
                    + "\(rows.text(factor: "group")) at least \(least) is needed")
        }
        bytes = megabytes << 20
        requestBytes = bufferedBytesMax ?? requests
        trainingRowsMax = trainingRows
    }

    /// One address may hold half, so that there is room for others.
    var requestBytesPerClient: Int { requestBytes / 2 }

    struct Refusal: Error, Equatable, CustomStringConvertible {
        /// What would do.
        let megabytesLeast: Int
        let description: String
    }
}

extension MemoryPlan {
    /// From so many bytes on a block goes back to the system as soon as it is freed.
    private static let largeBlock = 256 << 10

    /// Sees to it that what is freed is given back. To be called before there are threads.
    static func prepareAllocator() {
        tare_give_back_blocks_from(Int32(largeBlock))
    }
}
