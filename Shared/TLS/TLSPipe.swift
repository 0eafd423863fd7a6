internal import COpenSSL
internal import NIOCore

/// What stands under OpenSSL instead of a socket: it reads straight from the bytes that have come
/// and writes straight into the buffer that will be sent, so that neither side is copied twice.
final class TLSPipe {
    private var input = UnsafeRawBufferPointer(start: nil, count: 0)
    private var output: ByteBuffer
    private var isOutputTaken = false

    private static let initialOutputBytes = 16 << 10
    /// Above this a used buffer is not kept for the next write.
    private static let keptOutputBytes = 512 << 10

    init() { output = ByteBufferAllocator().buffer(capacity: Self.initialOutputBytes) }

    /// A BIO on this pipe, which must outlive it.
    func makeBIO() -> OpaquePointer? {
        guard let bio = BIO_new(TLSPipe.method) else { return nil }
        BIO_set_data(bio, Unmanaged.passUnretained(self).toOpaque())
        BIO_set_init(bio, 1)
        return bio
    }

    /// Lends `bytes` for the length of `body`.
    func reading<R>(_ bytes: UnsafeRawBufferPointer, _ body: () throws -> R) rethrows -> R {
        input = bytes
        defer { input = UnsafeRawBufferPointer(start: nil, count: 0) }
        return try body()
    }

    func reserve(_ bytes: Int) {
        startOutput()
        output.reserveCapacity(minimumWritableBytes: bytes)
    }

    /// Everything written since the last call, or nil.
    func takeOutput() -> ByteBuffer? {
        guard !isOutputTaken, output.readableBytes > 0 else { return nil }
        isOutputTaken = true
        return output
    }

    /// By the next write the channel has mostly let go of the buffer, and clearing costs nothing.
    private func startOutput() {
        guard isOutputTaken else { return }
        isOutputTaken = false
        if output.capacity > Self.keptOutputBytes {
            output = ByteBufferAllocator().buffer(capacity: Self.initialOutputBytes)
        } else {
            output.clear()
        }
    }

    private func read(into target: UnsafeMutableRawPointer, count: Int) -> Int {
        let taken = min(count, input.count)
        guard taken > 0, let base = input.baseAddress else { return 0 }
        target.copyMemory(from: base, byteCount: taken)
        input = UnsafeRawBufferPointer(rebasing: input[taken...])
        return taken
    }

    private func write(_ bytes: UnsafeRawBufferPointer) {
        startOutput()
        output.writeBytes(bytes)
    }

    private static func of(_ bio: OpaquePointer?) -> TLSPipe? {
        guard let data = BIO_get_data(bio) else { return nil }
        return Unmanaged<TLSPipe>.fromOpaque(data).takeUnretainedValue()
    }

    /// Made once and never changed: a BIO_METHOD may be shared by all threads.
    nonisolated(unsafe) private static let method: OpaquePointer? = {
        guard let method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "bursar")
        else { return nil }
        BIO_meth_set_read(method) { bio, target, count in
            cossl_bio_clear_retry(bio)
            guard let pipe = TLSPipe.of(bio), let target else { return -1 }
            let taken = pipe.read(into: target, count: Int(count))
            guard taken > 0 else {
                cossl_bio_set_retry_read(bio)
                return -1
            }
            return Int32(taken)
        }
        BIO_meth_set_write(method) { bio, source, count in
            guard let pipe = TLSPipe.of(bio) else { return -1 }
            pipe.write(UnsafeRawBufferPointer(start: source, count: Int(count)))
            return count
        }
        BIO_meth_set_ctrl(method) { _, command, _, _ in command == BIO_CTRL_FLUSH ? 1 : 0 }
        return method
    }()
}
