import Synchronization

/// Histograms by two things, such as route and status, for threads that must not wait. One is made when something falls into
/// it for the first time, so that a wide table of which little is used takes little memory.
///
/// Unchecked: the pointer never changes, and what is behind it is atomic.
@safe package final class HistogramGrid: @unchecked Sendable {
    private let bounds: HistogramBounds
    private let rows: Int
    private let columns: Int
    /// The cells of each histogram: its buckets, then the sum in nanoseconds.
    private let cells: UnsafeMutablePointer<Atomic<UnsafeMutableRawPointer?>>

    package init(_ bounds: HistogramBounds, rows: Int, columns: Int) {
        self.bounds = bounds
        self.rows = rows
        self.columns = columns
        unsafe cells = .allocate(capacity: rows * columns)
        for place in 0..<rows * columns { unsafe (cells + place).initialize(to: Atomic(nil)) }
    }

    deinit {
        for place in 0..<rows * columns {
            if let address = unsafe cells[place].load(ordering: .acquiring) {
                unsafe CounterCells(at: address, count: cellCount).free()
            }
        }
        unsafe cells.deinitialize(count: rows * columns)
        unsafe cells.deallocate()
    }

    private var cellCount: Int { bounds.nanoseconds.count + 2 }

    package func observe(nanoseconds: UInt64, row: Int, column: Int) {
        let cells = cells(row * columns + column)
        let place = CountingPlace.current
        cells.add(1, to: bounds.bucket(nanoseconds: nanoseconds), at: place)
        cells.add(nanoseconds, to: bounds.nanoseconds.count + 1, at: place)
    }

    /// Nil where nothing fell into it.
    package func histogram(row: Int, column: Int) -> Histogram? {
        guard let address = unsafe cells[row * columns + column].load(ordering: .acquiring) else { return nil }
        let cells = unsafe CounterCells(at: address, count: cellCount)
        return Histogram(
            bounds, counts: (0...bounds.nanoseconds.count).map(cells.sum),
            sum: Double(cells.sum(of: bounds.nanoseconds.count + 1)) / 1e9)
    }

    private func cells(_ place: Int) -> CounterCells {
        precondition(place < rows * columns)
        if let address = unsafe cells[place].load(ordering: .acquiring) {
            return unsafe CounterCells(at: address, count: cellCount)
        }
        let made = CounterCells(count: cellCount)
        let exchange = unsafe cells[place].compareExchange(
            expected: nil, desired: made.address, ordering: .acquiringAndReleasing)
        guard let other = unsafe exchange.original else { return made }
        made.free()
        return unsafe CounterCells(at: other, count: cellCount)
    }
}
