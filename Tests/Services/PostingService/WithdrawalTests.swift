import NIOCore
import Protocol
import Testing

@testable import Bookkeeping

@Suite("Withdrawing a set")
struct WithdrawalTests {
    private static let digest = String(repeating: "ab", count: 32)

    private static func parameters(_ setID: Int64) -> PostSetParameters {
        PostSetParameters(
            setID: setID,
            commitPolicy: .perTransaction,
            digest: digest,
            attempt: 1
        )
    }

    @Test("C-12: a withdrawn set is never posted, however late a call arrives")
    func lateCall() async throws {
        let test = try await TestLedger.make()
        #expect(try await test.ledger.withdraw(7, digest: Self.digest) == nil)
        let result = try await test.ledger.post(
            Self.parameters(7),
            body: ByteBuffer(string: TestSet([.init(id: "1")]).json)
        )
        let text = String(decoding: result, as: UTF8.self)
        #expect(text.contains(#""transactions_loaded":0"#))
        #expect(text.contains("withdrawn"))
        #expect(try await test.balance("99999") == 0)
        #expect(try await test.ledger.withdraw(7, digest: Self.digest) == result)
    }

    @Test("C-12: a set that was posted stays so and gives its result")
    func posted() async throws {
        let test = try await TestLedger.make()
        let result = try await test.ledger.post(
            Self.parameters(7),
            body: ByteBuffer(string: TestSet([.init(id: "1")]).json)
        )
        #expect(try await test.ledger.withdraw(7, digest: Self.digest) == result)
        #expect(try await test.balance("99999") == 119_800)
    }

    @Test("a number that stands for another body is refused")
    func otherBody() async throws {
        let test = try await TestLedger.make()
        _ = try await test.ledger.withdraw(7, digest: Self.digest)
        await #expect(throws: RPCError.self) {
            try await test.ledger.withdraw(7, digest: String(repeating: "cd", count: 32))
        }
    }

    @Test("a ledger with a withdrawn set opens again")
    func reopened() async throws {
        let test = try await TestLedger.make()
        _ = try await test.ledger.withdraw(7, digest: Self.digest)
        _ = try await test.post(TestSet([.init(id: "1")]))
        try await test.reopen()
        #expect(try await test.balance("99999") == 119_800)
    }
}
