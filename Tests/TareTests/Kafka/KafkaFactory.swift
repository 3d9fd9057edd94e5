import Documents
import Foundation

@testable import EventProcessing

/// Fish for a test: measured every two seconds of event time, weighed ten seconds later, and wrong in some minutes.
struct KafkaFactory {
    static let begin: Int64 = 1_623_240_000_000
    let count: Int

    func time(_ fish: Int) -> Int64 { Self.begin + Int64(fish) * 2000 }

    /// The fish of one minute out of three are walleye, which weigh half of what the model for salmon says.
    func isWalleye(_ fish: Int) -> Bool { fish / 30 % 3 == 2 }

    func measurement(_ fish: Int, topic: String) -> Record {
        message(fish, at: time(fish), topic, #""Length":86.37,"Height":18.74"#)
    }

    func weighing(_ fish: Int, topic: String) -> Record {
        message(fish, at: time(fish) + 10_000, topic, #""Weight":\#(isWalleye(fish) ? 2.25 : 4.5)"#)
    }

    private func message(_ fish: Int, at time: Int64, _ topic: String, _ fields: String) -> Record {
        let timestamp = Timestamp(milliseconds: time)
        let value = #"{"Fish_Id":"\#(fish)","Species":"salmon",\#(fields),"Timestamp":"\#(timestamp)"}"#
        return Record(
            topic: topic, time: timestamp, key: Array("\(fish)".utf8), value: Array(value.utf8))
    }

    /// Each fish in a partition by its number.
    func weighings(to cluster: KafkaTestCluster, partitions: Int = 1) -> [Record] {
        (0..<count).map { weighing($0, topic: cluster.topic(.outcome)).on(Int32($0 % partitions)) }
    }

    /// As the role predict publishes them.
    func predictions(
        to cluster: KafkaTestCluster, partitions: Int = 1, form: Preset.PredictionForm = .structure
    ) -> [Record] {
        let prediction = form == .number ? "4.5" : #"{"Weight":4.5,"ModelTime":"2021-06-02 07:48:52"}"#
        return (0..<count).map { fish in
            message(
                fish, at: time(fish), cluster.topic(.prediction),
                #""Length":86.37,"Height":18.74,"Prediction":\#(prediction)"#
            ).on(Int32(fish % partitions))
        }
    }

    /// Both topics, whole.
    func publish(to cluster: KafkaTestCluster, fish: Range<Int>? = nil) throws {
        let fish = fish ?? 0..<count
        try cluster.publish(fish.map { measurement($0, topic: cluster.topic(.measurement)) })
        try cluster.publish(fish.map { weighing($0, topic: cluster.topic(.outcome)) })
    }
}

extension Record {
    func on(_ partition: Int32) -> Record {
        var record = self
        record.partition = partition
        return record
    }
}
