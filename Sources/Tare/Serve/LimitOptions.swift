import ArgumentParser
import HTTPServer
import ModelService

/// The bounds of `tare serve`, each with the server's own default.
struct LimitOptions: ParsableArguments {
    private static let defaults = HTTPLimits()

    @Option(help: ArgumentHelp("Bytes of a request's target; 414 beyond.", valueName: "n"))
    var urlBytesMax = defaults.urlBytesMax

    @Option(help: ArgumentHelp("Bytes of a request's line and headers; 431 beyond.", valueName: "n"))
    var headerBytesMax = defaults.headerBytesMax

    @Option(help: ArgumentHelp("Headers of a request; 431 beyond.", valueName: "n"))
    var headerFieldsMax = defaults.headerFieldsMax

    @Option(help: ArgumentHelp("Bytes of a request's body; 413 beyond.", valueName: "n"))
    var bodyBytesMax = defaults.bodyBytesMax

    @Option(
        help: ArgumentHelp(
            """
            Megabytes (of 1,048,576 bytes) of memory that the whole server takes at most, whatever comes: see \
            docs/bounds.md. Default: \(MemoryPlan.megabytesDefault), or as many as the other limits and --rows need.
            """, valueName: "n"))
    var memoryMbMax: Int?

    @Option(
        help: ArgumentHelp(
            """
            Bytes that requests hold together: bodies, what is made of them, and large answers; 503 beyond, and 429 for an \
            address that would hold more than half. Default: what --memory-mb-max leaves for it.
            """, valueName: "n"))
    var bufferedBytesMax: Int?

    @Option(
        help: ArgumentHelp(
            """
            Bytes of bodies that are read in a second for each of --threads, beyond the first 16 KiB of each body, or 256 \
            KiB of eight at a time; more has to wait.
            """, valueName: "n"))
    var uploadBytesPerSecondMax = defaults.uploadBytesPerSecondMax

    @Option(help: ArgumentHelp("Open connections; further ones are answered 503 and closed.", valueName: "n"))
    var connectionsMax = defaults.connectionsMax

    @Option(
        help: ArgumentHelp(
            "Open connections from one address; further ones are answered 429 and closed.", valueName: "n"))
    var connectionsPerAddressMax = defaults.connectionsPerAddressMax

    @Option(help: ArgumentHelp("Connections that the system keeps waiting.", valueName: "n"))
    var listenBacklog = defaults.listenBacklog

    @Option(help: ArgumentHelp("Seconds that a connection may be idle.", valueName: "n"))
    var connectionSecondsMax = defaults.connectionSecondsMax

    @Option(help: ArgumentHelp("Seconds that a request may take to arrive; 408 beyond.", valueName: "n"))
    var requestSecondsMax = defaults.requestSecondsMax

    @Option(help: ArgumentHelp("Seconds that a client may take to accept its answer.", valueName: "n"))
    var responseSecondsMax = defaults.responseSecondsMax

    @Option(help: ArgumentHelp("Requests that wait for the database or a training; 503 beyond.", valueName: "n"))
    var suspendedMax = defaults.suspendedMax

    @Option(help: ArgumentHelp("Live streams of GET /events; 503 beyond.", valueName: "n"))
    var streamsMax = defaults.streamsMax

    @Option(help: ArgumentHelp("Seconds for which a refused client is still read.", valueName: "n"))
    var lingerSecondsMax = defaults.lingerSecondsMax

    @Option(help: ArgumentHelp("Seconds that a stop gives to what is in flight.", valueName: "n"))
    var graceSecondsMax = defaults.graceSecondsMax

    /// - Parameter rows: those that a training reads.
    func plan(isTLS: Bool, rows: RowChoice) throws(MemoryPlan.Refusal) -> MemoryPlan {
        func plan(_ megabytes: Int) throws(MemoryPlan.Refusal) -> MemoryPlan {
            try MemoryPlan(
                megabytes: megabytes, limits: limits, bufferedBytesMax: bufferedBytesMax, isTLS: isTLS, rows: rows)
        }
        if let memoryMbMax { return try plan(memoryMbMax) }
        do throws(MemoryPlan.Refusal) {
            return try plan(MemoryPlan.megabytesDefault)
        } catch {
            return try plan(error.megabytesLeast)
        }
    }

    /// All but what the plan says.
    var limits: HTTPLimits {
        var limits = HTTPLimits()
        limits.urlBytesMax = urlBytesMax
        limits.headerBytesMax = headerBytesMax
        limits.headerFieldsMax = headerFieldsMax
        limits.bodyBytesMax = bodyBytesMax
        limits.uploadBytesPerSecondMax = uploadBytesPerSecondMax
        limits.connectionsMax = connectionsMax
        limits.connectionsPerAddressMax = connectionsPerAddressMax
        limits.listenBacklog = listenBacklog
        limits.connectionSecondsMax = connectionSecondsMax
        limits.requestSecondsMax = requestSecondsMax
        limits.responseSecondsMax = responseSecondsMax
        limits.suspendedMax = suspendedMax
        limits.streamsMax = streamsMax
        limits.lingerSecondsMax = lingerSecondsMax
        limits.graceSecondsMax = graceSecondsMax
        return limits
    }

    func validate() throws {
        guard let memoryMbMax, !(1...Self.megabytesMax).contains(memoryMbMax) else { return }
        throw ValidationError("--memory-mb-max must be from 1 to \(Self.megabytesMax), given \(memoryMbMax)")
    }

    private static let megabytesMax = 1 << 20
}
