import Foundation
import Testing

@Suite("Kafka: several processes", .serialized)
struct KafkaScaleTests {
    /// The processes come and go between the parts of the input.
    @Test("with 4 partitions and 2, 3 and 2 processes, the result is that of one partition and one process")
    func rebalance() throws {
        let factory = KafkaFactory(count: 900)
        let cluster = try KafkaTestCluster(partitions: 4)
        defer { cluster.end() }
        let server = try RecordingModelServer()
        defer { server.stop() }
        var processes: [TareProcess] = []
        defer { for process in processes { process.end() } }
        try factory.publish(to: cluster, fish: 0..<300)
        for _ in 0..<2 { processes.append(try cluster.start(server)) }
        try server.wait(forRows: 100)
        processes.append(try cluster.start(server))
        try factory.publish(to: cluster, fish: 300..<600)
        try server.wait(forRows: 450)
        processes[0].send(SIGTERM)
        #expect(processes[0].finish().status == 0)
        try factory.publish(to: cluster, fish: 600..<900)
        try cluster.settle()
        let ending = try KafkaEnding(cluster, server)
        let differences = try ending.differences(from: KafkaTestCluster.undisturbed(factory))
        #expect(differences == [])
    }
}
