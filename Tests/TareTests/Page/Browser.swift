import Documents
import Foundation
import Glibc

/// Debian's Chromium without a window, driven by its DevTools protocol: JSON texts, each ended by a zero byte, over two pipes.
final class Browser {
    struct Failure: Error, CustomStringConvertible { let description: String }

    static let isInstalled = FileManager.default.isExecutableFile(atPath: "/usr/bin/chromium")

    /// What the page's console was told of as an error.
    private(set) var complaints: [String] = []
    private let process = Process()
    private let folder: URL
    private let commands: CInt
    private let answers: CInt
    private var received: [UInt8] = []
    private var lastCommand = 0
    private var session: String?

    init() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "tare-browser-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        self.folder = folder
        let names = ["commands", "answers"].map { folder.appending(path: $0).path }
        for name in names { unsafe mkfifo(name, 0o600) }
        // To open one end only would wait for the other.
        commands = unsafe open(names[0], O_RDWR | O_CLOEXEC)
        answers = unsafe open(names[1], O_RDWR | O_CLOEXEC)
        // The numbers of the descriptors are Chromium's.
        process.executableURL = URL(filePath: "/bin/sh")
        process.arguments = [
            "-c", "exec /usr/bin/chromium \"$@\" 3<'\(names[0])' 4>'\(names[1])'", "sh", "--headless=new",
            "--no-sandbox",
            "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--hide-scrollbars",
            "--remote-debugging-pipe",
            "--user-data-dir=\(folder.appending(path: "profile").path)", "about:blank",
        ]
        process.standardError = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        let target = try send("Target.createTarget", ["url": "about:blank"])["targetId"] ?? .null
        session = try send("Target.attachToTarget", ["targetId": target, "flatten": true])["sessionId"]?.text
        for domain in ["Page", "Runtime", "Log"] { try send("\(domain).enable") }
    }

    deinit {
        process.terminate()
        process.waitUntilExit()
        close(commands)
        close(answers)
        try? FileManager.default.removeItem(at: folder)
    }

    // MARK: What a reader does

    func go(to address: String) throws {
        try send("Page.navigate", ["url": .string(address)])
    }

    /// The value of an expression, waited for where it is a promise.
    @discardableResult
    func value(of expression: String) throws -> JSON {
        let answer = try send(
            "Runtime.evaluate",
            ["expression": .string(expression), "awaitPromise": true, "returnByValue": true])
        if let exception = answer["exceptionDetails"] {
            throw Failure(description: "\(expression): \(exception.compact)")
        }
        return answer["result"]?["value"] ?? .null
    }

    /// Waits until an expression is true.
    func wait(for expression: String, within seconds: Int = 60) throws {
        let end = ContinuousClock.now + .seconds(seconds)
        while try value(of: "Boolean(\(expression))") != true {
            guard ContinuousClock.now < end else {
                let seen = try value(of: "document.body.innerText").text ?? ""
                throw Failure(description: "never came: \(expression); the page says: \(seen); \(complaints)")
            }
            usleep(50_000)
        }
    }

    func resize(width: Int, height: Int, isDark: Bool = false) throws {
        try send(
            "Emulation.setDeviceMetricsOverride",
            ["width": JSON(width), "height": JSON(height), "deviceScaleFactor": 1, "mobile": .bool(width < 600)])
        try send(
            "Emulation.setEmulatedMedia",
            ["features": [["name": "prefers-color-scheme", "value": .string(isDark ? "dark" : "light")]]])
    }

    /// Presses a key with the focus where it is.
    func press(_ key: String) throws {
        for kind in ["keyDown", "keyUp"] {
            try send("Input.dispatchKeyEvent", ["type": .string(kind), "key": .string(key), "code": .string(key)])
        }
    }

    /// A PNG of what the window shows.
    func screenshot() throws -> Data {
        let answer = try send("Page.captureScreenshot", ["format": "png"])
        guard let data = answer["data"]?.text.flatMap({ Data(base64Encoded: $0) }) else {
            throw Failure(description: "no screenshot")
        }
        return data
    }

    /// Bytes of the page's heap, once what is not used is let go of.
    func heapBytes() throws -> Int {
        try send("HeapProfiler.collectGarbage")
        return Int(try send("Runtime.getHeapUsage")["usedSize"]?.double ?? .nan)
    }

    /// For how long the page's thread has been busy since its beginning.
    func busySeconds() throws -> Double {
        try send("Performance.enable")
        let metrics = try send("Performance.getMetrics")["metrics"]?.elements ?? []
        return metrics.first { $0["name"] == "TaskDuration" }?["value"]?.double ?? .nan
    }

    // MARK: The protocol

    @discardableResult
    private func send(_ method: String, _ parameters: JSON = .object([])) throws -> JSON {
        lastCommand += 1
        let command: JSON = .object(
            [
                .init("id", JSON(lastCommand)), .init("method", .string(method)), .init("params", parameters),
            ] + (session.map { [.init("sessionId", .string($0))] } ?? []))
        try write(command.bytes + [0])
        while true {
            let message = try next()
            guard message["id"]?.integer == Int64(lastCommand) else {
                note(message)
                continue
            }
            if let error = message["error"] { throw Failure(description: "\(method): \(error.compact)") }
            return message["result"] ?? .null
        }
    }

    private func note(_ message: JSON) {
        let parameters = message["params"]
        switch message["method"]?.text {
        case "Runtime.exceptionThrown": complaints.append(parameters?["exceptionDetails"]?.compact ?? "")
        case "Log.entryAdded" where parameters?["entry"]?["level"] == "error":
            complaints.append(parameters?["entry"]?.compact ?? "")
        case "Runtime.consoleAPICalled" where parameters?["type"] == "error":
            complaints.append(parameters?.compact ?? "")
        default: break
        }
    }

    private func write(_ bytes: [UInt8]) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { unsafe Glibc.write(commands, $0.baseAddress, $0.count) }
            guard count > 0 else { throw Failure(description: "write: errno \(errno)") }
            rest = rest.dropFirst(count)
        }
    }

    private func next() throws -> JSON {
        while true {
            if let end = received.firstIndex(of: 0) {
                defer { received.removeFirst(end + 1) }
                return try JSON(parsing: received[..<end], repeatedNames: .lastWins)
            }
            var descriptors = [pollfd(fd: answers, events: Int16(POLLIN), revents: 0)]
            guard unsafe poll(&descriptors, 1, 60_000) > 0 else { throw Failure(description: "Chromium is silent") }
            var buffer = [UInt8](repeating: 0, count: 1 << 20)
            let count = unsafe read(answers, &buffer, buffer.count)
            guard count > 0 else { throw Failure(description: "read: errno \(errno)") }
            received += buffer.prefix(count)
        }
    }
}
