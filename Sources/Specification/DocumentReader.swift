package import Documents

/// Why a file is not a model's document: which member, what it holds, what belongs there.
package struct ModelDocumentError: Error, Equatable, CustomStringConvertible {
    package let description: String

    package init(description: String) { self.description = description }
}

/// Takes members out of an object, and says where it stood when one is not as it should be.
package struct DocumentReader {
    private let document: JSON
    private let place: String

    package init(_ document: JSON, of place: String) {
        self.document = document
        self.place = place
    }

    /// Of its members, in order.
    package var names: [String] { document.members?.map(\.name) ?? [] }

    package func text(_ name: String) throws(ModelDocumentError) -> String {
        guard let text = try member(name).text else { throw mismatch(name, "a string") }
        return text
    }

    package func optionalText(_ name: String) throws(ModelDocumentError) -> String? {
        try isNull(name) ? nil : text(name)
    }

    package func time(_ name: String) throws(ModelDocumentError) -> Timestamp {
        guard let time = Timestamp(try text(name)) else { throw mismatch(name, "a time") }
        return time
    }

    package func number(_ name: String) throws(ModelDocumentError) -> Double {
        guard let number = try member(name).double else { throw mismatch(name, "a number") }
        return number
    }

    package func optionalNumber(_ name: String) throws(ModelDocumentError) -> Double? {
        try isNull(name) ? nil : number(name)
    }

    package func count(_ name: String) throws(ModelDocumentError) -> Int {
        guard let number = try member(name).integer, let count = Int(exactly: number), count >= 0 else {
            throw mismatch(name, "a whole number from 0 up")
        }
        return count
    }

    package func flag(_ name: String) throws(ModelDocumentError) -> Bool {
        guard let flag = try member(name).boolean else { throw mismatch(name, "true or false") }
        return flag
    }

    package func array(_ name: String) throws(ModelDocumentError) -> [JSON] {
        guard let elements = try member(name).elements else { throw mismatch(name, "an array") }
        return elements
    }

    package func numbers(_ name: String) throws(ModelDocumentError) -> [Double] {
        let elements = try array(name)
        let numbers = elements.compactMap(\.double)
        guard numbers.count == elements.count else { throw mismatch(name, "an array of numbers") }
        return numbers
    }

    package func texts(_ name: String) throws(ModelDocumentError) -> [String] {
        let elements = try array(name)
        let texts = elements.compactMap(\.text)
        guard texts.count == elements.count else { throw mismatch(name, "an array of strings") }
        return texts
    }

    package func object(_ name: String) throws(ModelDocumentError) -> DocumentReader {
        let value = try member(name)
        guard value.members != nil else { throw mismatch(name, "an object") }
        return DocumentReader(value, of: "\(place).\(name)")
    }

    /// The members of an object of numbers or nulls, in their order.
    package func optionalNumbersByName(_ name: String) throws(ModelDocumentError) -> [(name: String, value: Double?)] {
        guard let members = try member(name).members else { throw mismatch(name, "an object") }
        var pairs: [(name: String, value: Double?)] = []
        for member in members {
            guard member.value == .null || member.value.double != nil else {
                throw mismatch(name, "an object of numbers and nulls")
            }
            pairs.append((member.name, member.value.double))
        }
        return pairs
    }

    package func member(_ name: String) throws(ModelDocumentError) -> JSON {
        guard let value = document[name] else {
            throw ModelDocumentError(description: "\(place).\(name) is missing")
        }
        return value
    }

    /// - Throws: at the first member that is none of `names`, which are all that a document of its format has.
    package func checkMembers(among names: Set<String>) throws(ModelDocumentError) {
        guard let other = document.members?.first(where: { !names.contains($0.name) }) else { return }
        throw ModelDocumentError(
            description:
                "\(place).\(other.name.prefix(60)) is no member of a document whose format is "
                + "'\(document["format"]?.text ?? "")': it is not as it was written")
    }

    /// Null where it is missing.
    package func optionalMember(_ name: String) -> JSON { document[name] ?? .null }

    package func isNull(_ name: String) throws(ModelDocumentError) -> Bool { try member(name) == .null }

    package func mismatch(_ name: String, _ accepted: String) -> ModelDocumentError {
        ModelDocumentError(
            description:
                "\(place).\(name) must be \(accepted), it is \(document[name]?.compact.prefix(60) ?? "missing")")
    }
}
