import ArgumentParser
import Documents
import EventProcessing
import Foundation
import Glibc
import Program
import Streaming

/// How a run is shown on stdout.
enum ViewOption: String, ExpressibleByArgument, CaseIterable {
    case auto, live, lines

    /// - Parameter isTerminal: whether a person sees stdout, on something that takes escapes.
    func isLive(isTerminal: Bool) -> Bool { self == .live || self == .auto && isTerminal }

    static var isTerminal: Bool {
        let kind = ProcessInfo.processInfo.environment["TERM"] ?? ""
        return Terminal.size(of: STDOUT_FILENO) != nil && !kind.isEmpty && kind != "dumb"
    }
}

/// Prints nothing: the live view shows what is published.
struct SilentReport: StreamReport {
    var head: [String] { [] }
    func lines(_ publication: Publication) -> [String] { [] }
    func lines(trained answer: JSON) -> [String] { [] }
}
