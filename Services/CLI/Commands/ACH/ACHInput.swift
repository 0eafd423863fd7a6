internal import ArgumentParser
internal import Foundation
internal import Money
internal import Nacha
internal import Protocol
internal import Supervision

/// The bytes of a Nacha file in pieces of a megabyte, with a bar for whoever waits for a large one.
enum ACHInput {
    private static let pieceLength = 1 << 20
    /// Smaller files are read before anybody could see a bar.
    private static let watchedLength = 32 << 20

    /// Refuses to read standard input twice.
    static func checkNames(_ names: [String]) throws {
        guard names.count(where: { $0 == "-" }) < 2 else {
            throw ValidationError("Standard input (-) can be read once.")
        }
    }

    /// Hands each piece on until the file ends.
    static func read(
        _ name: String,
        _ body: (UnsafeRawBufferPointer) throws -> Void
    ) throws {
        let file = name == "-" ? STDIN_FILENO : open(name, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw SystemFailure("reading \(name)") }
        defer { if name != "-" { close(file) } }
        let title = name == "-" ? "standard input" : name
        var progress = ByteProgress(title, length: length(of: file), isShown: Console.isWatched)
        defer { progress.end() }
        let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: pieceLength, alignment: 16)
        defer { piece.deallocate() }
        while true {
            let count = Foundation.read(file, piece.baseAddress, piece.count)
            if count == 0 { return }
            if count > 0 {
                try body(UnsafeRawBufferPointer(rebasing: piece[..<count]))
                progress.advance(count)
            } else if errno != EINTR {
                throw SystemFailure("reading \(title)")
            }
        }
    }

    /// Judges a file, and shows its records to a visitor.
    static func judge(
        _ name: String,
        _ options: ProfileOption,
        or standard: Profile,
        diagnosticsPerRule: Int = 1_000,
        visitor: FileReader.Visitor? = nil
    ) throws -> FileReport {
        var reader = FileReader(
            profile: try options.load(or: standard),
            sameDayLimitMinorUnits: try options.sameDayLimitMinorUnits(),
            diagnosticsPerRule: diagnosticsPerRule,
            visitor: visitor
        )
        try read(name) { reader.read($0) }
        return reader.finish()
    }

    /// Reads a whole file for a transformation; refuses one that the profile refuses.
    static func file(
        _ name: String,
        _ options: ProfileOption,
        otherwise consequence: String = "nothing was written"
    ) throws -> NachaFile {
        let assembler = FileAssembler()
        let report = try judge(name, options, or: .lenient) { assembler.add($0, $1) }
        try DiagnosticText.refuse(report, name, consequence)
        guard let file = assembler.file(report.form) else {
            throw CommandFailure.refused("\(name): its records do not form a file.")
        }
        return file
    }

    /// The length of a regular file; nil for a pipe, whose end nobody knows.
    private static func length(of file: Int32) -> Int? {
        var status = stat()
        guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        return Int(status.st_size) >= watchedLength ? Int(status.st_size) : nil
    }
}

/// How much of a file has been read, drawn on a terminal about a hundred times in all.
private struct ByteProgress {
    private let title: String
    private let length: Int?
    private var done = 0
    private var shown = 0
    private var bar: ProgressBar

    init(_ title: String, length: Int?, isShown: Bool) {
        self.title = title
        self.length = length
        bar = ProgressBar(isShown: isShown && length != nil)
    }

    mutating func advance(_ count: Int) {
        done += count
        guard let length, done - shown >= length / 100 else { return }
        shown = done
        bar.show(
            title,
            TaskProgress(total: length >> 20, done: done >> 20, failed: 0, attempt: 1)
        )
    }

    mutating func end() { bar.end() }
}

extension ProfileOption {
    /// The same-day limit in cents; $1,000,000.00 where none was given (design 3.8).
    func sameDayLimitMinorUnits() throws -> UInt64 {
        guard let sameDayLimit else { return 100_000_000 }
        guard let amount = try? Amount(sameDayLimit), amount.minorUnits >= 0 else {
            throw ValidationError(
                "--same-day-limit \(sameDayLimit): give an amount in dollars, such as 1000000.00."
            )
        }
        return UInt64(amount.minorUnits)
    }
}
