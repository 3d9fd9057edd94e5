import Documents
import Foundation
import Testing

/// The page as its reader meets it, in a real browser.
@Suite(
    "The page at /", .enabled(if: Browser.isInstalled, "chromium is not installed: Scripts/setup browser"),
    .timeLimit(.minutes(40)))
struct PageStoryTests {
    /// Plays the factory's drift: 180 fish, of which the second third are walleye, that the first model does not know.
    private static func play(to port: UInt16) throws {
        let run = try TareProcess.run([
            "stream", "--server", "http://127.0.0.1:\(port)", "--source", "simulator", "--seed", "1", "--speed", "max",
            "--preset", "blog",
        ])
        guard run.status == 0 else { throw Browser.Failure(description: run.errors) }
    }

    @Test("plays the factory's drift: the chart's data, the model's change, a prediction, and the way back")
    func story() throws {
        try withLiveFolder { folder in
            let server = try LiveServer(folder: folder)
            let first = try #require(try server.get("/model").document?["version"]?.text)
            let browser = try Browser()
            try browser.resize(width: 1240, height: 1330)
            try browser.go(to: "http://127.0.0.1:\(server.port)/")
            try browser.wait(for: "window.tare?.connection === 'live' && tare.model")
            try Self.play(to: server.port)
            try Self.expectChart(browser)
            try Self.expectModel(browser, server, besides: first)
            try Self.predict(browser, server)
            try Self.shoot(browser)
            try Self.goBack(browser, server, to: first)
            #expect(browser.complaints.isEmpty)
        }
    }

