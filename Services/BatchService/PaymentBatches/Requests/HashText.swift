internal import Crypto

/// A content hash as callers see it: hexadecimal digits.
enum HashText {
    static func text(_ hash: [UInt8]) -> String { Hexadecimal.encode(hash) }
}
