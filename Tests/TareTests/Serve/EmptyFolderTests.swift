import Documents
import Foundation
import Testing

@testable import Tare

@Suite("The server in an empty folder", .timeLimit(.minutes(40)))
struct EmptyFolderTests {
    @Test("it starts without any file: it serves the worked example, and its contract")
    func workedExample() throws {
        try withLiveFolder { folder in
            let process = try TareProcess(["serve", "--port", "0"], folder: folder)
            defer { process.end() }
            let line = try process.readLine() ?? ""
            let port = try #require(line.split(separator: ":").last.flatMap { UInt16($0) }, "\(line)")
            let request = "GET /prediction?length=95&height=18&species=salmon HTTP/1.1\r\nHost: localhost\r\n\r\n"
            let answer = try KeptConnection(port: port).send(request)
            #expect(answer.document?["Weight"]?.double == 4.949977156913345, "\(answer.text)")
            let contract = try KeptConnection(port: port).send("GET /openapi.yaml HTTP/1.1\r\nHost: localhost\r\n\r\n")
            #expect(contract.text.contains("name: species"))
            process.send(SIGTERM)
            #expect(process.finish().status == 0)
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["var"])
        }
    }
}
