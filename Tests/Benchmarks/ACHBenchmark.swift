import Foundation
import Nacha

/// `deploy/bench ach`: the Nacha engine beside the machine's memory copy of the same bytes.
///
/// Every figure and its reference are measured in turn, in the same run, on one core: nine rounds,
/// of each the median. Amounts of work are those of a real file: a million entries with their own
/// amounts, drawn on a thousand receivers.
enum ACHBenchmark {
    private static let entries = 1_000_000
    private static let rounds = 9
    private static let megabyte = 1_000_000.0

    static func run() throws {
        try memory()
        let ppd = try Sample(hasAddenda: false)
        try writing(ppd, "ach.write")
        let read = try reading(ppd, "ach.read")
        let rate = Double(entries) / read
        let cut = seconds { ppd.countLines() }
        try Figure(
            "ach.entries",
            rate,
            "entries/s",
            of: "records/s of looking for line ends alone (memchr)",
            Double(entries) / cut
        ).print()
        let ccd = try Sample(hasAddenda: true)
        try writing(ccd, "ach.write.addenda")
        _ = try reading(ccd, "ach.read.addenda")
    }

    private static let copyName = "MB/s of memcpy of the same bytes"

    private static func writing(_ sample: Sample, _ name: String) throws {
        var copies: [Double] = []
        var times: [Double] = []
        for _ in 0..<rounds {
            copies.append(sample.copy())
            times.append(try seconds { try sample.write() })
        }
        try print(name, sample, median(times), median(copies))
    }

    /// Returns the seconds of the median round.
    private static func reading(_ sample: Sample, _ name: String) throws -> Double {
        var copies: [Double] = []
        var times: [Double] = []
        for _ in 0..<rounds {
            copies.append(sample.copy())
            times.append(seconds { sample.read() })
        }
        try print(name, sample, median(times), median(copies))
        return median(times)
    }

    private static func print(
        _ name: String,
        _ sample: Sample,
        _ time: Double,
        _ copy: Double
    ) throws {
        let size = Double(sample.bytes.count) / megabyte
        note("\(name): \(Int(time * 1_000_000_000) / entries) ns an entry")
        try Figure(name, size / time, "MB/s", of: copyName, size / copy).print()
    }

    /// The resident memory of `bursar ach validate` over the same file.
    ///
    /// Measured first: the system counts what this process holds when it starts the command.
    private static func memory() throws {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("bursar-bench.\(getpid())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }  // leaves a file of /tmp at worst
        let path = folder.appendingPathComponent("million.ach").path
        _ = FileManager.default.createFile(atPath: path, contents: nil)
        guard let file = FileHandle(forWritingAtPath: path) else {
            throw CocoaError(.fileWriteUnknown)
        }
        try Sample.make(hasAddenda: false) { try file.write(contentsOf: $0) }
        try file.close()
        let command = Bundle.main.bundleURL.appendingPathComponent("bursar").path
        let kilobytes = try PeakMemory.of([command, "ach", "validate", "--json", path])
        try Figure("ach.read.rss", Double(kilobytes) / 1_024, "MB", of: "limit", 64).print()
    }
}

/// A large valid file in memory, and a place of the same size.
private final class Sample {
    private let hasAddenda: Bool
    private(set) var bytes: [UInt8] = []
    private var place: [UInt8]

    init(hasAddenda: Bool) throws {
        self.hasAddenda = hasAddenda
        var bytes: [UInt8] = []
        try Self.make(hasAddenda: hasAddenda) { bytes += $0 }
        self.bytes = bytes
        place = [UInt8](repeating: 0, count: bytes.count)
        let report = judge()
        precondition(report.isValid && report.entries == 1_000_000, "The sample must be valid.")
    }

    static func make(
        hasAddenda: Bool,
        _ body: (UnsafeRawBufferPointer) throws -> Void
    ) throws {
        try SampleFile.writeLarge(
            entryCount: 1_000_000,
            hasAddenda: hasAddenda,
            seed: 7,
            body
        )
    }

    /// Creates every entry and writes it, into the place of the copy.
    func write() throws {
        try place.withUnsafeMutableBytes { place in
            var offset = 0
            try Self.make(hasAddenda: hasAddenda) { piece in
                UnsafeMutableRawBufferPointer(rebasing: place[offset...]).copyMemory(from: piece)
                offset += piece.count
            }
            precondition(offset == place.count, "The file was written otherwise than before.")
        }
    }

    func read() { precondition(judge().isValid, "The sample must be valid.") }

    private func judge() -> FileReport {
        var reader = FileReader(profile: .strict)
        bytes.withUnsafeBytes { bytes in
            var offset = 0
            while offset < bytes.count {
                let end = min(offset + 1 << 20, bytes.count)
                reader.read(UnsafeRawBufferPointer(rebasing: bytes[offset..<end]))
                offset = end
            }
        }
        return reader.finish()
    }

    /// Seconds of one copy.
    func copy() -> Double {
        place.withUnsafeMutableBytes { place in
            bytes.withUnsafeBytes { bytes in
                // The C library's own copy stands behind this one.
                seconds { place.copyMemory(from: bytes) }
            }
        }
    }

    func countLines() {
        var count = 0
        bytes.withUnsafeBytes { bytes in
            guard let start = bytes.baseAddress else { return }
            var position = start
            let end = start + bytes.count
            while position < end, let next = memchr(position, 10, end - position) {
                count += 1
                position = UnsafeRawPointer(next) + 1
            }
        }
        precondition(count > 1_000_000)
    }
}

/// How long something takes.
private func seconds<T, E: Error>(_ body: () throws(E) -> T) throws(E) -> Double {
    let start = now()
    _ = try body()
    return now() - start
}

/// The most memory that a command had resident while it ran.
private enum PeakMemory {
    /// In kilobytes; the command must end with 0.
    static func of(_ arguments: [String]) throws -> Int {
        var process = pid_t()
        let words = arguments.map { strdup($0) } + [nil]
        defer { for word in words { free(word) } }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        // Standard output carries figures alone.
        posix_spawn_file_actions_adddup2(&actions, STDERR_FILENO, STDOUT_FILENO)
        guard posix_spawn(&process, arguments[0], &actions, nil, words, environ) == 0 else {
            throw CocoaError(.executableLoad)
        }
        var status: Int32 = 0
        var usage = rusage()
        guard wait4(process, &status, 0, &usage) == process, status == 0 else {
            throw CocoaError(.executableLoad)
        }
        return usage.ru_maxrss
    }
}
