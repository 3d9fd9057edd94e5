import Foundation
import Testing

@testable import Companion

@Suite("tare demo: its processes", .serialized, .timeLimit(.minutes(40)))
struct DemoProcessTests {
    private func troupe() throws -> DemoTroupe { try DemoTroupe(executable: "/bin/sh", launch: ["sh", "-c"]) }

    private func isGone(_ pid: pid_t) -> Bool { kill(pid, 0) != 0 && errno == ESRCH }

    private func pid(_ child: ChildProcess, _ troupe: DemoTroupe) throws -> pid_t {
        var pid: pid_t?
        try troupe.read(child, silenceSecondsMax: 30) { line in
            pid = pid_t(line)
            return true
        }
        return try #require(pid)
    }

    @Test("lines are handed on until enough is heard, or the output ends; the last needs no line feed")
    func lines() throws {
        let troupe = try troupe()
        let child = try troupe.start("child", ["echo one; echo two; echo; printf three"])
        var heard: [String] = []
        let isEnough = try troupe.read(child, silenceSecondsMax: 30) { line in
            heard.append(line)
            return false
        }
        #expect(!isEnough && heard == ["one", "two", "three"])
        try troupe.finish(child, secondsMax: 30)
    }

    @Test("a child that fails is told with its status and its last words")
    func failure() throws {
        let troupe = try troupe()
        let child = try troupe.start("the fit", ["echo no such file >&2; exit 3"])
        #expect(throws: DemoTroupe.Interruption.failure("the fit ended with status 3; it said:\n  no such file")) {
            try troupe.finish(child, secondsMax: 30)
        }
    }

    @Test("a child that must stay and does not ends the wait for another")
    func lostCompanion() throws {
        let troupe = try troupe()
        let server = try troupe.start("server", ["kill -9 $$"])
        let stream = try troupe.start("stream", ["exec sleep 1000"])
        #expect(throws: DemoTroupe.Interruption.failure("server ended with signal 9")) {
            try troupe.read(stream, besides: [server], silenceSecondsMax: 30) { _ in false }
        }
    }

    @Test("a child that says nothing for too long is given up")
    func silence() throws {
        let troupe = try troupe()
        let child = try troupe.start("stream", ["exec sleep 1000"])
        #expect(throws: DemoTroupe.Interruption.failure("nothing came from stream for 0 s")) {
            try troupe.read(child, silenceSecondsMax: 0) { _ in false }
        }
    }

    @Test("a program that is not there is an error with its reason")
    func missing() throws {
        let troupe = try DemoTroupe(executable: "/no/such/program", launch: [])
        let error = #expect(throws: ChildProcessError.self) { try troupe.start("server", []) }
        #expect(error?.description == "server cannot be started: No such file or directory")
    }

    @Test("dismissing ends every child, reaps it and removes the folder")
    func dismiss() throws {
        let troupe = try troupe()
        let pids = try (0..<3).map { try pid(troupe.start("child \($0)", ["echo $$; exec sleep 1000"]), troupe) }
        troupe.dismiss()
        #expect(pids.allSatisfy(isGone))
        #expect(!FileManager.default.fileExists(atPath: troupe.folder.path))
    }

    @Test("a child that does not heed SIGTERM is killed, with what it started")
    func stubborn() throws {
        let troupe = try troupe()
        let child = try troupe.start("child", ["trap '' TERM; sh -c 'echo $$; exec sleep 1000'; true"])
        let grandchild = try pid(child, troupe)
        child.stop(patienceMilliseconds: 50)
        #expect(child.exit == .signal(SIGKILL))
        // It is init's to reap, at some time soon.
        while !isGone(grandchild), !isZombie(grandchild) { usleep(1000) }
    }

    private func isZombie(_ pid: pid_t) -> Bool {
        let status = (try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8)) ?? ""
        return status.contains(") Z ")
    }

    @Test("a child gets a fresh process's signals, no stdin and none of the TARE_ settings")
    func freshStart() throws {
        let troupe = try troupe()
        let child = try troupe.start("child", ["grep -E 'Sig(Blk|Ign)' /proc/self/status; env | grep ^TARE_; cat"])
        var heard: [String] = []
        try troupe.read(child, silenceSecondsMax: 30) { line in
            heard.append(line)
            return false
        }
        // The upper bits are real-time signals, of which the C library keeps two.
        let masks = heard.map { UInt64($0.suffix(16), radix: 16).map { $0 & 0x7FFF_FFFF } }
        #expect(masks == [0, 0], "\(heard)")
    }

    @Test("a child of this program ends by itself when the lifeline is cut, as the kernel cuts it on kill -9")
    func lifeline() throws {
        var lifeline: Lifeline? = try Lifeline()
        let child = try ChildProcess(
            name: "simulate", executable: TareProcess.path.path,
            arguments: ["tare", "demo", "child", "simulate", "--repeat", "--interval", "1h"], environment: [],
            lifeline: try #require(lifeline), errors: "/dev/null")
        var reader = ChildLines(descriptor: child.output)
        while reader.lines().isEmpty { usleep(1000) }
        #expect(child.poll() == nil)
        lifeline = nil
        while child.poll() == nil { usleep(1000) }
        #expect(child.exit == .status(0))
    }
}
