/// A column of levels: the different texts, and for each row the place of its own among them.
package struct FactorColumn: Sendable, Equatable {
    /// In any order; some may be of no row.
    package let names: [String]
    package let codes: [Int32]

    /// - Precondition: each code is a place among the names.
    package init(names: [String], codes: [Int32]) {
        self.names = names
        self.codes = codes
    }

    package init(_ texts: some Sequence<String>) { self.init(orNone: texts.lazy.map { $0 }) }

    /// - Parameter texts: nil gives the code -1, which no fit takes.
    package init(orNone texts: some Sequence<String?>) {
        var (names, codes): ([String], [Int32]) = ([], [])
        var places: [String.UTF8View.Key: Int32] = [:]
        codes.reserveCapacity(texts.underestimatedCount)
        for text in texts {
            guard let text else {
                codes.append(-1)
                continue
            }
            // Rows mostly come in runs, or of few levels.
            if let last = codes.last, last >= 0, names[Int(last)].utf8.elementsEqual(text.utf8) {
                codes.append(last)
                continue
            }
            let key = String.UTF8View.Key(text)
            if let place = places[key] {
                codes.append(place)
            } else {
                places[key] = Int32(names.count)
                codes.append(Int32(names.count))
                names.append(text)
            }
        }
        self.init(names: names, codes: codes)
    }

    package var count: Int { codes.count }

    package subscript(row: Int) -> String { names[Int(codes[row])] }

    /// The codes that rows have.
    package var usedCodes: [Int] {
        var isUsed = Array(repeating: false, count: names.count)
        for code in codes where code >= 0 { isUsed[Int(code)] = true }
        return names.indices.filter { isUsed[$0] }
    }

    /// Their names.
    package var usedNames: [String] { usedCodes.map { names[$0] } }

    /// The levels of some rows, in the order in which they are named.
    package func taking(_ rows: ArraySlice<Int>) -> FactorColumn {
        FactorColumn(names: names, codes: rows.map { codes[$0] })
    }

    /// The rows of several columns, one after the other.
    package static func joined(_ parts: [FactorColumn]) -> FactorColumn {
        let all = FactorColumn(parts.flatMap(\.names))
        var (codes, start): ([Int32], Int) = ([], 0)
        for part in parts {
            let own = all.codes[start..<start + part.names.count]
            for code in part.codes { codes.append(code < 0 ? -1 : own[start + Int(code)]) }
            start += part.names.count
        }
        return FactorColumn(names: all.names, codes: codes)
    }

    /// The same rows with other names, of which some may then be one.
    package func renamed(_ name: (String) -> String) -> FactorColumn {
        let all = FactorColumn(names.map(name))
        return FactorColumn(names: all.names, codes: codes.map { $0 < 0 ? -1 : all.codes[Int($0)] })
    }

    /// Those of numbers, by the texts that R gives them.
    init(_ numbers: [Double]) {
        var (names, codes): ([String], [Int32]) = ([], [])
        var places: [Double: Int32] = [:]
        for number in numbers {
            if let place = places[number] {
                codes.append(place)
            } else {
                places[number] = Int32(names.count)
                codes.append(Int32(names.count))
                names.append(number.textOfR)
            }
        }
        self.init(names: names, codes: codes)
    }
}

extension String.UTF8View {
    /// A text by its bytes: two spellings of one text are told apart, and to hash one is cheap.
    fileprivate struct Key: Hashable {
        let text: String

        init(_ text: String) { self.text = text }

        static func == (one: Key, other: Key) -> Bool { one.text.utf8.elementsEqual(other.text.utf8) }

        func hash(into hasher: inout Hasher) {
            var text = text
            text.withUTF8 { unsafe hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
        }
    }
}
