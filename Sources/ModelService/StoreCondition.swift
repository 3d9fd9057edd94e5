/// What is wrong with a store, as far as its last calls tell: a value. A write that failed is not mended by a read that
/// did not.
struct StoreCondition: Equatable {
    /// What was asked of the store.
    enum Use: CaseIterable { case write, read, content }

    /// What whoever runs the server is told.
    enum Change: Equatable {
        case began(String)
        case ended
    }

    private var faults: [Use: String] = [:]
    /// Calls that failed.
    private(set) var faultCount = 0

    /// Nil where there is none.
    var fault: String? { Use.allCases.lazy.compactMap { faults[$0] }.first }

    /// - Parameter fault: why it was not done; nil where it was.
    /// - Returns: what is news. The words of a fault may change with every call, which is none.
    mutating func note(_ use: Use, _ fault: String?) -> Change? {
        let wasWhole = faults.isEmpty
        faults[use] = fault
        if fault != nil { faultCount += 1 }
        if wasWhole, let fault { return .began(fault) }
        return !wasWhole && faults.isEmpty ? .ended : nil
    }
}
