import Regression

/// The scale on which errors are ranked: the inverse hyperbolic sine of the error in sigmas, from -6 to 6 in steps of
/// 1/16. It is a sixteenth of a sigma fine where most errors are, and a sixteenth of the error far from 0; the outermost
/// bins take what is beyond 201 sigmas.
enum ErrorBins {
    static let count = 193
    private static let stepsPerUnit = 16.0

    /// Between each bin and the next.
    private static let edges = (0..<count - 1).map { bin in
        hyperbolicSine((Double(bin) + 0.5 - Double(count / 2)) / stepsPerUnit)
    }

    /// - Parameter error: in sigmas.
    static func bin(of error: Double) -> Int {
        var (low, high) = (0, edges.count)
        while low < high {
            let middle = (low + high) / 2
            if error < edges[middle] { high = middle } else { low = middle + 1 }
        }
        return low
    }

    private static func hyperbolicSine(_ x: Double) -> Double { (x.exponential() - (-x).exponential()) / 2 }
}

/// How many errors fell into each bin, with sums from the lowest bin on: P. M. Fenwick, "A New Data Structure for
/// Cumulative Frequency Tables", Software: Practice and Experience 24, 1994.
struct BinCounts: Equatable {
    /// A reference of so many errors is as good as one of more.
    static let totalMax = 1_000_000_000

    /// Node i holds the bins from `i - (i & -i)` up to i, without the last, counted from 0.
    private var tree = Array(repeating: UInt32(0), count: ErrorBins.count + 1)
    private(set) var total = 0

    mutating func add(_ bin: Int, count: Int = 1) {
        guard total <= Self.totalMax - count else { return }
        total += count
        var node = bin + 1
        while node < tree.count {
            tree[node] += UInt32(count)
            node += node & -node
        }
    }

    /// In all bins below this one.
    func below(_ bin: Int) -> Int {
        var (node, sum) = (bin, 0)
        while node > 0 {
            sum += Int(tree[node])
            node &= node - 1
        }
        return sum
    }

    func at(_ bin: Int) -> Int { below(bin + 1) - below(bin) }
}
