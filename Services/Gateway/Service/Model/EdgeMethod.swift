/// The request methods that the edge tells apart.
package enum EdgeMethod: String, Sendable, Hashable, CaseIterable {
    case get = "GET"
    case head = "HEAD"
    case post = "POST"
    case put = "PUT"
    case patch = "PATCH"
    case delete = "DELETE"
    case options = "OPTIONS"
    /// TRACE, CONNECT and everything else: never served.
    case other = "OTHER"

    /// Reads a method token; case counts (RFC 9110 §9.1).
    package init(token: String) { self = EdgeMethod(rawValue: token) ?? .other }
}
