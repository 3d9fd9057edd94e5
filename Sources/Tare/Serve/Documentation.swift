import HTTPServer

/// The contract and the page that shows it: everything below `/__docs__/` and the OpenAPI document in both forms.
struct Documentation {
    let routes: [Routes.Route]

    /// Swagger UI writes styles into its elements.
    private static let policy =
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'"

    /// Of Swagger UI, and the script that starts it.
    private static let files = [
        StaticFile("/__docs__/docs.js", StaticFile.script, Assets.contractScript),
        StaticFile("/__docs__/swagger-ui.css", StaticFile.style, Assets.swaggerStyle),
        StaticFile("/__docs__/swagger-ui-bundle.js", StaticFile.script, Assets.swaggerScript),
        StaticFile("/__docs__/favicon-32x32.png", "image/png", Assets.swaggerIcon),
    ]

    /// - Parameter contract: makes that of the model that is served.
    init(_ contract: @escaping @Sendable () throws -> ContractFiles.Texts) {
        let isWhole = Self.files.allSatisfy { !$0.bytes.isEmpty }
        let page = isWhole ? Self.page : Self.pageWithoutFiles
        let files = [StaticFile("/__docs__/", StaticFile.html, Array(page.utf8))] + Self.files
        routes =
            ContractFiles(contract, policy: Self.policy).routes + files.map { $0.route(policy: Self.policy) }
            + ["/__docs__", "/__swagger__/"].map { Self.redirect($0, to: "/__docs__/") }
    }

    private static func redirect(_ path: String, to target: String) -> Routes.Route {
        let response = HTTPResponse(status: 301, headers: [HTTPField("Location", target)])
        return Routes.Route(method: "GET", path: path, role: nil) { _ in .now(response) }
    }

    private static let page = """
        <!doctype html>
        <html lang="en">
        <head>
          <meta charset="utf-8">
          <meta name="viewport" content="width=device-width, initial-scale=1">
          <title>Tare</title>
          <link rel="stylesheet" href="swagger-ui.css">
          <link rel="icon" href="favicon-32x32.png">
        </head>
        <body>
          <div id="contract"></div>
          <script src="swagger-ui-bundle.js"></script>
          <script src="docs.js"></script>
        </body>
        </html>

        """

    private static let pageWithoutFiles = """
        <!doctype html>
        <html lang="en">
        <head><meta charset="utf-8"><title>Tare</title></head>
        <body>
          <p>Swagger UI was not there when this program was built: <code>make build</code> fetches it. The contract itself is
          here: <a href="../openapi.yaml">openapi.yaml</a>, <a href="../openapi.json">openapi.json</a>.</p>
        </body>
        </html>

        """
}
