internal import COpenSSL

/// Reading and writing PEM text through OpenSSL's memory BIOs.
enum PEM {
    static func read(
        _ text: String,
        _ action: String,
        _ body: (OpaquePointer) -> OpaquePointer?
    ) throws -> OpaquePointer {
        var text = text
        return try text.withUTF8 { bytes in
            guard let bio = BIO_new_mem_buf(bytes.baseAddress, Int32(bytes.count)) else {
                throw CryptoError.last(action)
            }
            defer { BIO_free(bio) }
            guard let value = body(bio) else { throw CryptoError.last(action) }
            return value
        }
    }

    static func write(_ action: String, _ body: (OpaquePointer) -> Int32) throws -> String {
        guard let bio = BIO_new(BIO_s_mem()) else { throw CryptoError.last(action) }
        defer { BIO_free(bio) }
        guard body(bio) == 1 else { throw CryptoError.last(action) }
        var start: UnsafeMutablePointer<CChar>?
        let count = cossl_bio_mem_data(bio, &start)
        let bytes = UnsafeRawBufferPointer(start: start, count: count)
        return String(decoding: bytes, as: UTF8.self)
    }
}
