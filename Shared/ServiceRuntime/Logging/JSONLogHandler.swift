internal import Foundation
package import Logging

/// Writes each event as one line of JSON on standard error: `ts`, `level`, `logger`, `message`,
/// then the metadata under its own names.
///
/// A line is one `write`, so that lines of several threads never mix; whatever stands in a value,
/// a line stays one line (fault I-06). Secrets are taken out by `Redaction` (fault I-09).
package struct JSONLogHandler: LogHandler {
    private let label: String
    private let write: @Sendable ([UInt8]) -> Void
    package var logLevel: Logger.Level
    package var metadata: Logger.Metadata = [:]
    package var metadataProvider: Logger.MetadataProvider?

    /// `write` gets one whole line with its newline.
    package init(
        label: String,
        level: Logger.Level,
        write: @escaping @Sendable ([UInt8]) -> Void = Self.standardError
    ) {
        self.label = label
        self.logLevel = level
        self.write = write
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        var line = LogLine(
            time: Timestamps.format(milliseconds: Timestamps.now()),
            level: event.level.rawValue,
            label: label,
            message: event.message.description
        )
        var all = metadata
        if let provided = metadataProvider?.get() { all.merge(provided) { $1 } }
        if let own = event.metadata { all.merge(own) { $1 } }
        for (key, value) in all.sorted(by: { $0.key < $1.key }) { line.add(key, value) }
        if let error = event.error { line.add("error", .string(String(describing: error))) }
        write(line.finish())
    }

    /// One `write` to file descriptor 2; a line that cannot be written is lost, for there is no
    /// better place to say so.
    package static func standardError(_ line: [UInt8]) {
        line.withUnsafeBytes { bytes in
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = Foundation.write(
                    2,
                    UnsafeRawBufferPointer(rebasing: rest).baseAddress,
                    rest.count
                )
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { return }
                rest = rest.dropFirst(count)
            }
        }
    }
}
