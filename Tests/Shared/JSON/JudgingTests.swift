import JSON
import Testing

@Suite("Judging a JSON text")
struct JudgingTests {
    @Test("R-06: nesting deeper than 64 is refused, in time and without a crash")
    func depth() {
        let text = String(repeating: "[", count: 100_000)
        let fault = Array(text.utf8).withUnsafeBytes { JSONText.fault(in: $0) }
        #expect(fault?.reason == .tooDeep)
        let fits = String(repeating: "[", count: 64) + String(repeating: "]", count: 64)
        #expect(Array(fits.utf8).withUnsafeBytes { JSONText.fault(in: $0) } == nil)
    }

    @Test("Invalid UTF-8 is refused also in a member that nobody reads")
    func invalidUTF8() {
        let bytes = Array(#"{"other":""#.utf8) + [0xC0, 0xAF] + Array(#""}"#.utf8)
        #expect(bytes.withUnsafeBytes { JSONText.fault(in: $0) }?.reason == .malformed)
    }
}
