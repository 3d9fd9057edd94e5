import Foundation

#if FUZZER
    import CFuzzer
#endif

/// Fuzzes the readers of bytes from outside; no part of the product. `make fuzz` builds it with libFuzzer; otherwise it
/// checks the inputs that it is given.
///
///     Fuzzing list                      the targets
///     Fuzzing seeds FOLDER              writes what each starts from, and its words, into FOLDER
///     Fuzzing TARGET [FILE or OPTION]   options are libFuzzer's
@main
enum Fuzzing {
    static func main() throws {
        let arguments = Array(CommandLine.arguments.dropFirst())
        switch (arguments.first, arguments.dropFirst().first) {
        case ("list", nil): for target in FuzzTarget.all { print(target.name) }
        case ("seeds", let folder?): try writeSeeds(URL(filePath: folder, directoryHint: .isDirectory))
        case (let name?, _):
            guard let target = FuzzTarget.all.first(where: { $0.name == name }) else {
                fatalError("'\(name)' is no target; accepted: \(FuzzTarget.all.map(\.name).joined(separator: ", "))")
            }
            try run(target, Array(arguments.dropFirst()))
        default: print("usage: Fuzzing list | seeds FOLDER | TARGET [FILE or OPTION]…")
        }
    }

    /// A folder of files and a dictionary for each target.
    private static func writeSeeds(_ folder: URL) throws {
        for target in FuzzTarget.all {
            let seeds = folder.appending(path: target.name, directoryHint: .isDirectory)
            try FileManager.default.createDirectory(at: seeds, withIntermediateDirectories: true)
            for (number, seed) in try target.seeds().enumerated() {
                try Data(seed).write(to: seeds.appending(path: "seed-\(number)"))
            }
            let words = target.words.map { word in
                "\"" + word.utf8.map { "\\x" + ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() + "\"\n"
            }
            try Data(words.joined().utf8).write(to: folder.appending(path: "\(target.name).dict"))
        }
    }
}

#if FUZZER
    /// Set before the fuzzer starts.
    private nonisolated(unsafe) var current: FuzzTarget?

    extension Fuzzing {
        private static func run(_ target: FuzzTarget, _ options: [String]) throws {
            unsafe current = target
            var count = CInt(options.count + 1)
            var arguments = unsafe (["Fuzzing"] + options).map { unsafe strdup($0) } + [nil]
            unsafe arguments.withUnsafeMutableBufferPointer { arguments in
                var start = arguments.baseAddress
                _ = unsafe LLVMFuzzerRunDriver(&count, &start, check)
            }
        }
    }

    private func check(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
        let input = unsafe Array(UnsafeBufferPointer(start: start, count: count))
        do {
            try unsafe current?.check(input)
        } catch {
            fatalError("\(error)")
        }
        return 0
    }
#else
    extension Fuzzing {
        private static func run(_ target: FuzzTarget, _ files: [String]) throws {
            for file in files { try target.check(Array(try Data(contentsOf: URL(filePath: file)))) }
            print("\(target.name) holds for \(files.count) files; `make fuzz` looks for more")
        }
    }
#endif
