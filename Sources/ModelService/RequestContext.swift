/// Which request the work at hand is done for: what is logged meanwhile names it.
package enum RequestContext {
    /// Nil where no request is the cause.
    @TaskLocal package static var id: String?

    /// `work`, done for the request of now on whichever thread it is called.
    package static func carrying(_ work: @escaping @Sendable () -> Void) -> @Sendable () -> Void {
        guard let id else { return work }
        return { $id.withValue(id, operation: work) }
    }
}
