import Testing

/// How far a value is from the expected one, as a part of it.
func relativeError(_ value: Double, _ expected: Double) -> Double {
    value == expected ? 0 : abs(value - expected) / abs(expected)
}

/// Expects two numbers to agree: relatively, or both not to be there. R's NaN is a value that is not there.
func expectClose(
    _ value: Double?, _ expected: Double?, within tolerance: Double, _ what: String,
    sourceLocation: SourceLocation = #_sourceLocation
) {
    guard let expected, !expected.isNaN else {
        #expect(value == nil, "\(what)", sourceLocation: sourceLocation)
        return
    }
    guard let value else {
        Issue.record("\(what): missing, expected \(expected)", sourceLocation: sourceLocation)
        return
    }
    let error = relativeError(value, expected)
    #expect(error <= tolerance, "\(what): \(value), expected \(expected)", sourceLocation: sourceLocation)
}

/// Expects two numbers to agree up to an absolute difference.
func expectNear(
    _ value: Double?, _ expected: Double, within distance: Double, _ what: String,
    sourceLocation: SourceLocation = #_sourceLocation
) {
    let difference = abs((value ?? .nan) - expected)
    #expect(difference <= distance, "\(what): \(value ?? .nan), expected \(expected)", sourceLocation: sourceLocation)
}
