package import JSON

/// A posting set's result (contract S1-19) without its transactions, of which it may have 100,000.
package struct SetSummary: Sendable, Hashable {
    package private(set) var fields: [String: JSONNode] = [:]
    package private(set) var failures: [JSONNode] = []

    init(_ scanner: inout JSONScanner, in buffer: UnsafeRawBufferPointer) throws(JSONScanner.Fault)
    {
        var summary = SetSummary()
        try scanner.object { (key, scanner) throws(JSONScanner.Fault) in
            if key == "transactions" {
                _ = try scanner.skipValue()
            } else {
                let value = try JSONNode(&scanner, in: buffer)
                if key == "failures" {
                    summary.failures = value.elements
                } else {
                    summary.fields[key] = value
                }
            }
        }
        self = summary
    }

    private init() {}

    /// Reads the array of a history page or, where the text is one object, that object alone.
    package static func list(_ bytes: [UInt8]) throws(CommandFailure) -> [SetSummary] {
        try read(bytes) { (scanner, buffer) throws(JSONScanner.Fault) in
            guard scanner.peek() == UInt8(ascii: "[") else {
                return [try SetSummary(&scanner, in: buffer)]
            }
            var all: [SetSummary] = []
            try scanner.array { (scanner) throws(JSONScanner.Fault) in
                all.append(try SetSummary(&scanner, in: buffer))
            }
            return all
        }
    }

    /// Reads a text with `body`; a fault in it is the server's.
    static func read<R>(
        _ bytes: [UInt8],
        _ body: (inout JSONScanner, UnsafeRawBufferPointer) throws(JSONScanner.Fault) -> R
    ) throws(CommandFailure) -> R {
        let result = bytes.withUnsafeBytes { buffer -> Result<R, JSONScanner.Fault> in
            var scanner = JSONScanner(buffer)
            do throws(JSONScanner.Fault) {
                return .success(try body(&scanner, buffer))
            } catch {
                return .failure(error)
            }
        }
        switch result {
        case .success(let value): return value
        case .failure(let fault):
            throw .trouble(
                "The server's answer is not what it should be: \(fault.reason.rawValue) at byte "
                    + "\(fault.offset + 1)."
            )
        }
    }

    package func cell(_ name: String) -> String { fields[name]?.cell ?? "" }

    package var transactionsLoaded: Int { fields["transactions_loaded"]?.integer ?? 0 }
    package var isSuccess: Bool { cell("status") == "success" }

    /// How a command that waited for this set ends.
    package var exitStatus: CommandEnd {
        if isSuccess { return .done }
        return transactionsLoaded > 0 ? .partlyLoaded : .refused
    }
}
