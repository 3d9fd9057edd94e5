import Documents

extension Observation {
    /// What makes two deliveries the same row: its time and identifier, or all of its content where one is missing.
    ///
    /// The text is a JSON array of one line. It begins with the time, so that an index over it grows at one end and
    /// rows of one time have a fixed order; the two forms cannot be taken for each other, as they differ in length.
    package var identity: String {
        if let identifier, let timestamp, let text = Self.plainIdentity(identifier, timestamp) { return text }
        let time = JSON(timestamp?.description)
        guard let identifier, timestamp != nil else {
            let content: [JSON] =
                [
                    time, JSON(identifier), JSON(level), .array(predictors.map { JSON($0) }), JSON(predicted),
                    JSON(actual),
                    JSON(error), JSON(modelTime),
                ] + otherLevels.map { JSON($0) }
            return JSON.array(content).compact
        }
        return JSON.array([time, .string(identifier)]).compact
    }

    /// The same text of an identifier in which nothing is escaped, as it is made for every row that comes; nil of others.
    private static func plainIdentity(_ identifier: String, _ timestamp: Timestamp) -> String? {
        var identifier = identifier
        return identifier.withUTF8 { identifier in
            var bytes: [UInt8] = []
            bytes.reserveCapacity(identifier.count + 31)
            bytes += [UInt8(ascii: "["), UInt8(ascii: "\"")]
            let time = timestamp.text
            for index in time.indices { bytes.append(time[index]) }
            bytes += [UInt8(ascii: "\""), UInt8(ascii: ","), UInt8(ascii: "\"")]
            for index in identifier.indices {
                let byte = unsafe identifier[index]
                guard byte >= 0x20, byte < 0xF0, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") else {
                    return nil
                }
                bytes.append(byte)
            }
            bytes += [UInt8(ascii: "\""), UInt8(ascii: "]")]
            return String(decoding: bytes, as: UTF8.self)
        }
    }
}
