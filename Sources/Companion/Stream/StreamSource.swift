import ArgumentParser
import EventProcessing
import Storage
import Streaming

/// Where `tare stream` takes its events from, as it is typed.
enum StreamSource: Equatable, CustomStringConvertible {
    case simulator
    case events(Input)
    case kcat(Input)
    case mongo(MongoLocation)
    case kafka(KafkaAddress)

    enum Input: Equatable {
        case standardInput
        case file(String)

        init(_ name: String) { self = name == "-" ? .standardInput : .file(name) }

        func reader() throws(SourceError) -> LineReader {
            switch self {
            case .standardInput: .standardInput()
            case .file(let path): try LineReader(path: path)
            }
        }
    }

    init(_ text: String) throws {
        let accepted =
            "accepted are simulator, FILE, -, kcat:FILE, kcat:-, mongodb://HOST/DATABASE and kafka://HOST:PORT,…"
        if text == "simulator" {
            self = .simulator
        } else if text.hasPrefix("kcat:") {
            let name = String(text.dropFirst("kcat:".count))
            guard !name.isEmpty else { throw ValidationError("'\(text)' names no file; \(accepted)") }
            self = .kcat(Input(name))
        } else if text.hasPrefix("mongodb://") || text.hasPrefix("mongodb+srv://") {
            self = .mongo(try MongoLocation(parsing: text, defaultCollection: Self.defaultCollection))
        } else if KafkaAddress.isMeant(by: text) {
            guard let address = KafkaAddress(text) else {
                throw ValidationError("'\(text)' names no brokers; \(accepted)")
            }
            self = .kafka(address)
        } else if text.isEmpty || text.contains("://") {
            throw ValidationError("'\(text)' is no source; \(accepted)")
        } else {
            self = .events(Input(text))
        }
    }

    /// Opens a file once, so that one that is not there is said before anything is waited for.
    func requireFile() throws {
        switch self {
        case .events(.file(let path)), .kcat(.file(let path)): _ = try LineReader(path: path)
        default: break
        }
    }

    /// Where the recipe's documents are, and the collection that its rows go into.
    private static let defaultCollection = "mdb.training_data"

    /// Whether it holds records of all topics, and not the machines' events alone.
    var hasTopics: Bool {
        switch self {
        case .kcat, .mongo, .kafka: true
        case .simulator, .events: false
        }
    }

    var isMongo: Bool { if case .mongo = self { true } else { false } }

    var description: String {
        switch self {
        case .simulator: "simulator"
        case .events(.standardInput): "-"
        case .events(.file(let path)): path
        case .kcat(.standardInput): "kcat:-"
        case .kcat(.file(let path)): "kcat:\(path)"
        case .mongo(let location): "\(location)"
        case .kafka(let address): "\(address)"
        }
    }
}

extension Roles {
    init(argument: String) throws {
        var roles: Roles = []
        for name in argument.split(separator: ",", omittingEmptySubsequences: false) {
            guard let role = Self.names.first(where: { $0.name == name })?.role else {
                let accepted = Self.names.map(\.name).joined(separator: ", ")
                throw ValidationError("'\(name)' is no role; accepted are \(accepted), with commas between them")
            }
            roles.insert(role)
        }
        self = roles
    }
}

extension PresetName: ExpressibleByArgument {}
