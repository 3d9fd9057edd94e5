/// Something that can never succeed, and why: counted and shown, and then the stream goes on.
package struct SetAside: Sendable, Equatable, CustomStringConvertible {
    package let place: String
    package let reason: String
    /// The name of the request by which the model server refused it.
    package let request: String?

    package init(place: String, reason: String, request: String? = nil) {
        self.place = place
        self.reason = reason
        self.request = request
    }

    package var description: String { "\(place): \(reason)" }
}
