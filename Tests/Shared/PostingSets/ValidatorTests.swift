import CSimdjson
import Testing

@Suite("The validator of any JSON text")
struct ValidatorTests {
    @Test(
        "A text is JSON or has the fault that it has, at its byte",
        arguments: [
            ("{}", BURSAR_JSON_FINE, 0),
            ("  [1, 2.5e-3, \"x\", null, true, false] \n", BURSAR_JSON_FINE, 0),
            ("\"\\u0000\\ud83d\\ude00\"", BURSAR_JSON_FINE, 0), ("-0", BURSAR_JSON_FINE, 0),
            ("{\"a\":1,\"b\":{\"a\":2}}", BURSAR_JSON_FINE, 0),
            ("[{\"a\":1},{\"a\":1}]", BURSAR_JSON_FINE, 0),
            ("{\"\":1,\"\\u0000\":2}", BURSAR_JSON_FINE, 0),
            ("", BURSAR_JSON_GRAMMAR, 0), ("[1,]", BURSAR_JSON_GRAMMAR, 3),
            ("{\"a\":1,}", BURSAR_JSON_GRAMMAR, 7),
            ("[01]", BURSAR_JSON_GRAMMAR, 2), ("\"\\", BURSAR_JSON_GRAMMAR, 2),
            ("[", BURSAR_JSON_GRAMMAR, 1),
            ("truex", BURSAR_JSON_TRAILING_BYTES, 4), ("{} {}", BURSAR_JSON_TRAILING_BYTES, 3),
            ("{\"a\":1,\"a\":2}", BURSAR_JSON_DUPLICATE_KEY, 7),
            ("{\"a\":1,\"\\u0061\":2}", BURSAR_JSON_DUPLICATE_KEY, 7),
            ("{\"\\u0061\":1,\"\\u0061\":2}", BURSAR_JSON_DUPLICATE_KEY, 12),
            ("{\"é\":1,\"\\u00e9\":2}", BURSAR_JSON_DUPLICATE_KEY, 8),
            ("{\"x\":{\"b\":1,\"c\":2,\"b\":3}}", BURSAR_JSON_DUPLICATE_KEY, 18),
            ("{\"c\":0,\"b\":1,\"a\":2,\"b\":3,\"c\":4}", BURSAR_JSON_DUPLICATE_KEY, 19),
            ("{\"\":1,\"\":2}", BURSAR_JSON_DUPLICATE_KEY, 6),
            ("\"\\ud800\"", BURSAR_JSON_LONE_SURROGATE, 1),
            ("[\"a\\udc00\"]", BURSAR_JSON_LONE_SURROGATE, 3),
            ("\"a\tb\"", BURSAR_JSON_CONTROL_CHARACTER, 2),
            ("\u{FEFF}{}", BURSAR_JSON_BYTE_ORDER_MARK, 0),
            ("[[[[[]]]]]", BURSAR_JSON_TOO_DEEP, 4),
        ]
    )
    func table(text: String, fault: bursar_json_fault, offset: Int) {
        #expect(judged(Array(text.utf8), depth: 4) == Judgement(fault: fault, offset: offset))
    }

    @Test("UTF-8 is judged inside strings")
    func utf8() {
        let bytes = Array("[\"".utf8) + [0xC3, 0x28] + Array("\"]".utf8)
        #expect(judged(bytes) == Judgement(fault: BURSAR_JSON_UTF8, offset: 2))
    }

    @Test("A number has at most 1,000 bytes")
    func longNumbers() {
        let digits = Array(repeating: UInt8(ascii: "7"), count: 1_000)
        #expect(judged(digits).fault == BURSAR_JSON_FINE)
        #expect(judged(digits + digits).fault == BURSAR_JSON_NUMBER_TOO_LONG)
    }

    @Test("A million keys in one object, and one of them twice")
    func manyKeys() {
        let keys = (0..<1_000_000).map { "\"k\($0)\":0" }.joined(separator: ",")
        #expect(judged(Array("{\(keys)}".utf8)).fault == BURSAR_JSON_FINE)
        let twice = judged(Array("{\(keys),\"k500000\":1}".utf8))
        #expect(twice == Judgement(fault: BURSAR_JSON_DUPLICATE_KEY, offset: keys.utf8.count + 2))
    }

    @Test("Depth and long strings cost no stack")
    func size() {
        let deep = Array(repeating: UInt8(ascii: "["), count: 2_000_000)
        #expect(judged(deep).fault == BURSAR_JSON_TOO_DEEP)
        #expect(judged(deep, depth: .max).fault == BURSAR_JSON_GRAMMAR)
        let long = "\"" + String(repeating: "a\\u00e9é", count: 1_000_000) + "\""
        #expect(judged(Array(long.utf8)).fault == BURSAR_JSON_FINE)
    }

    struct Judgement: Equatable {
        var fault: bursar_json_fault
        var offset: Int
    }

    private func judged(_ bytes: [UInt8], depth: Int32 = 64) -> Judgement {
        var offset = 0
        let fault = bytes.withUnsafeBytes { bytes in
            bursar_json_validate(
                bytes.baseAddress?.assumingMemoryBound(to: CChar.self),
                bytes.count,
                bytes.count,
                depth,
                &offset
            )
        }
        return Judgement(fault: bursar_json_fault(rawValue: UInt32(fault)), offset: offset)
    }
}
