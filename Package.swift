// swift-tools-version: 6.2
import PackageDescription

/// `make fuzz` sets this: its own build has libFuzzer linked in, which drives what the readers below are fed.
let fuzzerRuntime = Context.environment["TARE_FUZZER_RUNTIME"]

/// So that the fuzzer sees which parts of the program an input reaches, and what its bytes are compared with.
let coverage: [SwiftSetting] =
    fuzzerRuntime == nil
    ? [] : [.unsafeFlags(["-sanitize-coverage=edge,indirect-calls,trace-cmp,inline-8bit-counters,pc-table"])]

/// The compiler finds what a reviewer would otherwise have to: every unsafe use is spelled `unsafe`,
/// imports do not leak from one target into the next, and a warning stops the build.
let strict: [SwiftSetting] =
    [
        .strictMemorySafety(),
        .treatAllWarnings(as: .error),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("ExistentialAny"),
    ] + coverage

/// A fit in four lanes takes a hundred times as long unoptimized, and the tests fit often; `assert` still asserts.
let optimizedAlways: [SwiftSetting] =
    [.unsafeFlags(["-O", "-assert-config", "Debug"], .when(configuration: .debug))]

func test(_ target: String, also dependencies: [Target.Dependency] = [], exclude: [String] = []) -> Target {
    .testTarget(
        name: "\(target)Tests",
        dependencies: [.byName(name: target), "SeededTesting"] + (target == "Threading" ? [] : ["Threading"])
            + dependencies,
        exclude: exclude, swiftSettings: strict)
}

