import Documents
package import EventProcessing

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
    /// Reads what is plain of `format`; nil where nothing is.
    private var plain: PlainEvents?
    /// Read ahead; nothing is left of those before `delivered`.
    private var ahead: [Result<Delivery, SourceError>?] = []
    private var delivered = 0
    /// Nothing comes behind what was read ahead.
    private var hasEnded = false

    package init(_ reader: LineReader, format: LineFormat) {
        self.reader = reader
        self.format = format
        if case .events(let events) = format { plain = PlainEvents(events) }
    }

    package var fraction: Double? { reader.fraction }

    package mutating func next(waiting patience: Duration) throws(SourceError) -> Delivery? {
        guard delivered < ahead.count, let entry = ahead[delivered].take() else {
            return hasEnded ? nil : try read(waiting: patience)
        }
        delivered += 1
        switch consume entry {
        case .success(let delivery): return delivery
        case .failure(let error): throw error
        }
    }

    package mutating func upcomingMeasurements(among count: Int) -> [Measurement] {
        ahead.removeFirst(delivered)
        delivered = 0
        while ahead.count < count, !hasEnded {
            do throws(SourceError) {
                guard let delivery = try read(waiting: .zero) else {
                    hasEnded = true
                    break
                }
                if case .idle = delivery { break }
                ahead.append(.success(delivery))
            } catch {
                ahead.append(.failure(error))
                hasEnded = true
            }
        }
        var measurements: [Measurement] = []
        for place in ahead.indices {
            guard case .success(.input(.event(.measurement(let measurement)), _)) = ahead[place] else { continue }
            measurements.append(measurement)
        }
        return measurements
    }

    private mutating func read(waiting patience: Duration) throws(SourceError) -> Delivery? {
        while let reading = try reader.next(waiting: patience) {
            guard case .line(let line) = reading else { return .idle }
            if let delivery = delivery(line) { return delivery }
        }
        return nil
    }

    private mutating func delivery(_ line: LineSplitter.Line) -> Delivery? {
        switch line {
        case .tooLong(let number):
            return .setAside(
                SetAside(place: "line \(number)", reason: "longer than \(LineReader.lineBytesMax) bytes"))
        case .whole(let bytes, let number):
            if let event = plain?.event(bytes) {
                let due = event.time
                return .input(.event(event), due: due)
            }
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
