import Documents

extension Observation {
    /// What makes two deliveries the same row: its time and identifier, or all of its content where one is missing.
    ///
    /// The text is a JSON array of one line. It begins with the time, so that an index over it grows at one end and
    /// rows of one time have a fixed order; the two forms cannot be taken for each other, as they differ in length.
    package var identity: String {
        var bytes: [UInt8] = []
        appendIdentity(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Appends the bytes of `identity`, for whoever has many rows: no string is made.
    package func appendIdentity(to bytes: inout [UInt8]) {
        guard let identifier, let timestamp else { return bytes += content.bytes }
        if !Self.appendPlain(identifier, timestamp, to: &bytes) {
            bytes += JSON.array([.string(timestamp.description), .string(identifier)]).bytes
        }
    }

    private var content: JSON {
        .array(
            [
                JSON(timestamp?.description), JSON(identifier), JSON(level), .array(predictors.map { JSON($0) }),
                JSON(predicted), JSON(actual), JSON(error), JSON(modelTime),
            ] + otherLevels.map { JSON($0) })
    }

    /// The identity of an identifier in which nothing is escaped, as it is made for every row that comes; false of others.
    private static func appendPlain(_ identifier: String, _ timestamp: Timestamp, to bytes: inout [UInt8]) -> Bool {
        let text = identifier.utf8.span
        for place in text.indices {
            let byte = text[place]
            guard byte >= 0x20, byte < 0xF0, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") else {
                return false
            }
        }
        let time = timestamp.text
        bytes.append(addingCapacity: text.count + 31) { bytes in
            bytes.append(UInt8(ascii: "["))
            bytes.append(UInt8(ascii: "\""))
            bytes.append(copying: time.span)
            bytes.append(UInt8(ascii: "\""))
            bytes.append(UInt8(ascii: ","))
            bytes.append(UInt8(ascii: "\""))
            bytes.append(copying: identifier.utf8.span)
            bytes.append(UInt8(ascii: "\""))
            bytes.append(UInt8(ascii: "]"))
        }
        return true
    }
}
