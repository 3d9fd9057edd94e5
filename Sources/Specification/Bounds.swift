/// The numbers that are accepted of a variable, in the unit of the data.
@usableFromInline package struct Bounds: Sendable, Hashable {
    @usableFromInline package let minimum: Double
    @usableFromInline package let isMinimumIncluded: Bool
    @usableFromInline package let maximum: Double

    package init(minimum: Double, isMinimumIncluded: Bool, maximum: Double) {
        self.minimum = minimum
        self.isMinimumIncluded = isMinimumIncluded
        self.maximum = maximum
    }

    package static func above(_ minimum: Double, upTo maximum: Double) -> Bounds {
        Bounds(minimum: minimum, isMinimumIncluded: false, maximum: maximum)
    }

    package static func from(_ minimum: Double, upTo maximum: Double) -> Bounds {
        Bounds(minimum: minimum, isMinimumIncluded: true, maximum: maximum)
    }

    /// Not of what is no number.
    @inline(__always) @inlinable package func contains(_ value: Double) -> Bool {
        (isMinimumIncluded ? value >= minimum : value > minimum) && value <= maximum
    }

    /// For messages.
    package var accepted: String {
        isMinimumIncluded
            ? "a decimal number from \(minimum.forPeople) to \(maximum.forPeople)"
            : "a decimal number above \(minimum.forPeople) and at most \(maximum.forPeople)"
    }
}

extension Double {
    /// `1000` rather than `1000.0`.
    fileprivate var forPeople: String { Int64(exactly: self).map(String.init) ?? description }
}
