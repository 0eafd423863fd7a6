import Protocol
import Testing

private struct Sample: Codable, Equatable {
    var name: String
    var count: Int
}

private struct Closed: ClosedRequest {
    var name: String
    static let memberNames: Set<String> = ["name"]
}

@Suite("Strict JSON")
struct StrictJSONTests {
    private func decode(_ text: String) throws(RPCError) -> Sample {
        let result = Array(text.utf8).withUnsafeBytes { bytes in
            Result { () throws(RPCError) in
                try StrictJSON.decodeRequest(Sample.self, from: bytes)
            }
        }
        return try result.get()
    }

    @Test("A good object is read")
    func good() throws {
        #expect(try decode(#" {"name":"a","count":3} "#) == Sample(name: "a", count: 3))
        #expect(
            try decode(#"{"x":[true,false,null],"name":"1.5e3\"2.5","count":-3}"#)
                == Sample(name: "1.5e3\"2.5", count: -3)
        )
    }

    @Test(
        "I-01: what Foundation would let pass is refused with a pointer",
        arguments: [
            (#"{"name":"a","name":"b","count":1}"#, "/name", "duplicate_key"),
            (#"{"name":"a","n\u0061me":"b","count":1}"#, "/name", "duplicate_key"),
            (#"{"name":"a","count":1e2}"#, "/count", "wrong_type"),
            (#"{"name":"a","count":100.0000000000000001}"#, "/count", "wrong_type"),
            (#"{"name":"a","count":1.0}"#, "/count", "wrong_type"),
            (#"{"name":"1e5 \" 1.5","count":-1E3}"#, "/count", "wrong_type"),
            (#"{"name":"\ud800","count":1}"#, "/name", "malformed"),
            (#"{"name":"a","count":1,}"#, "", "malformed"),
            (#"{"name":"a","count":1}x"#, "", "malformed"),
            (#"{"name":"a","count":01}"#, "/count", "malformed"),
            (#"{"name":"a"}"#, "/count", "missing"),
            (#"{"name":"a","count":null}"#, "/count", "missing"),
            (#"{"name":3,"count":1}"#, "/name", "wrong_type"),
            ("\u{FEFF}{}", "", "malformed"),
        ]
    )
    func refused(text: String, pointer: String, code: String) {
        do {
            _ = try decode(text)
            Issue.record("\(text) was accepted")
        } catch {
            #expect(error.status == .invalidArgument)
            #expect(error.details.map(\.field) == [pointer])
            #expect(error.details.map(\.code) == [code])
        }
    }

    @Test("A-09: a closed request names every member that it does not know")
    func closed() {
        func faults(_ text: String) -> [String] {
            Array(text.utf8).withUnsafeBytes { bytes in
                do throws(RPCError) {
                    _ = try StrictJSON.decodeRequest(Closed.self, from: bytes)
                    return []
                } catch {
                    return error.details.map { "\($0.field) \($0.code)" }
                }
            }
        }
        #expect(faults(#"{"n\u0061me":"a"}"#).isEmpty)
        #expect(
            faults(#"{"nam":1,"name":"a","x/y":{"name":2}}"#)
                == ["/nam unknown_field", "/x~1y unknown_field"]
        )
        #expect(faults("[]") == [" wrong_type"])
    }

    @Test("A request's header document reads back as it was written")
    func requestDocument() throws {
        let document = RequestDocument(
            token: "a.b.c",
            idempotencyKey: "k\"1\\\u{1}é",
            requestID: "r",
            client: "10.0.0.1",
            bodyBytes: 12
        )
        var out: [UInt8] = []
        let params = Array(#"{"format":"csv"}"#.utf8)
        params.withUnsafeBytes { document.append(to: &out, params: $0) }
        let (read, range) = try out.withUnsafeBytes { try RequestDocument.read($0) }
        #expect(read == document)
        #expect(range.map { Array(out[$0]) } == params)
    }

    @Test("A reply's header document reads back as it was written")
    func replyDocument() throws {
        let values: [String: MetadataValue] = [
            "task_id": .string("7"), "replayed": .boolean(false), "x_count": .integer(-3),
        ]
        var out: [UInt8] = []
        ReplyDocument.append(values, to: &out)
        #expect(String(decoding: out, as: UTF8.self).hasPrefix(#"{"replayed":false,"task_id""#))
        #expect(try out.withUnsafeBytes { try ReplyDocument.read($0) } == values)
    }
}
