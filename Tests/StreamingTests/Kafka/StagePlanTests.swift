import EventTesting
import Specification
import Testing

@testable import EventProcessing
@testable import Streaming

@Suite("What a role reads")
struct StagePlanTests {
    private func plan(_ role: Roles) -> StagePlan { StagePlan(role, .sample(role)) }

    @Test("a join begins on the partitions that it has of both topics, and on no others")
    func complete() {
        let plan = plan(.join)
        let (predictions, weights) = (plan.topics[0], plan.topics[1])
        let both = [TopicPartition(predictions, 0), TopicPartition(weights, 0)]
        #expect(plan.complete(both + [TopicPartition(weights, 1)]) == both)
        #expect(plan.complete([TopicPartition(weights, 0), TopicPartition(weights, 1)]) == [])
        #expect(plan.complete([]) == [])
    }

    @Test("a role with one topic begins on all partitions", arguments: [Roles.predict, .window, .record, .trigger])
    func single(_ role: Roles) {
        let plan = plan(role)
        let all = (0..<3).map { TopicPartition(plan.topics[0], $0) }
        #expect(plan.complete(all) == all)
        #expect(Set(all.map(plan.task)).count == (role == .window ? 1 : 3))
    }

    @Test("the sequential detector acts on the answers to its triggers: window and trigger are one for it")
    func sequential() {
        var settings = KafkaRunSettings.sample(.all)
        #expect(settings.stages == [.predict, .join, .window, .record, .trigger])
        #expect(StagePlan(.window, settings).changelog == nil)
        settings.detector = .sequential(SequentialRules())
        #expect(settings.stages == [.predict, .join, .record, [.window, .trigger]])
        let plan = StagePlan([.window, .trigger], settings)
        #expect(plan.isSingle && plan.isGated, "a training needs the rows before it")
        #expect(plan.upstream.map(\.role) == [.predict, .join, .record])
        #expect(settings.group(plan.role) == "tare-window" && plan.changelog == "tare-window-changelog")
    }

    @Test("of one time, predictions come before weighings")
    func order() {
        let plan = plan(.join)
        let starts = [("machine-weight", 0), ("weight-prediction", 1), ("machine-weight", 1), ("weight-prediction", 0)]
            .map { PartitionStart(source: TopicPartition($0.0, Int32($0.1)), offset: 0, done: 0) }
        let names = plan.ordered(starts).map { "\($0.source.topic)/\($0.source.partition)" }
        #expect(names == ["weight-prediction/0", "weight-prediction/1", "machine-weight/0", "machine-weight/1"])
    }
}

extension KafkaRunSettings {
    /// Of a cluster that nobody asks.
    static func sample(_ roles: Roles) -> KafkaRunSettings {
        let cluster = KafkaCluster(
            brokers: "127.0.0.1:1", properties: KafkaProperties(), presence: KafkaPresence { _ in })
        return KafkaRunSettings(
            cluster: cluster, roles: roles, preset: Preset(.blog, for: .fish), specification: .fish)
    }
}
