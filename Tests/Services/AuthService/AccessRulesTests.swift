import Identity
import AccessRules
import Testing

@Suite("Rules of grants and attempts")
struct AccessRulesTests {
    @Test("A-07: only what is granted is accepted, byte for byte")
    func accepted() {
        let granted: Set<Scope> = [.postingBatchesWrite, .auditRead]
        #expect(Grants.accepted(requested: [], granted: granted) == [])
        #expect(
            Grants.accepted(
                requested: ["api:audit:read ", "api:audit", "API:AUDIT:READ", "*", ""],
                granted: granted
            ) == []
        )
        #expect(
            Grants.accepted(
                requested: [
                    Scope.auditRead.rawValue, Scope.keysManage.rawValue,
                    Scope.postingBatchesWrite.rawValue, Scope.auditRead.rawValue,
                ],
                granted: granted
            ) == [.auditRead, .postingBatchesWrite]
        )
    }

    @Test("Every scope but the worker's can be granted")
    func grantable() {
        for scope in Scope.all {
            let problem = Grants.problem(with: scope.rawValue)
            #expect((problem == nil) == (scope != .postingTasksWrite))
        }
        #expect(Grants.problem(with: "api:audit:read ") != nil)
        #expect(Grants.problem(with: "") != nil)
    }

    @Test("A-16: failures are limited, recover with time, and names do not share a limit")
    func limiter() {
        var limiter = AttemptLimiter()
        for _ in 0..<AttemptLimiter.burst {
            #expect(limiter.failed(["a"], now: 1_000) == .counted)
        }
        #expect(limiter.failed(["a"], now: 1_000) == .limited(retryAfterMilliseconds: 3_000))
        #expect(limiter.failed(["b"], now: 1_000) == .counted)
        #expect(limiter.failed(["b", "a"], now: 2_000) == .limited(retryAfterMilliseconds: 2_000))
        #expect(limiter.failed(["a"], now: 4_000) == .counted)
        #expect(limiter.failed(["a"], now: 4_000) == .limited(retryAfterMilliseconds: 3_000))
        let later = 4_000 + AttemptLimiter.burst * AttemptLimiter.refillMilliseconds
        for _ in 0..<AttemptLimiter.burst {
            #expect(limiter.failed(["a"], now: later) == .counted)
        }
    }

    @Test("A-16: a flood of names does not grow the memory, nor does it free a limited one")
    func manyNames() {
        var limiter = AttemptLimiter()
        for index in 0..<(AttemptLimiter.maximumNames - 1) {
            _ = limiter.failed(["name \(index)"], now: 0)
        }
        let later = AttemptLimiter.refillMilliseconds
        for _ in 0..<AttemptLimiter.burst { _ = limiter.failed(["a"], now: later) }
        for index in 0..<100 { _ = limiter.failed(["other \(index)"], now: later) }
        #expect(limiter.failed(["a"], now: later) != .counted)
    }

    @Test(
        "Token documents are flat objects of strings, integers and booleans",
        arguments: [
            (#"{}"#, true), (#" { "a" : 1 , "b" : "x" , "c" : true , "d" : false } "#, true),
            (#"{"a":-0}"#, true), (#"{"a":0}"#, true), (#"{"a":9223372036854775807}"#, true),
            (#"{"a":"\ud83d\ude00\n\/"}"#, true), (#"{"a":9223372036854775808}"#, false),
            (#"{"a":01}"#, false), (#"{"a":+1}"#, false), (#"{"a":1.0}"#, false),
            (#"{"a":1e2}"#, false), (#"{"a":}"#, false), (#"{"a":1,}"#, false),
            (#"{"a":null}"#, false), (#"{"a":[]}"#, false), (#"{"a":{}}"#, false),
            (#"{"a":1}{"#, false), (#"{"a":1"#, false), (#"{a:1}"#, false), (#"{"a":tru}"#, false),
            (#"{"a":"\x"}"#, false), (#"{"a":"\udc00"}"#, false), (#"{"a":"\ud800\ud800"}"#, false),
            ("{\"a\":\"\t\"}", false), (#"{"a":1,"a":1}"#, false),
            (#"{"a":1,"\u0061":1}"#, false), ("", false), ("\u{FEFF}{}", false),
        ]
    )
    func documents(_ text: String, _ isGood: Bool) {
        #expect((TokenDocument(Array(text.utf8)) != nil) == isGood, "\(text)")
    }

    @Test("A document of very many members is refused")
    func manyMembers() {
        let text = "{" + (0..<40).map { "\"m\($0)\":1" }.joined(separator: ",") + "}"
        #expect(TokenDocument(Array(text.utf8)) == nil)
    }
}
