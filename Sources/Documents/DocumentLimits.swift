/// Bounds of what documents may hold, for all who read them.
package enum DocumentLimits {
    /// The longest identifier of a subject that is accepted, in Unicode scalars.
    package static let identifierCharactersMax = 256
}
