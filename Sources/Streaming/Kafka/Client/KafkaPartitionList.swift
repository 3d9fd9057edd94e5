import CRDKafka
import Glibc

/// A partition with an offset and what is committed beside it.
package struct PartitionOffset: Sendable, Equatable {
    package var source: TopicPartition
    /// Nil where nothing is committed.
    package var offset: Int64?
    package var metadata: String

    package init(_ source: TopicPartition, offset: Int64?, metadata: String = "") {
        self.source = source
        self.offset = offset
        self.metadata = metadata
    }
}

/// librdkafka's list of partitions, freed with this object.
@safe final class KafkaPartitionList {
    let pointer: UnsafeMutablePointer<rd_kafka_topic_partition_list_t>

    init(_ offsets: [PartitionOffset]) {
        guard let list = unsafe rd_kafka_topic_partition_list_new(CInt(offsets.count)) else {
            preconditionFailure("librdkafka: out of memory")
        }
        unsafe pointer = list
        for offset in offsets {
            guard
                let element = unsafe rd_kafka_topic_partition_list_add(
                    list, offset.source.topic, offset.source.partition)
            else { continue }
            unsafe element.pointee.offset = offset.offset ?? Int64(RD_KAFKA_OFFSET_INVALID)
            if !offset.metadata.isEmpty {
                // The list frees it with `free`.
                unsafe element.pointee.metadata = UnsafeMutableRawPointer(strdup(offset.metadata))
                unsafe element.pointee.metadata_size = offset.metadata.utf8.count
            }
        }
    }

    deinit { unsafe rd_kafka_topic_partition_list_destroy(pointer) }

    convenience init(_ partitions: some Sequence<TopicPartition>) {
        self.init(partitions.map { PartitionOffset($0, offset: nil) })
    }

    /// The offsets as librdkafka has filled them in, and the first error that it met.
    var offsets: (all: [PartitionOffset], error: rd_kafka_resp_err_t) {
        var all: [PartitionOffset] = []
        var failure = RD_KAFKA_RESP_ERR_NO_ERROR
        for index in 0..<Int(unsafe pointer.pointee.cnt) {
            let element = unsafe pointer.pointee.elems[index]
            if failure == RD_KAFKA_RESP_ERR_NO_ERROR { failure = unsafe element.err }
            let bytes = unsafe UnsafeRawBufferPointer(start: element.metadata, count: element.metadata_size)
            all.append(
                PartitionOffset(
                    TopicPartition(unsafe String(cString: element.topic), unsafe element.partition),
                    offset: unsafe element.offset >= 0 ? unsafe element.offset : nil,
                    metadata: unsafe String(decoding: bytes, as: UTF8.self)))
        }
        return (all, failure)
    }

    @unsafe static func partitions(
        _ list: UnsafeMutablePointer<rd_kafka_topic_partition_list_t>
    ) -> [TopicPartition] {
        (0..<Int(unsafe list.pointee.cnt)).map { index in
            let element = unsafe list.pointee.elems[index]
            return TopicPartition(unsafe String(cString: element.topic), unsafe element.partition)
        }
    }
}
