import ArgumentParser
import Documents
import Foundation
import Testing

@testable import EventProcessing
@testable import Main
@testable import ModelService
@testable import Storage
@testable import Tare

/// The statements for ksqlDB and the settings of the connectors against the names in the code.
@Suite("deploy: statements and connectors")
struct PipelineFilesTests {
    /// A `CREATE … ;` without its comments, with the names as ksqlDB understands them: those without quotes in upper case.
    private func statements(_ variant: DeployFiles.Variant) throws -> [String] {
        let lines = try DeployFiles.text("ksql/\(variant.preset.rawValue).sql").split(separator: "\n")
        return lines.filter { !$0.hasPrefix("--") }.joined(separator: "\n").split(separator: ";")
            .map { $0.trimmingCharacters(in: .whitespacesAndNewlines) }.filter { $0.hasPrefix("CREATE") }
    }

    private func topic(_ statement: String) -> String? {
        statement.firstMatch(of: #/KAFKA_TOPIC = '([^']+)'/#).map { String($0.output.1) }
    }

    private func name(_ text: Substring) -> String {
        text.hasPrefix("\"") ? String(text.dropFirst().dropLast()) : text.uppercased()
    }

    /// The names of what is selected, in order.
    private func selected(_ statement: String) throws -> [String] {
        let list = try #require(statement.firstMatch(of: #/(?s)SELECT\s(.*?)\nFROM /#)).output.1
        return list.split(separator: "\n").map { line in
            let words = line.split(whereSeparator: { $0 == " " || $0 == "," })
            return name(words[words.count - 1])
        }
    }

    /// The declared columns and their types.
    private func declared(_ statement: String) throws -> [String: String] {
        let list = try #require(statement.firstMatch(of: #/(?s)\(\n(.*?)\n\) WITH/#)).output.1
        return Dictionary(
            uniqueKeysWithValues: list.split(separator: "\n").map { line in
                let parts = line.trimmingCharacters(in: .whitespaces).split(separator: " ", maxSplits: 1)
                return (name(parts[0]), parts[1].trimmingCharacters(in: [","]))
            })
    }

    @Test("the four statements read and write the preset's topics", arguments: DeployFiles.Variant.all)
    func topics(_ variant: DeployFiles.Variant) throws {
        let topics = variant.rules.topics
        #expect(
            try statements(variant).map(topic)
                == [topics.prediction, topics.outcome, topics.evaluation, topics.trigger])
    }

    @Test("the columns are the preset's, in its order", arguments: DeployFiles.Variant.all)
    func columns(_ variant: DeployFiles.Variant) throws {
        let columns = variant.rules.columns
        let statements = try statements(variant)
        let isUpper = variant.rules.fieldNames == .anyCase
        let identifier = isUpper ? "FISH_ID" : "Fish_Id"
        // The identifier is the record's key.
        #expect(try selected(statements[2]).filter { $0 != identifier } == columns.evaluation.map(\.name))
        #expect(
            try selected(statements[3]).dropFirst()
                == [columns.levels, columns.firstIdentifier, columns.lastIdentifier, columns.meanError])
        let group = try #require(columns.evaluation.first { $0.content == .groupKey }?.name)
        #expect(try selected(statements[3]).first == group)
        #expect(statements[2].contains("'\(variant.rules.groupKey)' AS"))
        let fields = ["Species": "VARCHAR", "Length": "DOUBLE", "Height": "DOUBLE"]
        let predictions = try declared(statements[0])
        for (field, type) in fields { #expect(predictions[isUpper ? field.uppercased() : field] == type) }
        #expect(predictions[identifier] == "VARCHAR KEY")
        #expect(
            variant.rules.predictionForm == .number
                ? predictions["PREDICTION"] == "DOUBLE"
                : predictions["Prediction"] == #"STRUCT<"Weight" DOUBLE, "ModelTime" VARCHAR>"#)
        #expect(try declared(statements[1])[isUpper ? "WEIGHT" : "Weight"] == "DOUBLE")
    }

    @Test("the rules are the preset's", arguments: DeployFiles.Variant.all)
    func rules(_ variant: DeployFiles.Variant) throws {
        let statements = try statements(variant)
        let (join, window) = (variant.rules.join, variant.rules.window)
        #expect(join.within == 60_000 && window.size == 60_000 && window.threshold.value == 0.15)
        #expect(statements[2].contains("WITHIN 1 MINUTE"))
        #expect(statements[2].contains("GRACE PERIOD 1 MINUTE") == (join.grace == 60_000))
        #expect(statements[3].contains("SIZE 1 MINUTE"))
        #expect(statements[3].contains("GRACE PERIOD 1 MINUTE") == (window.grace == 60_000))
        #expect(statements[3].contains("HAVING ROUND(") == (window.threshold.places == 2))
        #expect(statements[3].hasSuffix(window.emission == .final ? "EMIT FINAL" : "EMIT CHANGES"))
    }

