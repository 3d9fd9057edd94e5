import Documents

// The parts of a detector's state as JSON. What can be computed from the rest is left out.

extension Stretch {
    var document: JSON {
        [
            "row": JSON(firstRow), "first": .string(firstIdentifier), "start": .integer(start.milliseconds),
            "latest": .integer(latest.milliseconds), "errors": JSON(errorSum), "errorCount": JSON(errorCount),
            "count": JSON(count),
        ]
    }

    init(_ reader: StateReader) throws(DetectorStateError) {
        self.init(
            firstRow: try reader.integer("row", from: 1), firstIdentifier: try reader.text("first"),
            start: try reader.time("start"), latest: try reader.time("latest"),
            errorSum: try reader.number("errors", in: -.greatestFiniteMagnitude ... .greatestFiniteMagnitude),
            errorCount: try reader.integer("errorCount"), count: try reader.integer("count", from: 1))
    }
}

extension EvidenceSums {
    /// Stretches that begin with the same row are the same, and stand once.
    var document: JSON {
        var stretches: [Stretch] = []
        let since: [JSON] = evidences.map { evidence in
            guard let stretch = evidence.stretch else { return .null }
            if !stretches.contains(stretch) { stretches.append(stretch) }
            return JSON(stretches.firstIndex(of: stretch))
        }
        return [
            "sums": .array(evidences.map { JSON($0.sum) }), "products": .array(evidences.map { JSON($0.product) }),
            "since": .array(since), "stretches": .array(stretches.map(\.document)),
        ]
    }

    init(_ reader: StateReader) throws(DetectorStateError) {
        let sums = try reader.numbers("sums", count: Self.count)
        let products = try reader.numbers("products", count: Self.count)
        let since = try reader.elements("since", atMost: Self.count)
        let stretches = try reader.elements("stretches", atMost: Self.count)
        guard since.count == Self.count, (sums + products).allSatisfy({ $0 >= 0 }) else {
            throw reader.mismatch("sums", "\(Self.count) numbers from 0, each with its product and its stretch")
        }
        var evidences: [Evidence] = []
        for place in 0..<Self.count {
            var stretch: Stretch?
            if let index = since[place].integer {
                guard stretches.indices.contains(Int(index)) else { throw reader.mismatch("since", "of the stretches") }
                stretch = try Stretch(StateReader(stretches[Int(index)], at: "stretches[\(index)]"))
            }
            evidences.append(Evidence(sum: sums[place], product: products[place], stretch: stretch))
        }
        self.init(evidences)
    }
}

extension BinCounts {
    /// A bin and its count, one after the other, without those that are empty.
    var document: JSON {
        .array(
            (0..<ErrorBins.count).flatMap { bin -> [JSON] in
                let count = at(bin)
                return count > 0 ? [JSON(bin), JSON(count)] : []
            })
    }

    init(_ numbers: [Int]) throws(DetectorStateError) {
        self.init()
        guard numbers.count.isMultiple(of: 2) else { throw DetectorStateError(reason: "a bin has no count") }
        for place in stride(from: 0, to: numbers.count, by: 2) {
            guard (0..<ErrorBins.count).contains(numbers[place]), numbers[place + 1] <= Self.totalMax - total else {
                throw DetectorStateError(reason: "there is no bin \(numbers[place]) of \(numbers[place + 1]) errors")
            }
            add(numbers[place], count: numbers[place + 1])
        }
    }
}

extension Autocorrelation {
    var document: JSON { [JSON(squaresOfOne), JSON(squaresOfTwo), JSON(count)] }

    init(_ numbers: [Double]) throws(DetectorStateError) {
        guard numbers.allSatisfy({ $0 >= 0 }), let count = Int(exactly: numbers[2]) else {
            throw DetectorStateError(reason: "the squares of differences are \(numbers); accepted are numbers from 0")
        }
        self.init(squaresOfOne: numbers[0], squaresOfTwo: numbers[1], count: count)
    }
}

extension LastScores {
    var document: JSON { .array([one, two].compactMap(\.self).map { JSON($0) }) }

    init(_ numbers: [Double]) { self.init(one: numbers.first, two: numbers.dropFirst().first) }
}

extension RefitNeed {
    var document: JSON {
        [
            "cause": .string(cause.rawValue), "stretch": stretch.document, "last": .string(lastIdentifier),
            "lastCount": JSON(lastCount), "told": .bool(isTold), "renewed": .bool(isRenewed),
            "answer": JSON(lastAnswer?.rawValue),
        ]
    }

    init(_ reader: StateReader) throws(DetectorStateError) {
        guard let cause = Drift.Cause(rawValue: try reader.text("cause")), [.errors, .unseenLevel].contains(cause)
        else {
            throw reader.mismatch("cause", "errors or unseen")
        }
        let answer = reader.optionalText("answer")
        self.init(
            cause: cause, stretch: try Stretch(reader.object("stretch")), lastIdentifier: try reader.text("last"),
            lastCount: try reader.integer("lastCount", from: 1), isTold: try reader.flag("told"),
            isRenewed: try reader.flag("renewed"), lastAnswer: answer.flatMap(TrainingReply.Status.init(rawValue:)))
    }
}

extension CheckSchedule {
    var document: JSON {
        [
            "stretch": stretch.map(\.document) ?? .null, "last": .string(lastIdentifier), "skipped": .bool(isSkipped),
        ]
    }

    init(_ reader: StateReader) throws(DetectorStateError) {
        self.init(
            stretch: try reader.optionalObject("stretch").map { reader throws(DetectorStateError) in try Stretch(reader)
            },
            lastIdentifier: try reader.text("last"), isSkipped: try reader.flag("skipped"))
    }
}

extension RetryTime {
    var document: JSON { ["time": time.map { .integer($0.milliseconds) } ?? .null, "row": JSON(row)] }

    init(_ reader: StateReader) throws(DetectorStateError) {
        self.init(time: reader.isNull("time") ? nil : try reader.time("time"), row: try reader.integer("row"))
    }
}