    private static func expectChart(_ browser: Browser) throws {
        try browser.wait(for: "tare.points.count === 180 && tare.data[0].length === 180")
        try browser.wait(for: "tare.marks.trainings.length === 1 && tare.fitRows.length === 50")
        let counts = try browser.value(
            of: """
                Object.fromEntries(tare.points.groups.map((name, index) =>
                    [name, tare.data[index + 1].filter((error) => error !== null).length]))
                """)
        #expect(counts == ["salmon": 120, "walleye": 60])
        #expect(try browser.value(of: "tare.data[0].every((time, i, all) => i === 0 || all[i - 1] <= time)") == true)
        #expect(try browser.value(of: "Math.max(...tare.data[2]) > 0.5") == true)
        #expect(try browser.value(of: "tare.marks.threshold") == 0.15)
        // The training's rows end when it was triggered, and the model takes over just behind them.
        #expect(
            try browser.value(
                of: """
                    (({ trainings: [training], takeovers }) => training.oldest < training.newest
                        && training.windows[0][0] < training.windows[0][1] && takeovers.length === 1
                        && takeovers[0].time >= training.newest && takeovers[0].time < training.newest + 60)(tare.marks)
                    """) == true)
        #expect(try browser.value(of: "tare.points.meanOfLast(50) < 0.1") == true)
        let drawn =
            "(() => { const c = document.querySelector('#error-chart canvas'); return c.width > 600 && c.height > 200; })()"
        #expect(try browser.value(of: drawn) == true)
    }

    private static func expectModel(_ browser: Browser, _ server: LiveServer, besides first: String) throws {
        let served = try #require(try server.get("/model").document?["version"]?.text)
        #expect(served != first)
        try browser.wait(for: "document.querySelector('#model').innerText.includes('\(served)')")
        let formula = try #require(try browser.value(of: "document.querySelector('#formula').innerText").text)
        #expect(formula.hasPrefix("weight = ") && formula.contains("[species = walleye]"))
        let trainings = try #require(try browser.value(of: "document.querySelector('#trainings').innerText").text)
        #expect(trainings.contains("walleye") && trainings.contains("50 rows") && trainings.contains("mean error"))
        #expect(try browser.value(of: "document.querySelectorAll('#versions tbody tr').length") == 2)
        try browser.wait(for: "document.querySelector('#activity').innerText.includes('Training: retrained')")
        // What the companion said of itself at its end.
        try browser.wait(for: "tare.companions.length === 1 && tare.companions[0].recorded === 180")
        #expect(
            try browser.value(of: "[tare.companions[0].detector, tare.companions[0].threshold]") == ["window", 0.15])
        try browser.wait(for: "document.querySelector('#state').innerText.includes('360 events')")
        // What the chart shows is there as a table too.
        try browser.value(of: "document.querySelector('#rows').open = true")
        try browser.wait(for: "document.querySelectorAll('#rows tbody tr').length === 100")
        try browser.value(of: "document.querySelector('#rows').open = false")
        // By the keyboard alone.
        try browser.value(of: "document.querySelector('#error-chart').focus()")
        try browser.press("ArrowLeft")
        try browser.wait(for: "document.querySelector('#reading').innerText.includes('error')")
    }

    private static func predict(_ browser: Browser, _ server: LiveServer) throws {
        let answer = try server.get("/prediction?length=95&height=18&species=walleye&interval=0.95").document
        try browser.value(
            of: """
                for (const [name, value] of [["length", 95], ["height", 18], ["species", "walleye"]])
                    document.querySelector("#predict").elements.namedItem(name).value = value;
                document.querySelector("#predict button").click()
                """)
        let weight = try #require(answer?["Weight"]?.double)
        let text = "document.querySelector('#estimate b')?.innerText"
        try browser.wait(for: "Math.abs(Number(\(text)) - \(weight)) < 0.001 && \(text) !== ''")
        #expect(try browser.value(of: "document.querySelectorAll('#estimate svg circle').length") == 1)
    }

    /// For the README: `make screenshot` names the file.
    private static func shoot(_ browser: Browser) throws {
        guard let path = ProcessInfo.processInfo.environment["TARE_SCREENSHOT"] else { return }
        try browser.value(of: "document.activeElement.blur(); scrollTo(0, 0)")
        try browser.value(of: "new Promise((done) => setTimeout(done, 500))")
        let picture = try browser.screenshot()
        #expect(picture.count < 200 << 10)
        try picture.write(to: URL(filePath: path))
    }

    private static func goBack(_ browser: Browser, _ server: LiveServer, to first: String) throws {
        let button = "document.querySelector('#versions button[data-version=\"\(first)\"]')"
        try browser.value(of: "\(button).click()")
        try browser.wait(for: "document.querySelector('#confirm').open")
        #expect(try server.get("/model").document?["version"]?.text != first)
        try browser.value(of: "document.querySelector('#confirm-yes').click()")
        try browser.wait(for: "tare.model.version === '\(first)' && !document.querySelector('#confirm').open")
        #expect(try server.get("/model").document?["version"]?.text == first)
        try browser.wait(for: "document.querySelector('#activity').innerText.includes('\(first) serves')")
    }

    // MARK: What may go wrong

    static func row(_ number: Int, species: String = "salmon") -> JSON {
        [
            "Fish_Id": .string("\(number)"), "Species": .string(species), "Length": JSON(80 + Double(number % 20)),
            "Height": JSON(16 + Double(number % 7)), "PredictedWeight": 4.5, "ActualWeight": 4.25, "Error": 0.059,
            "ModelTime": "2021-06-02 07:48:52", "Timestamp": .integer(1_623_245_000_000 + Int64(number) * 10),
        ]
    }

    @Test("shows what rows say as text: markup in a species becomes no element and no code")
    func markup() throws {
        try withLiveFolder { folder in
            let server = try LiveServer(folder: folder)
            let species = ["<script>window.broken = 1</script>", "<img src=x onerror='window.broken = 1'>"]
            try server.record([Self.row(1, species: species[0])])
            let browser = try Browser()
            try browser.go(to: "http://127.0.0.1:\(server.port)/")
            try browser.wait(for: "window.tare?.connection === 'live' && tare.points.count === 1")
            try server.record([Self.row(2, species: species[1])])
            try browser.wait(for: "document.querySelectorAll('#groups button').length === 2")
            try browser.value(of: "document.querySelector('#rows').open = true")
            try browser.wait(for: "document.querySelectorAll('#rows tbody tr').length === 2")
            let shown = "[...document.querySelectorAll('#groups button')].map((button) => button.innerText)"
            #expect(try browser.value(of: shown) == .array(species.map { .string($0) }))
            #expect(try browser.value(of: "document.querySelectorAll('img, body script').length") == 0)
            #expect(try browser.value(of: "window.broken ?? null") == .null)
            #expect(browser.complaints.isEmpty)
        }
    }

    @Test("keeps the newest rows only, however many come: neither its points nor its heap grow")
    func bounded() throws {
        try withLiveFolder { folder in
            let server = try LiveServer(folder: folder)
            let browser = try Browser()
            try browser.go(to: "http://127.0.0.1:\(server.port)/")
            try browser.wait(for: "window.tare?.connection === 'live'")
            func send(_ numbers: Range<Int>) throws {
                for start in stride(from: numbers.lowerBound, to: numbers.upperBound, by: 500) {
                    try server.record((start..<start + 500).map { Self.row($0) })
                }
                let last = 1_623_245_000_000 + (numbers.upperBound - 1) * 10
                try browser.wait(for: "tare.points.time.includes(\(last)) && tare.data[0].length === 2000")
            }
            try send(0..<5000)
            let heap = try browser.heapBytes()
            try send(5000..<25000)
            #expect(try browser.value(of: "[tare.points.count, tare.points.known.size]") == [2000, 2000])
            #expect(try browser.value(of: "tare.newest.length <= 400") == true)
            #expect(try browser.heapBytes() < heap + 4 << 20)
            #expect(browser.complaints.isEmpty)
        }
    }

    @Test("goes on when the server comes back, with what happened meanwhile")
    func restart() throws {
        try withLiveFolder { folder in
            let browser = try Browser()
            let port: UInt16
            do {
                let server = try LiveServer(folder: folder)
                port = server.port
                try server.record([Self.row(1)])
                try browser.go(to: "http://127.0.0.1:\(port)/")
                try browser.wait(for: "window.tare?.connection === 'live' && tare.points.count === 1")
                _ = server.stop()
            }
            try browser.wait(for: "tare.connection !== 'live'")
            let server = try LiveServer(folder: folder, ["--port", "\(port)"])
            try server.record([Self.row(2)])
            try browser.wait(for: "tare.connection === 'live' && tare.points.count === 2")
            try server.record([Self.row(3)])
            try browser.wait(for: "tare.points.count === 3")
        }
    }

    @Test("asks for a token where the server does, and for another one where that may not do what is asked")
    func tokens() throws {
        try withLiveFolder { folder in
            let file = folder.appending(path: "tokens").path
            let (reading, writing) = ("reading-0123456789abcdef", "writing-0123456789abcdef")
            try "read \(reading)\nwrite \(writing)\n".write(toFile: file, atomically: true, encoding: .utf8)
            unsafe chmod(file, 0o600)
            let server = try LiveServer(folder: folder, ["--token-file", file, "--gate", "off"])
            let first = try #require(
                try server.get("/model", headers: ["Authorization: Bearer \(reading)"]).document?["version"]?.text)
            let rows = JSON.array((1...60).map { Self.row($0) }).compact
            for (path, body) in [("/observations", rows), ("/train", "")] {
                #expect(try server.post(path, body, headers: ["Authorization: Bearer \(writing)"]).status == 200)
            }
            let browser = try Browser()
            func give(_ token: String) throws {
                try browser.wait(for: "document.querySelector('#ask')?.open")
                try browser.value(
                    of: """
                        document.querySelector('#token').value = '\(token)';
                        document.querySelector('#ask button[value=yes]').click()
                        """)
            }
            try browser.go(to: "http://127.0.0.1:\(server.port)/")
            try give(reading)
            try browser.wait(
                for: "tare.connection === 'live' && document.querySelectorAll('#versions button').length === 1")
            try browser.value(of: "document.querySelector('#versions button').click()")
            try browser.value(of: "document.querySelector('#confirm-yes').click()")
            try give(writing)
            try browser.wait(for: "tare.model.version === '\(first)'")
            let unasked = "fetch('model', { credentials: 'omit' }).then((answer) => answer.status)"
            #expect(try browser.value(of: unasked) == 401)
        }
    }

    @Test(
        "comes with rules that keep other sites and scripts out of it", arguments: ["/", "/page/page.js", "/__docs__/"])
    func headers(path: String) throws {
        try withLiveFolder { folder in
            let answer = try LiveServer(folder: folder).get(path)
            #expect(answer.status == 200)
            let policy = try #require(answer.headers["content-security-policy"])
            #expect(policy.hasPrefix("default-src 'none'; script-src 'self';"))
            #expect(policy.contains("frame-ancestors 'none'") && !policy.contains("unsafe-eval"))
            #expect(answer.headers["x-content-type-options"] == "nosniff")
            #expect(answer.headers["x-frame-options"] == "DENY")
            #expect(!answer.text.contains("http://") || path == "/page/page.js")
        }
    }

    @Test("the documentation's page works without any other host, and without a script in its HTML")
    func documentation() throws {
        try withLiveFolder { folder in
            let server = try LiveServer(folder: folder)
            let browser = try Browser()
            try browser.go(to: "http://127.0.0.1:\(server.port)/__docs__/")
            try browser.wait(for: "document.querySelector('.opblock-summary-path')")
            #expect(browser.complaints.isEmpty)
        }
    }
}
