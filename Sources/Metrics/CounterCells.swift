import Glibc
import Synchronization

/// The place at which a thread counts: its own, as long as there are no more threads than places.
enum CountingPlace {
    static let count = 16

    private static let next = Atomic<Int>(0)
    private static let key: pthread_key_t = {
        var key = pthread_key_t()
        let code = unsafe pthread_key_create(&key, nil)
        precondition(code == 0, "pthread_key_create answered \(code)")
        return key
    }()

    static var current: Int {
        // 0 is what a thread has that was not here yet.
        if let held = unsafe pthread_getspecific(key) { return Int(bitPattern: held) - 1 }
        let place = next.wrappingAdd(1, ordering: .relaxed).oldValue & (count - 1)
        unsafe pthread_setspecific(key, UnsafeRawPointer(bitPattern: place + 1))
        return place
    }
}

/// Counts that threads add to without waiting for each other: each thread has cells of its own, in cache lines of its own,
/// which are summed when somebody asks. Nothing here counts a reference, and whoever makes one must free it.
///
/// Unchecked: the pointer never changes, and what is behind it is atomic.
@safe struct CounterCells: @unchecked Sendable {
    /// Two lines, as processors fetch them in pairs.
    private static let lineBytes = 128

    private let base: UnsafeMutablePointer<Atomic<UInt64>>
    private let perPlace: Int

    /// All 0.
    init(count: Int) {
        let perLine = Self.lineBytes / MemoryLayout<Atomic<UInt64>>.stride
        perPlace = (count + perLine - 1) / perLine * perLine
        let all = perPlace * CountingPlace.count
        let memory = UnsafeMutableRawPointer.allocate(
            byteCount: all * MemoryLayout<Atomic<UInt64>>.stride, alignment: Self.lineBytes)
        unsafe base = unsafe memory.bindMemory(to: Atomic<UInt64>.self, capacity: all)
        for place in 0..<all { unsafe (base + place).initialize(to: Atomic(0)) }
    }

    /// - Parameter address: of cells of so many.
    init(at address: UnsafeMutableRawPointer, count: Int) {
        let perLine = Self.lineBytes / MemoryLayout<Atomic<UInt64>>.stride
        perPlace = (count + perLine - 1) / perLine * perLine
        unsafe base = unsafe address.assumingMemoryBound(to: Atomic<UInt64>.self)
    }

    var address: UnsafeMutableRawPointer { unsafe UnsafeMutableRawPointer(base) }

    func add(_ amount: UInt64, to cell: Int, at place: Int) {
        unsafe base[place * perPlace + cell].wrappingAdd(amount, ordering: .relaxed)
    }

    func sum(of cell: Int) -> UInt64 {
        (0..<CountingPlace.count).reduce(0) { sum, place in
            unsafe sum &+ base[place * perPlace + cell].load(ordering: .relaxed)
        }
    }

    func free() {
        unsafe base.deinitialize(count: perPlace * CountingPlace.count)
        unsafe base.deallocate()
    }
}
