internal import COpenSSL

/// What OpenSSL refused and why, in words for an operator; it holds no key material.
package struct CryptoError: Error, Sendable, CustomStringConvertible {
    package let description: String

    package init(_ description: String) { self.description = description }

    /// The oldest error of this thread's OpenSSL queue, which is emptied.
    static func last(_ action: String) -> CryptoError {
        let code = ERR_get_error()
        ERR_clear_error()
        guard code != 0, let text = ERR_reason_error_string(code) else {
            return CryptoError("\(action) failed")
        }
        return CryptoError("\(action) failed: \(String(cString: text))")
    }
}
