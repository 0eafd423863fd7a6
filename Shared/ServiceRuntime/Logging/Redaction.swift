/// Keeps secrets out of logs: by the name of the field, and by the look of the value.
package enum Redaction {
    /// What stands in a secret's place.
    package static let mark = "[redacted]"

    private static let secretNames: Set<String> = [
        "token", "jwt", "apikey", "key", "secret", "password", "passphrase", "authorization",
        "cookie", "privatekey", "accountno", "accountnumber", "routing", "routingnumber",
        "bankaccount",
    ]

    /// Whether a field of this name holds a secret, however its words are joined.
    package static func isSecret(_ name: String) -> Bool {
        secretNames.contains(name.lowercased().filter { $0 != "_" && $0 != "-" && $0 != "." })
    }

    /// `text` with API keys (`brs_…`) and tokens (`eyJ…`) taken out.
    package static func scrub(_ text: String) -> String {
        guard text.contains("brs_") || text.contains("eyJ") else { return text }
        let bytes = Array(text.utf8)
        var out: [UInt8] = []
        out.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            guard startsSecret(bytes[index...]) else {
                out.append(bytes[index])
                index += 1
                continue
            }
            let end = bytes[index...].firstIndex { !isTokenByte($0) } ?? bytes.count
            // Ten bytes are no key yet: a word such as `eyJust` stays readable.
            out.append(contentsOf: end - index > 10 ? Array(mark.utf8) : Array(bytes[index..<end]))
            index = end
        }
        return String(decoding: out, as: UTF8.self)
    }

    private static func startsSecret(_ bytes: ArraySlice<UInt8>) -> Bool {
        bytes.starts(with: "brs_".utf8) || bytes.starts(with: "eyJ".utf8)
    }

    private static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"),
            UInt8(ascii: "."):
            true
        default:
            false
        }
    }
}
