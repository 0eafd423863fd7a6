import Crypto

/// SHA-256 over values of which each is delimited: equal digests are equal contents.
struct ContentDigest {
    private var content: [UInt8] = []

    mutating func add(_ value: Int64) {
        withUnsafeBytes(of: value.littleEndian) { content.append(contentsOf: $0) }
    }

    mutating func add(_ text: String) {
        add(Int64(text.utf8.count))
        content.append(contentsOf: text.utf8)
    }

    var bytes: [UInt8] { SHA256.digest(content) }
}
