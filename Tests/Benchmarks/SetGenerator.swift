import NIOCore

/// Makes posting sets of the seed's shape with random transaction ids.
struct SetGenerator {
    private var state: UInt64
    private let run: String

    init(seed: UInt64, run: String) {
        state = seed
        self.run = run
    }

    /// splitmix64: quick, and good enough to spread ids.
    private mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// A COMMIT set of `count` transactions on accounts 100000 to 104999.
    mutating func set(count: Int) -> ByteBuffer {
        var body = ByteBufferAllocator().buffer(capacity: count * 240 + 512)
        body.writeString(
            #"{"source_batch_id":"\#(run)","billing_type":"BANNER","posting_type":"COMMIT","#
                + #""source_name":"SYSTEM_XYZ","batch_name":"benchmark","#
                + #""accounting_date":"2026-07-01T04:00:00Z","record_count":\#(count),"#
                + #""transactions":["#
        )
        var total: Int64 = 0
        for index in 0..<count {
            let random = next()
            let cents = Int64(random >> 44) + 1
            total += cents
            body.writeString(index == 0 ? "{" : ",{")
            body.writeString(#""source_transaction_id":"T\#(Self.hex(next()))","#)
            body.writeString(#""source_transaction_date":"2026-06-30T04:00:00Z","account_id":"#)
            body.writeString(#""\#(100_000 + random % 5_000)","detail_code":"#)
            body.writeString(random & 1 == 0 ? #""A484""# : #""ABC123""#)
            body.writeString(#","description":"f00\#(random % 100_000)x work order charge","#)
            body.writeString(#""amount":\#(Self.decimal(cents))}"#)
        }
        body.writeString(#"],"total_amount":\#(Self.decimal(total))}"#)
        return body
    }

    private static func hex(_ value: UInt64) -> String {
        let text = String(value, radix: 16)
        return String(repeating: "0", count: 16 - text.count) + text
    }

    private static func decimal(_ cents: Int64) -> String {
        let fraction = cents % 100
        return "\(cents / 100).\(fraction < 10 ? "0" : "")\(fraction)"
    }
}
