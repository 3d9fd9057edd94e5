import Foundation
import Testing

@testable import Program

@Suite("Secrets on the command line")
struct SecretsTests {
    @Test(
        "what stands before the @ of a URI, and the value of a password, is hidden",
        arguments: [
            ("mongodb://anna:s3cret@host/db", "mongodb://…@host/db"),
            ("--store=mongodb://anna:s3/c@r#e?t@host:1,other", "--store=mongodb://…@host:1,other"),
            ("mongodb:/anna:s3cret@host", "mongodb:/…@host"), ("sasl.password=s3cret", "sasl.password=…"),
            ("--kafka-property=ssl.key.password=s=3", "--kafka-property=ssl.key.password=…"),
            (
                "mongodb://h/?tls=true&tlsCertificateKeyFilePassword=s3&w=1",
                "mongodb://h/?tls=true&tlsCertificateKeyFilePassword=…&w=1"
            ),
            ("mongodb://a:b@h/?tlsCertificateKeyFilePassword=s3@x", "mongodb://…@x"),
        ])
    func hidden(_ text: String, _ shown: String) { #expect(Secrets.hidden(text) == shown) }

    @Test(
        "what holds no secret stays",
        arguments: [
            "mongodb://host:27017/db.c?replicaSet=rs0", "sqlite:a@b", "a@b.c", "--token-file=/run/x",
            "http://[::1]:8000",
            "mongodb://@host", "", "security.protocol=SASL_SSL", "12:30@x",
        ])
    func shown(_ text: String) { #expect(Secrets.hidden(text) == text) }

    @Test("a message is told without the secrets of the arguments, whatever signs are in them")
    func message() {
        let secrets = Secrets(in: ["serve", "--store=mongodb://u:pa ss@h/x", "--models", "mongodb://v:geheim@h"])
        #expect(
            secrets.hidden(in: "The value 'mongodb://u:pa ss@h/x' is invalid; see mongodb://v:geheim@h or x://y:z@w")
                == "The value 'mongodb://…@h/x' is invalid; see mongodb://…@h or x://…@w")
        #expect(Secrets(in: ["serve", "--port", "1"]).isEmpty)
    }

    /// Each is refused, by the parser, by the location, or by libmongoc.
    @Test(
        "no wrong setting makes the program repeat a password, from the command line or the environment",
        .timeLimit(.minutes(40)),
        arguments: [
            ["serve", "--store", "mongodb://anna:s3cret@"], ["serve", "--store", "mongodb://anna:s3/cret@host/db.c"],
            ["serve", "--store", "mongodb://anna:s3%cret@host/db.c"], ["serve", "--store", "mongo://anna:s3cret@host"],
            ["serve", "--store", "mongodb:/anna:s3cret@host"], ["serve", "--store", "mongodb://anna:s3 cret@host/$"],
            ["serve", "--models", "mongodb://anna:s3cret@host/x?w=0"], ["serve", "--models", "x://anna:s3cret@host"],
            ["stream", "--source", "mongodb://anna:s3cret@host:port/db"],
            ["stream", "--source", "x://anna:s3cret@host"],
            ["stream", "--server", "http://anna:s3cret@host"], ["stream", "--stor=mongodb://anna:s3cret@host"],
            ["stream", "--source", "kafka://b:1", "--kafka-property", "sasl.password s3cret"],
            ["stream", "--source", "kafka://b:1", "--kafka-property", "sasl.pasword=s3cret"],
        ])
    func refused(_ arguments: [String]) throws {
        let result = try TareProcess.run(arguments)
        #expect(result.status != 0)
        for text in [result.output, result.errors] {
            #expect(!text.contains("s3") && !text.contains("cret@"), "\(text)")
        }
        guard arguments.count == 3 else { return }
        let name = "TARE_" + arguments[1].dropFirst(2).uppercased()
        let process = try TareProcess([arguments[0]], environment: [name: arguments[2]])
        defer { process.end() }
        let second = process.finish()
        #expect(second.status != 0 && !second.errors.contains("s3"), "\(second.errors)")
        #expect(second.errors.contains("From the environment: \(name)"))
    }

    @Test(
        "a password on the command line is not in the list of processes, and whoever typed it is told",
        .timeLimit(.minutes(40)))
    func listOfProcesses() throws {
        try withLiveFolder { folder in
            let store = "mongodb://anna:s3cret@127.0.0.1:1/a.b"
            let process = try TareProcess([
                "serve", "--port", "0", "--models", "\(folder.path)/models", "--store", store, "--initial-model",
                LiveServer.initialModel,
            ])
            defer { process.end() }
            #expect(try process.readLine()?.hasPrefix("listening on") == true)
            let list = try Data(contentsOf: URL(filePath: "/proc/\(process.identifier)/cmdline"))
            let text = String(decoding: list, as: UTF8.self)
            #expect(text.contains("mongodb://xxxxxxxxxxx@127.0.0.1:1/a.b") && !text.contains("s3cret"))
            #expect(process.errorsSoFar.contains("TARE_STORE_FILE") && !process.errorsSoFar.contains("s3cret"))
        }
    }

    @Test(
        "a store named by a file is used, and shows in neither the list of processes nor the log",
        .timeLimit(.minutes(40)))
    func file() throws {
        try withLiveFolder { folder in
            let file = folder.appending(path: "store")
            try Data("mongodb://anna:s3cret@127.0.0.1:1/a.b\n".utf8).write(to: file)
            let process = try TareProcess(
                [
                    "serve", "--port", "0", "--models", "\(folder.path)/models", "--initial-model",
                    LiveServer.initialModel,
                ],
                environment: ["TARE_STORE_FILE": file.path])
            defer { process.end() }
            let port = try #require(try process.readLine()?.split(separator: ":").last.flatMap { UInt16($0) })
            let ready = try KeptConnection(port: port).send("GET /readyz HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(ready.text.contains("mongodb://127.0.0.1:1/a.b") && !ready.text.contains("s3cret"))
            let list = try Data(contentsOf: URL(filePath: "/proc/\(process.identifier)/cmdline"))
            #expect(!String(decoding: list, as: UTF8.self).contains("s3cret"))
            #expect(!process.errorsSoFar.contains("s3cret"))
        }
    }

    @Test("--help shows no value of the environment", .timeLimit(.minutes(40)))
    func help() throws {
        let process = try TareProcess(
            ["serve", "--help"], environment: ["TARE_STORE": "mongodb://anna:s3cret@host/a.b", "TARE_MODELS": "s3cret"])
        defer { process.end() }
        let result = process.finish()
        #expect(result.status == 0 && result.output.contains("--store") && !result.output.contains("s3cret"))
    }
}
