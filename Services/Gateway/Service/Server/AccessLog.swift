internal import JSON
internal import NIOConcurrencyHelpers
package import NIOCore
internal import ServiceRuntime

/// One JSON line for each exchange on standard error, in the shape of the other log lines.
///
/// Lines are collected and written a few times a second, whole: at the edge's rates one system call a
/// line would cost more than the rest of a small request.
package final class AccessLog: Sendable {
    private static let flushInterval = TimeAmount.milliseconds(200)
    private static let flushBytes = 32 << 10

    private struct State {
        var bytes: [UInt8] = []
        var flushing: RepeatedTask?
    }

    private let state = NIOLockedValueBox(State())
    private let write: @Sendable ([UInt8]) -> Void

    /// `write` gets whole lines.
    package init(
        on loop: any EventLoop,
        write: @escaping @Sendable ([UInt8]) -> Void = JSONLogHandler.standardError
    ) {
        self.write = write
        let task = loop.scheduleRepeatedTask(
            initialDelay: Self.flushInterval,
            delay: Self.flushInterval
        ) { [weak self] _ in self?.flush() }
        state.withLockedValue { $0.flushing = task }
    }

    package func add(_ record: ExchangeRecord) {
        let line = JSONWriter.object { json in
            json.member("ts", moment: Timestamps.now())
            json.member("level", "info")
            json.member("logger", "gateway.access")
            json.member("message", record.isAborted ? "aborted" : "answered")
            json.member("method", record.method.rawValue)
            json.member("path", Redaction.scrub(record.path))
            json.member("status", Int64(record.status))
            json.member("bytes_in", Int64(record.receivedBytes))
            json.member("bytes_out", Int64(record.sentBytes))
            json.member("microseconds", record.duration.nanoseconds / 1_000)
            json.member("request_id", record.requestID)
            json.member("client", record.clientAddress)
            json.member("wire", record.wire)
        }
        let full = state.withLockedValue { state in
            state.bytes.append(contentsOf: line)
            state.bytes.append(UInt8(ascii: "\n"))
            return state.bytes.count >= Self.flushBytes
        }
        if full { flush() }
    }

    /// Writes what was collected.
    package func flush() {
        let bytes = state.withLockedValue { state in
            defer { state.bytes.removeAll(keepingCapacity: true) }
            return state.bytes
        }
        if !bytes.isEmpty { write(bytes) }
    }

    package func stop() {
        state.withLockedValue { $0.flushing }?.cancel()
        flush()
    }
}
