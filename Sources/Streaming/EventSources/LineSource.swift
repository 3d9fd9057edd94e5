import Documents

/// What a line of a source holds.
package enum LineFormat: Sendable {
    /// An event of the machines as one JSON object: NDJSON.
    case events(EventReader)
    /// A record of any of the pipeline's topics, as `kcat -J` prints it.
    case kcat(RecordReader)

    /// - Returns: nil for a record that no active role reads.
    func input(_ line: [UInt8]) throws(RecordProblem) -> (input: Input, due: Timestamp)? {
        switch self {
        case .events(let reader):
            let event = try reader.event(line: line)
            return (.event(event), event.time)
        case .kcat(let reader):
            let record = try KcatLine.record(line)
            return try reader.input(record).map { ($0, record.time) }
        }
    }
}

/// Inputs from lines, strictly in their order. Blank lines are no lines.
package struct LineSource: EventSource {
    private let reader: LineReader
    private let format: LineFormat
    /// What was read ahead; nil for the end.
    private var ahead = Deque()

    /// Deliveries in their order; taking one does not move the others.
    private struct Deque {
        private var entries: [Result<Delivery?, SourceError>] = []
        private var first = 0

        var count: Int { entries.count - first }
        var inputs: [Input] {
            entries[first...].compactMap { if case .success(.input(let input, _)) = $0 { input } else { nil } }
        }
        /// Nothing comes behind an end or an error.
        var isClosed: Bool {
            guard count > 0, let last = entries.last else { return false }
            if case .success(.some) = last { return false }
            return true
        }

        mutating func append(_ entry: Result<Delivery?, SourceError>) { entries.append(entry) }

        mutating func next() -> Result<Delivery?, SourceError>? {
            guard first < entries.count else { return nil }
            let entry = entries[first]
            first += 1
            if first == entries.count { (entries, first) = ([], 0) }
            return entry
        }
    }

    package init(_ reader: LineReader, format: LineFormat) {
        self.reader = reader
        self.format = format
    }

    package var fraction: Double? { reader.fraction }

    package mutating func next(waiting patience: Duration) throws(SourceError) -> Delivery? {
        if let entry = ahead.next() { return try entry.get() }
        return try read(waiting: patience)
    }

    package mutating func upcoming(_ count: Int) -> [Input] {
        while ahead.count < count, !ahead.isClosed {
            do throws(SourceError) {
                let delivery = try read(waiting: .zero)
                if delivery == .idle { break }
                ahead.append(.success(delivery))
            } catch {
                ahead.append(.failure(error))
            }
        }
        return ahead.inputs
    }

    private func read(waiting patience: Duration) throws(SourceError) -> Delivery? {
        while let reading = try reader.next(waiting: patience) {
            guard case .line(let line) = reading else { return .idle }
            if let delivery = delivery(line) { return delivery }
        }
        return nil
    }

    private func delivery(_ line: LineSplitter.Line) -> Delivery? {
        switch line {
        case .tooLong(let number):
            return .setAside(
                SetAside(place: "line \(number)", reason: "longer than \(LineReader.lineBytesMax) bytes"))
        case .whole(let bytes, let number):
            if bytes.allSatisfy({ $0 == 0x20 || $0 == 0x09 }) { return nil }
            do {
                guard let (input, due) = try format.input(bytes) else { return .skipped }
                return .input(input, due: due)
            } catch {
                return .setAside(SetAside(place: "line \(number)", reason: error.description))
            }
        }
    }
}