    @Test("the HTTP sinks post what triggers, as JSON, to the route that trains", arguments: DeployFiles.Variant.all)
    func triggers(_ variant: DeployFiles.Variant) throws {
        let server = try #require(try variant.compose().services["tare"]).strings("ports")
        #expect(server == ["127.0.0.1:8000:8000"])
        let aiven = try DeployFiles.connector("\(variant.preset.rawValue)/retrain.json")
        #expect(aiven["topics"] == variant.rules.topics.trigger)
        #expect(aiven["http.url"] == "http://tare:8000/train")
        #expect(aiven["http.headers.content.type"] == "application/json")
        let confluent = try DeployFiles.connector("confluent-http/\(variant.preset.rawValue).json")
        #expect(confluent["topics"] == variant.rules.topics.trigger)
        #expect(confluent["http.api.url"] == "http://tare:8000/train")
        #expect(confluent["request.body.format"] == "json" && confluent["batch.json.as.array"] == "false")
        for settings in [aiven, confluent] { #expect(!settings.values.contains("not a text")) }
    }

    /// Aiven's sink sends Bearer, Confluent's Basic; Connect takes both from a file, so that its settings hold no secret.
    @Test("both sinks send the token from Connect's file of secrets", arguments: DeployFiles.Variant.all)
    func tokens(_ variant: DeployFiles.Variant) throws {
        let aiven = try DeployFiles.connector("\(variant.preset.rawValue)/retrain.json")
        #expect(aiven["http.authorization.type"] == "static")
        #expect(aiven["http.headers.authorization"] == "${file:/run/secrets/tare.properties:authorization}")
        let confluent = try DeployFiles.connector("confluent-http/\(variant.preset.rawValue).json")
        #expect(confluent["auth.type"] == "BASIC" && confluent["connection.user"]?.isEmpty == false)
        #expect(confluent["connection.password"] == "${file:/run/secrets/tare.properties:token}")
        let connect = try #require(try variant.compose().services["connect"])
        #expect(connect.strings("volumes").contains("tokens:/run/secrets:ro"))
        let worker = try DeployFiles.text("connect.properties")
        #expect(
            worker.contains("config.providers.file.class=org.apache.kafka.common.config.provider.FileConfigProvider"))
    }

    @Test("the rows go into the collection that the server trains on", arguments: DeployFiles.Variant.all)
    func rows(_ variant: DeployFiles.Variant) throws {
        let sink = try DeployFiles.connector("\(variant.preset.rawValue)/training-rows.json")
        #expect(sink["topics"] == variant.rules.topics.evaluation)
        let command = try #require(try variant.compose().tareCommands["tare"])
        let serve = try #require(try TareCommand.parseAsRoot(command) as? ServeCommand)
        guard case .mongo(let location) = serve.store else {
            Issue.record("\(command)")
            return
        }
        #expect(sink["database"] == location.database && sink["collection"] == location.collection)
        #expect(sink["connection.uri"]?.hasPrefix("mongodb://mongo:27017/?replicaSet=rs0") == true)
    }

    /// A task that has failed stays so until somebody restarts it.
    @Test("no sink gives up on a server that is away", arguments: DeployFiles.Variant.all)
    func patience(_ variant: DeployFiles.Variant) throws {
        let preset = variant.preset.rawValue
        let longest = "\(Int32.max)"
        let rows = try DeployFiles.connector("\(preset)/training-rows.json")
        // The driver waits for a server by itself, for so long; a write that was under way is tried again.
        #expect(rows["connection.uri"]?.contains("serverSelectionTimeoutMS=\(longest)") == true)
        #expect(rows["connection.uri"]?.contains("retryWrites=false") == false)
        for file in ["\(preset)/retrain.json", "confluent-http/\(preset).json"] {
            let sink = try DeployFiles.connector(file)
            #expect(sink["max.retries"] == longest, "\(file)")
            #expect(sink["retry.backoff.ms"].flatMap { Int($0) }.map { (1_000...10_000).contains($0) } == true)
        }
        // They wait within one call, and must not lose their place in the group meanwhile.
        for file in ["\(preset)/training-rows.json", "\(preset)/retrain.json", "confluent-http/\(preset).json"] {
            #expect(try DeployFiles.connector(file)["consumer.override.max.poll.interval.ms"] == longest, "\(file)")
        }
    }

    @Test(
        "the source connectors write the recipe's topics, with the fish as the key",
        arguments: ["weight-prediction", "machine-weight"])
    func sources(_ collection: String) throws {
        let variant = DeployFiles.Variant.all[1]
        let settings = try DeployFiles.connector("recipe-source/\(collection).json")
        let topic = ["topic.prefix", "database", "collection"].compactMap { settings[$0] }.joined(separator: ".")
        let (statement, index) = topic == variant.rules.topics.prediction ? ("prediction", 0) : ("weight", 1)
        #expect(topic == variant.rules.topics.prediction || topic == variant.rules.topics.outcome)
        #expect(settings["transforms.keyFields.fields"] == "Fish_Id")
        // Every column that the statement declares is a field that the connector hands on.
        let schema = try JSON(parsing: Array(try #require(settings["output.schema.value"]).utf8))
        let names = (schema["fields"]?.elements ?? []).compactMap { $0["name"]?.text?.uppercased() }
        #expect(try Set(declared(statements(variant)[index]).keys) == Set(names), "\(statement)")
    }
}
