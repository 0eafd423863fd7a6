import Nacha

// What libFuzzer runs: deploy/thorough.d/fuzz-nacha builds and starts it. No target of Package.swift
// holds this file.

// MARK: - The one place that calls Nacha

/// What a reader made of an input; two of them are equal if no caller can tell them apart.
private struct Reading: Equatable {
    var diagnostics: [Diagnostic]
    var dropped: [RuleID: Int]
    var counts: [Int]
    var amounts: [UInt64]
    var form: FileForm
    /// The bytes as they are written again, and again from the file in memory; nil where the records
    /// do not form one.
    var rewritten: [UInt8]
    var assembled: [UInt8]?
    var isValid: Bool
}

/// A reader and a writer as they are fuzzed.
private struct Subject: ~Copyable {
    private let rewriter = FileRewriter(.exact)
    private let assembler = FileAssembler()
    private var reader: FileReader

    init(_ profile: Profile) {
        let rewriter = rewriter
        let assembler = assembler
        reader = FileReader(profile: profile, diagnosticsPerRule: 4) { record, place in
            rewriter.add(record, place)
            assembler.add(record, place)
        }
    }

    /// Takes the next bytes of a file, none to all of them.
    mutating func feed(_ chunk: UnsafeRawBufferPointer) { reader.read(chunk) }

    /// Takes the end of the file.
    mutating func finish() -> Reading {
        let report = reader.finish()
        return Reading(
            diagnostics: report.diagnostics,
            dropped: report.dropped,
            counts: [report.records, report.batches, report.entries, report.addenda],
            amounts: [report.debitMinorUnits, report.creditMinorUnits],
            form: report.form,
            rewritten: rewriter.bytes,
            assembled: assembler.file(report.form)?.bytes,
            isValid: report.isValid
        )
    }
}

// MARK: - What must hold for every input

/// Runs one input; it ends the process where a promise is broken.
///
/// 1. Nothing traps, and no byte is read beyond a chunk.
/// 2. What is read does not depend on how the file was cut into chunks.
/// 3. What is read without an error is written as it was, byte for byte, on the way and from memory.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = UnsafeRawBufferPointer(start: start, count: count)
    var subject = Subject(.lenient)
    subject.feed(input)
    let whole = subject.finish()
    // `fatalError` and not `precondition`, which says nothing when optimised.
    guard readInChunks(input) == whole else { fatalError("The chunks changed what was read.") }
    guard whole.isValid else { return 0 }
    guard whole.rewritten.elementsEqual(input) else {
        fatalError("What was written is not what was read.")
    }
    guard whole.assembled?.elementsEqual(input) ?? false else {
        fatalError("The file in memory is not the one that was read.")
    }
    return 0
}

private func readInChunks(_ input: UnsafeRawBufferPointer) -> Reading {
    var subject = Subject(.lenient)
    var sizes = ChunkSizes(for: input)
    var rest = input[...]
    while !rest.isEmpty {
        let chunk = rest.prefix(sizes.next())
        rest = rest.dropFirst(chunk.count)
        // A block of its own, as long as the chunk: so the sanitizer sees a read beyond its end, and
        // one after the call that the chunk was lent for.
        let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: chunk.count, alignment: 1)
        copy.copyMemory(from: UnsafeRawBufferPointer(rebasing: chunk))
        subject.feed(UnsafeRawBufferPointer(copy))
        copy.deallocate()
    }
    return subject.finish()
}

/// Sizes of chunks that follow from the input alone, so that a kept input fails again.
private struct ChunkSizes {
    private var state: UInt64
    private let bounds: ClosedRange<UInt64>

    init(for input: UnsafeRawBufferPointer) {
        // FNV-1a
        state = input.reduce(14_695_981_039_346_656_037) { ($0 ^ UInt64($1)) &* 1_099_511_628_211 }
        bounds =
            switch state >> 61 {
            case 0: 1...1
            case 1, 2: 0...16
            case 3, 4: 93...97
            default: 0...300
            }
    }

    mutating func next() -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int(bounds.lowerBound + (state >> 33) % UInt64(bounds.count))
    }
}
