import Documents

/// Which record of a cluster something came from. It is the same however often the record is delivered.
package struct RecordPlace: Sendable, Hashable, CustomStringConvertible {
    package var topic: String
    package var partition: Int32
    package var offset: Int64

    package init(topic: String, partition: Int32, offset: Int64) {
        self.topic = topic
        self.partition = partition
        self.offset = offset
    }

    /// Reads what `description` writes.
    package init?(_ text: String) {
        // The name of a topic holds no slash.
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 3, let partition = Int32(parts[1]), let offset = Int64(parts[2]) else { return nil }
        self.init(topic: String(parts[0]), partition: partition, offset: offset)
    }

    /// As headers and messages name it: `topic/partition/offset`.
    package var description: String {
        var text: [UInt8] = []
        append(to: &text)
        return String(decoding: text, as: UTF8.self)
    }

    /// Of two records that were joined; nil where one of them has no place.
    static func pair(_ left: RecordPlace?, _ right: RecordPlace?) -> String? {
        guard let left, let right else { return nil }
        var text: [UInt8] = []
        text.reserveCapacity(left.bytesMax + 1 + right.bytesMax)
        left.append(to: &text)
        text.append(UInt8(ascii: " "))
        right.append(to: &text)
        return String(decoding: text, as: UTF8.self)
    }

    /// Written for every row of a join, and so without a text for each part.
    private func append(to text: inout [UInt8]) {
        let topic = topic.utf8.span
        text.append(addingCapacity: bytesMax) { output in
            output.append(copying: topic)
            output.append(UInt8(ascii: "/"))
            output.append(whole: Int64(partition))
            output.append(UInt8(ascii: "/"))
            output.append(whole: offset)
        }
    }

    private var bytesMax: Int { topic.utf8.count + 2 * ([UInt8].wholeNumberBytesMax + 1) }
}
