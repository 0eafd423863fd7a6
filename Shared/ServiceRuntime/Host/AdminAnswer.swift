internal import Protocol

/// What the admin port says to a request; no I/O, so that it can be tested as a table.
struct AdminAnswer: Equatable {
    let status: Int
    let contentType: String
    let body: String

    init(method: String, uri: String, readiness: Readiness, metrics: MetricsRegistry) {
        let path = uri.prefix { $0 != "?" }
        guard ["/healthz", "/readyz", "/metrics"].contains(path) else {
            self.init(404, #"{"message":"Not Found"}"#)
            return
        }
        guard method == "GET" || method == "HEAD" else {
            self.init(405, #"{"detail":"Method Not Allowed"}"#)
            return
        }
        switch path {
        case "/healthz":
            self.init(200, #"{"status":"alive"}"#)
        case "/readyz":
            self.init(reasons: readiness.reasons())
        default:
            self.init(200, metrics.text(), "text/plain; version=0.0.4; charset=utf-8")
        }
    }

    private init(reasons: [String]) {
        struct Body: Encodable {
            let status: String
            let reasons: [String]
        }
        let isReady = reasons.isEmpty
        let body = Body(status: isReady ? "ready" : "not_ready", reasons: reasons)
        do {
            self.init(
                isReady ? 200 : 503,
                String(decoding: try StrictJSON.encode(body), as: UTF8.self)
            )
        } catch {
            // Two strings and a list always have a JSON form; a probe must be answered anyway.
            self.init(503, #"{"status":"not_ready","reasons":[]}"#)
        }
    }

    private init(_ status: Int, _ body: String, _ contentType: String = "application/json") {
        self.status = status
        self.contentType = contentType
        self.body = body
    }
}
