package import Foundation

/// An authority for certificates in a folder of its own, made by `openssl`, and gone with it.
package final class TestAuthority: Sendable {
    package struct Issued: Sendable {
        package let certificate: String
        package let key: String
    }

    package struct Failure: Error, CustomStringConvertible { package let description: String }

    package let folder: URL
    /// PEM.
    package var certificate: String { folder.appending(path: "ca.pem").path }
    private var key: String { folder.appending(path: "ca.key").path }

    package static let isPossible = FileManager.default.isExecutableFile(atPath: "/usr/bin/openssl")

    package init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "tare-ca-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try openssl(
            ["req", "-x509", "-nodes", "-days", "30", "-subj", "/CN=An authority for tests", "-keyout", key]
                + Self.newKey + ["-out", certificate])
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    /// A certificate for 127.0.0.1 and localhost, which a client may show as well.
    /// - Parameter name: its common name; no two of an authority are the same.
    package func issue(_ name: String, days: Int = 30) throws -> Issued {
        let file = folder.appending(path: name).path
        let issued = Issued(certificate: file + ".pem", key: file + ".key")
        try openssl(
            [
                "req", "-nodes", "-subj", "/CN=\(name)", "-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost",
                "-keyout", issued.key, "-out", file + ".csr",
            ] + Self.newKey)
        try openssl([
            "x509", "-req", "-in", file + ".csr", "-CA", certificate, "-CAkey", key, "-CAcreateserial",
            "-copy_extensions", "copy", "-days", "\(days)", "-out", issued.certificate,
        ])
        return issued
    }

    private static let newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"]

    private func openssl(_ arguments: [String]) throws {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/openssl")
        process.arguments = arguments
        let complaints = Pipe()
        process.standardError = complaints
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        let said = try complaints.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Failure(description: String(decoding: said, as: UTF8.self)) }
    }
}
