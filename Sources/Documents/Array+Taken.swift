extension Array {
    /// Calls for each element in their order, and hands it over: what a loop over the array would copy is moved.
    /// Inlinable, as without the type of its elements it takes several times as long.
    @inlinable package consuming func forEachTaken<Failure: Error>(
        _ body: (consuming Element) throws(Failure) -> Void
    ) throws(Failure) {
        // The last is the only one that is taken without a move of the others.
        if count > 1 { reverse() }
        while let element = popLast() { try body(element) }
    }
}