let package = Package(
    name: "tare",
    products: [.executable(name: "tare", targets: ["Main"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    ],
    targets: [
        .systemLibrary(name: "CMicroHTTPD", pkgConfig: "libmicrohttpd", providers: [.apt(["libmicrohttpd-dev"])]),
        .systemLibrary(name: "CGnuTLS", pkgConfig: "gnutls", providers: [.apt(["libgnutls28-dev"])]),
        .systemLibrary(name: "CMongoC", pkgConfig: "libmongoc-1.0", providers: [.apt(["libmongoc-dev"])]),
        .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
        .systemLibrary(name: "CAllocator"),
        .systemLibrary(name: "CScheduling"),
        .systemLibrary(name: "CChecksum"),
        // Files that are served, compiled in: those of Sources/Tare/Resources, and those that Scripts/setup has fetched.
        .target(name: "CAssets"),
        // ICU's data, cut to what is needed: linked before Foundation's own, it is taken in place of that.
        .target(name: "CLocales", cSettings: [.headerSearchPath("../../.tools/locales")]),
        .systemLibrary(name: "CRDKafka", pkgConfig: "rdkafka", providers: [.apt(["librdkafka-dev"])]),

        // The lock that every other target uses, and threads and their priorities.
        .target(name: "Threading", dependencies: ["CScheduling"], swiftSettings: strict),
        .target(name: "Documents", swiftSettings: strict),
        // What is counted, and how Prometheus reads it.
        .target(name: "Metrics", swiftSettings: strict),
        .target(name: "Regression", swiftSettings: strict + optimizedAlways),
        // What a model is about, and how its rows stand in documents, for whoever reads or writes them.
        .target(name: "Specification", dependencies: ["Regression", "Documents"], swiftSettings: strict),
        // libmicrohttpd is to find this target's functions before the system's and GnuTLS's: see ReceiveHook.swift and
        // TLSSession.swift.
        .target(
            name: "HTTPServer", dependencies: ["Threading", "CMicroHTTPD", "CGnuTLS"], swiftSettings: strict,
            linkerSettings: [
                .unsafeFlags([
                    "-Xlinker", "--export-dynamic-symbol=recv",
                    "-Xlinker", "--export-dynamic-symbol=gnutls_record_recv",
                ])
            ]),
        .target(name: "Digest", dependencies: ["CGnuTLS"], swiftSettings: strict),
        .target(
            name: "ModelService",
            dependencies: ["Specification", "Regression", "Documents", "Digest", "Threading", "Metrics", "CChecksum"],
            swiftSettings: strict),
        .target(
            name: "Storage",
            dependencies: [
                "ModelService", "Specification", "Regression", "Documents", "Threading", "CMongoC",
                "CSQLite",
            ],
            swiftSettings: strict),
        // What becomes of a stream's events, as values: joined, judged, windowed, told as records. No clock, no socket.
        .target(
            name: "EventProcessing", dependencies: ["Specification", "Regression", "Documents"], swiftSettings: strict),
        // Where events come from and where results go: lines, Kafka, HTTP, and the loop between them.
        .target(
            name: "Streaming",
            dependencies: [
                "EventProcessing", "Specification", "Regression", "Documents", "Threading", "CCurl", "CRDKafka",
            ],
            swiftSettings: strict),
        // What every command is made of. The two targets of commands know nothing of each other, so that they compile side
        // by side: one module of all commands would keep one core busy for a third of a release build.
        .target(
            name: "Program",
            dependencies: [
                "Documents", "Regression", "Specification", "HTTPServer", "Threading", "Metrics", "ModelService",
                "CAssets",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: strict),
        // The commands beside the server: stream, simulate, backtest, demo, status.
        .target(
            name: "Companion",
            dependencies: [
                "Program", "Documents", "Regression", "Specification", "HTTPServer", "Threading", "Metrics",
                "ModelService", "Storage", "EventProcessing", "Streaming",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: strict),
        // The commands of models: serve, fit, specification, contract, export, check.
        .target(
            name: "Tare",
            dependencies: [
                "Program", "Documents", "Regression", "Specification", "HTTPServer", "Threading", "Metrics",
                "ModelService", "Storage",
                "CAllocator", "CAssets",
                "Yams",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
            ],
            exclude: ["Resources"], swiftSettings: strict),
        // All commands under one name, and the program's entry point.
        .executableTarget(
            name: "Main",
            dependencies: [
                "Program", "Companion", "Tare", "CLocales",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: strict),

        // A mongod of the tests' own.
        .target(
            name: "MongoTesting", dependencies: ["CMongoC", "Documents", "Threading"], path: "Tests/MongoTesting",
            swiftSettings: strict),
        // Events, fish and rules of the tests' own.
        .target(
            name: "EventTesting", dependencies: ["EventProcessing", "Documents", "Regression", "Specification"],
            path: "Tests/EventTesting", swiftSettings: strict),
        // Random numbers that the tests can repeat.
        .target(name: "SeededTesting", path: "Tests/SeededTesting", swiftSettings: strict),
        // Certificates of the tests' own.
        .target(name: "CertificateTesting", path: "Tests/CertificateTesting", swiftSettings: strict),
        // A broker for tests and benchmarks; no part of the product.
        .executableTarget(name: "KafkaBroker", dependencies: ["CRDKafka"], path: "Tests/KafkaBroker"),

        // Simulations of the sequential detector, which print the tables of docs/detection.md; no part of the product.
        .executableTarget(
            name: "DetectionStudy",
            dependencies: [
                "Documents", "Regression", "Specification", "EventProcessing",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            path: "Tests/DetectionStudy", swiftSettings: strict),

        // The readers of bytes from outside, and what must hold of them whatever the bytes are; no part of the product.
        .systemLibrary(name: "CFuzzer", path: "Tests/CFuzzer"),
        .executableTarget(
            name: "Fuzzing",
            dependencies: [
                "CFuzzer", "CMongoC", "Documents", "HTTPServer", "ModelService", "Regression", "Specification",
                "Storage", "EventProcessing", "Streaming",
                "Program", "Companion", "Tare",
            ],
            path: "Tests/Fuzzing",
            swiftSettings: strict + (fuzzerRuntime == nil ? [] : [.define("FUZZER")]),
            linkerSettings: fuzzerRuntime.map { [.unsafeFlags([$0]), .linkedLibrary("stdc++")] } ?? []),

        test("Fuzzing", also: ["Specification"]),
        test("Threading"), test("Documents"), test("Digest"), test("Metrics"),
        test("Regression", also: ["Documents"], exclude: ["Fixtures"]),
        test("HTTPServer", also: ["CGnuTLS", "CertificateTesting"]),
        test("Specification", also: ["Documents", "Regression"]),
        test("ModelService", also: ["Metrics", "Specification"]),
        test("Storage", also: ["CSQLite", "Documents", "Specification", "CertificateTesting", "MongoTesting"]),
        test("EventProcessing", also: ["Documents", "Regression", "Specification", "EventTesting", "DetectionStudy"]),
        test("Streaming", also: ["Documents", "Regression", "Specification", "EventProcessing", "EventTesting"]),
        test(
            "Program",
            also: ["Documents", .product(name: "Logging", package: "swift-log")]),
        test(
            "Companion",
            also: ["Documents", "Program", "Regression", "Specification", "Storage", "EventProcessing", "Streaming"]),
        test(
            "Tare",
            also: [
                "Documents", "HTTPServer", "Specification", "EventProcessing", "Streaming", "CertificateTesting",
                "MongoTesting",
                "KafkaBroker", "Program", "Companion", "Main",
                "Yams", "Metrics", "ModelService", "Regression", "Storage",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ], exclude: ["Fixtures"]),
    ],
    swiftLanguageModes: [.v6]
)

// `make test-target TARGET=Regression` sets this: one target with its tests and what they need is built in less than a
// minute, and the whole program in some five.
if let name = Context.environment["TARE_TARGET"] {
    var needed: Set<String> = []
    func need(_ name: String) {
        guard let target = package.targets.first(where: { $0.name == name }), needed.insert(name).inserted else {
            return
        }
        for case .byNameItem(let name, _) in target.dependencies { need(name) }
    }
    need("\(name)Tests")
    package.products = []
    package.targets.removeAll { !needed.contains($0.name) }
}
