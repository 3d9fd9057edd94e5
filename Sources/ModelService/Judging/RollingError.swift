/// The mean error of the model that serves on the newest rows that came since it went into service: a pure value.
package struct RollingError: Sendable, Equatable {
    /// Of so many rows.
    package static let rowsMax = 50

    /// A ring, once it is full.
    private var errors: [Double] = []
    private var next = 0

    /// How many rows it is the mean of.
    package var rows: Int { errors.count }

    /// In the specification's measure; nil without a row.
    package var mean: Double? { errors.isEmpty ? nil : errors.reduce(0, +) / Double(errors.count) }

    /// - Parameter error: left out where it is not finite, as that of a truth of 0 is.
    mutating func observe(_ error: Double) {
        guard error.isFinite else { return }
        if errors.count < Self.rowsMax { errors.append(error) } else { errors[next] = error }
        next = (next + 1) % Self.rowsMax
    }
}
