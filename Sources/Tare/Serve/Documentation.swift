import Foundation
import HTTPServer

/// The contract and the page that shows it: everything below `/__docs__/` and the OpenAPI document in both forms.
struct Documentation {
    let routes: [Routes.Route]

    /// Files of Swagger UI that the page needs, with their media types.
    static let files = [
        ("swagger-ui.css", "text/css; charset=utf-8"),
        ("swagger-ui-bundle.js", "text/javascript; charset=utf-8"),
        ("favicon-32x32.png", "image/png"),
    ]

    /// - Parameters:
    ///   - contract: that of the model that is served.
    ///   - folder: where the files of Swagger UI lie; without them the page says how to get them.
    init(_ contract: Contract, folder: String) throws {
        var routes = [
            Self.file("/openapi.yaml", "application/yaml", try contract.yaml()),
            Self.file("/openapi.json", "application/json", contract.json),
        ]
        let files = Self.files.compactMap { name, type in
            (try? Data(contentsOf: URL(filePath: "\(folder)/\(name)"))).map {
                Self.file("/__docs__/\(name)", type, Array($0))
            }
        }
        let isComplete = files.count == Self.files.count
        let page = isComplete ? Self.page : Self.pageWithoutFiles(folder)
        routes.append(Self.file("/__docs__/", "text/html; charset=utf-8", Array(page.utf8)))
        routes += files
        for path in ["/__docs__", "/__swagger__/"] { routes.append(Self.redirect(path, to: "/__docs__/")) }
        self.routes = routes
    }

    private static func file(_ path: String, _ type: String, _ bytes: [UInt8]) -> Routes.Route {
        let response = HTTPResponse(
            status: 200,
            headers: [
                HTTPField("Content-Type", type), HTTPField("X-Content-Type-Options", "nosniff"),
                HTTPField(
                    "Content-Security-Policy",
                    "default-src 'self'; style-src 'self' 'unsafe-inline'; script-src 'self' 'unsafe-inline'; img-src 'self' data:"
                ),
            ], body: bytes, isShared: true)
        return Routes.Route(method: "GET", path: path, role: nil) { _ in .now(response) }
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
          <script>
            SwaggerUIBundle({ url: "../openapi.json", dom_id: "#contract", deepLinking: true, validatorUrl: null });
          </script>
        </body>
        </html>

        """

    private static func pageWithoutFiles(_ folder: String) -> String {
        """
        <!doctype html>
        <html lang="en">
        <head><meta charset="utf-8"><title>Tare</title></head>
        <body>
          <p>The files of Swagger UI are not in \(folder): <code>make setup</code> fetches them, <code>--docs</code> names
          another folder. The contract itself is here: <a href="../openapi.yaml">openapi.yaml</a>,
          <a href="../openapi.json">openapi.json</a>.</p>
        </body>
        </html>

        """
    }
}
