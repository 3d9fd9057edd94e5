import Documents
import Foundation

@testable import Streaming

/// Fish for a test: measured every two seconds of event time, weighed ten seconds later, and wrong in some minutes.
struct KafkaFactory {
    static let begin: Int64 = 1_623_240_000_000
    let count: Int

    func time(_ fish: Int) -> Int64 { Self.begin + Int64(fish) * 2000 }

    /// The fish of one minute out of three are walleye, which weigh half of what the model for salmon says.
    func isWalleye(_ fish: Int) -> Bool { fish / 30 % 3 == 2 }

    func measurement(_ fish: Int, topic: String) -> OutgoingMessage {
        message(fish, at: time(fish), topic, #""Length":86.37,"Height":18.74"#)
    }

    func weighing(_ fish: Int, topic: String) -> OutgoingMessage {
        message(fish, at: time(fish) + 10_000, topic, #""Weight":\#(isWalleye(fish) ? 2.25 : 4.5)"#)
    }

    private func message(_ fish: Int, at time: Int64, _ topic: String, _ fields: String) -> OutgoingMessage {
        let timestamp = Timestamp(milliseconds: time)
        let value = #"{"Fish_Id":"\#(fish)","Species":"salmon",\#(fields),"Timestamp":"\#(timestamp)"}"#
        return OutgoingMessage(
            topic: topic, time: timestamp, key: Array("\(fish)".utf8), value: Array(value.utf8))
    }

    /// Both topics, whole.
    func publish(to cluster: KafkaTestCluster, fish: Range<Int>? = nil) throws {
        let fish = fish ?? 0..<count
        try cluster.publish(fish.map { measurement($0, topic: cluster.topic(.measurement)) })
        try cluster.publish(fish.map { weighing($0, topic: cluster.topic(.outcome)) })
    }
}
