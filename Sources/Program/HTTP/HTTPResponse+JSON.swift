package import Documents
package import HTTPServer

extension HTTPResponse {
    package static func json(_ status: Int, _ document: JSON) -> HTTPResponse {
        HTTPResponse(status: status, headers: [HTTPField("Content-Type", "application/json")], body: document.bytes)
    }
}
