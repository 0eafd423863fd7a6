import GatewayService
import HTTP2
import NIOCore
import Testing

@Suite("The edge's rules")
struct PolicyTests {
    private let start = NIODeadline.uptimeNanoseconds(1_000_000_000_000)

    // MARK: Budgets

    @Test("A bucket allows its burst at once and its rate for ever")
    func bucket() {
        var bucket = TokenBucket(burst: 3, perSecond: 2, now: start)
        let atOnce = (0..<4).map { _ in bucket.spend(now: start) }
        #expect(atOnce == [true, true, true, false])
        let later = [499, 500, 501].map { bucket.spend(now: start + .milliseconds($0)) }
        #expect(later == [false, true, false])
        #expect(!bucket.isFull(now: start + .milliseconds(500)))
        #expect(bucket.isFull(now: start + .seconds(60)))
    }

    @Test(
        "Every kind of cheap frame has an allowance that ends",
        arguments: AbuseBudgets.Kind.allCases
    )
    func allowances(kind: AbuseBudgets.Kind) {
        var budgets = AbuseBudgets(now: start)
        let burst = AbuseBudgets.allowance(kind).burst
        let allowed = (0..<burst).filter { _ in budgets.spend(kind, now: start) }
        #expect(allowed.count == Int(burst))
        let oneMore = budgets.spend(kind, now: start)
        #expect(!oneMore)
    }

    @Test("Frames that do honest work cost nothing")
    func honestFrames() {
        var budgets = AbuseBudgets(now: start)
        let honest = [
            HTTP2FrameHeader(length: 16_384, type: 0, flags: 0, stream: 1),
            HTTP2FrameHeader(length: 0, type: 0, flags: 1, stream: 1),
            HTTP2FrameHeader(length: 100, type: 1, flags: 4, stream: 1),
            HTTP2FrameHeader(length: 0, type: 4, flags: 1, stream: 0),
            HTTP2FrameHeader(length: 8, type: 6, flags: 1, stream: 0),
        ]
        for header in honest {
            let charged = (0..<50_000).compactMap { _ in
                budgets.frameReceived(header, streamIsLive: true, now: start)
            }
            #expect(charged.isEmpty)
        }
    }

    @Test("Window updates are earned by the data that we send")
    func windowUpdates() {
        var budgets = AbuseBudgets(now: start)
        let data = HTTP2FrameHeader(length: 16_384, type: 0, flags: 0, stream: 1)
        let update = HTTP2FrameHeader(length: 4, type: 8, flags: 0, stream: 1)
        let charged = (0..<20_000).compactMap { _ in
            budgets.frameSent(data, code: 0, now: start)
                ?? budgets.frameReceived(update, streamIsLive: true, now: start)
        }
        #expect(charged.isEmpty)
    }

    @Test("H-03: resets that a client makes us send are charged, polite ones are not")
    func resetsSent() {
        var budgets = AbuseBudgets(now: start)
        let reset = HTTP2FrameHeader(length: 4, type: 3, flags: 0, stream: 1)
        func send(_ count: Int, _ code: UInt32) -> [AbuseBudgets.Kind] {
            (0..<count).compactMap { _ in budgets.frameSent(reset, code: code, now: start) }
        }
        #expect(send(1_000, HTTP2Code.noError).isEmpty)
        #expect(send(100, HTTP2Code.protocolError).isEmpty)
        #expect(send(1, HTTP2Code.protocolError) == [.resetSent])
    }

    // MARK: Hosts

    @Test(
        "Host names are served with any port, others are told apart from nonsense",
        arguments: [
            ("localhost", HostRule.Verdict.served), ("localhost:8443", .served),
            ("LOCALHOST", .served), ("127.0.0.1:1", .served), ("[::1]:8443", .served),
            ("edge.example", .served), ("evil.example", .notServed), ("[::2]", .notServed),
            ("", .unreadable), ("a b", .unreadable), ("localhost:", .unreadable),
            ("localhost:x", .unreadable), ("localhost:99999", .unreadable),
            ("localhost:+1", .unreadable), ("user@localhost", .unreadable),
            ("localhost/x", .unreadable), ("[::1", .unreadable), ("::1", .unreadable),
        ]
    )
    func hosts(host: String, expected: HostRule.Verdict) {
        let rule = HostRule.forEdge(boundTo: "127.0.0.1", extra: ["edge.example"])
        #expect(rule.judge(host) == expected)
    }

    @Test("A star serves every well-formed name")
    func anyHost() {
        let rule = HostRule.forEdge(boundTo: "0.0.0.0", extra: ["*"])
        #expect(rule.judge("anything.example") == .served)
        #expect(rule.judge("a b") == .unreadable)
    }

    // MARK: Targets and types

    @Test(
        "H-12: targets that are no plain path are refused",
        arguments: [
            "", "*", "api/me", "https://localhost/api/me", "/a b", "/a#b", "/a\\b", "/%", "/%4",
            "/%zz", "/\u{0}", "/\u{7f}", "/ä",
        ]
    )
    func badTargets(target: String) {
        #expect(RequestTarget(target) == nil)
    }

    @Test("A target is split at its first question mark and left as it is")
    func goodTarget() {
        #expect(
            RequestTarget("/a/%2e%2e//b?c=?d") == RequestTarget(path: "/a/%2e%2e//b", query: "c=?d")
        )
        #expect(RequestTarget("/a") == RequestTarget(path: "/a", query: nil))
    }

    @Test("Query parameters are decoded once, as forms are")
    func queries() throws {
        let items = try #require(QueryItems("a=1%2B1&b=x+y&a=%2541&c&=z"))
        #expect(items.values("a") == ["1+1", "%41"])
        #expect(items["b"] == "x y")
        #expect(items["c"] == "")
        #expect(QueryItems("a=%00") == nil)
        #expect(QueryItems("a=%FF") == nil)
        #expect(QueryItems(String(repeating: "a&", count: 101)) == nil)
    }

    @Test(
        "H-14: only JSON and forms in UTF-8 are known types",
        arguments: [
            ("application/json", MediaType.json), ("Application/JSON; charset=UTF-8", .json),
            ("application/json;charset=\"utf-8\"", .json),
            ("application/json; charset=utf-16", .other),
            ("application/json; q=1", .other), ("text/json", .other), ("", .other),
            ("application/x-www-form-urlencoded", .form), ("application/jsonx", .other),
        ]
    )
    func mediaTypes(text: String, expected: MediaType) {
        #expect(MediaType(text) == expected)
    }

    @Test("A field that may stand once and stands twice is a fault")
    func repeatedFields() {
        for name in ["authorization", "content-type", "idempotency-key", "host", "content-length"] {
            var fields = RequestFields()
            fields.add(name: name, value: "1", limit: 1_000)
            #expect(fields.fault == nil)
            fields.add(name: name.uppercased(), value: "1", limit: 1_000)
            #expect(fields.fault == .repeated(name))
        }
    }

    @Test("H-06: the header section is measured with 32 bytes for each field")
    func listSize() {
        var fields = RequestFields()
        fields.add(name: "x", value: "y", limit: 67)
        #expect(fields.listBytes == 34)
        #expect(fields.fault == nil)
        fields.add(name: "x", value: "y", limit: 67)
        #expect(fields.fault == .listTooLarge)
    }
}
