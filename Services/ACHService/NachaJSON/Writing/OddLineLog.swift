internal import Nacha

/// The lines of a file that are not just their record and the usual line end, and its filler.
///
/// They wait in their JSON form until the document's end, since only there is known whether the last
/// one is odd at all, and whether filler stood at the end of the file.
struct OddLineLog: ~Copyable {
    private let isMasked: Bool
    /// How many bytes may wait.
    let limit: Int
    /// Whether lines were lost since too many waited.
    private(set) var isFull = false
    /// The first line of which the reader may not have kept all bytes.
    private(set) var cutLine: Int?
    /// How many filler records stand at the end.
    private(set) var fillers = 0

    private var encoded = OutputBuffer(capacity: 256)
    /// The last odd line, which may turn out to be none.
    private var held: FileForm.OddLine?
    /// Whether it is odd by what stands in it, however it ends.
    private var isHeldByContent = false
    private var usualEnd: FileForm.LineEnd?
    /// Filler that may stand before another record, and blank lines in between.
    private var undecided: [Undecided] = []
    private var undecidedBytes = 0

    /// A line before the file control of which is not known whether a record follows.
    private struct Undecided {
        var line: FileForm.OddLine
        var isFiller: Bool
        /// Whether it is filler as it should be.
        var isUsual: Bool
    }

    init(isMasked: Bool, limit: Int) {
        self.isMasked = isMasked
        self.limit = limit
    }

    /// Takes notice of a record's line; one that is out of place is kept as a line without record.
    @inline(__always)
    mutating func noteRecord(_ place: RecordPlace, isPlaced: Bool) {
        if isUsual(place), isPlaced { return }
        add(FileForm.OddLine(place, holdsRecord: isPlaced))
    }

    mutating func noteBlank(_ place: RecordPlace) {
        _ = isUsual(place)
        let line = FileForm.OddLine(place, holdsRecord: false)
        if undecided.isEmpty { return add(line) }
        hold(Undecided(line: line, isFiller: false, isUsual: false))
    }

    /// Takes notice of filler; before the file control more records may follow.
    mutating func noteFiller(_ record: RecordView, _ place: RecordPlace, mayBeStray: Bool) {
        fillers += 1
        let isFiller = record.bytes.allSatisfy { $0 == UInt8(ascii: "9") }
        let isUsual = isUsual(place) && isFiller
        if isUsual, !mayBeStray { return }
        let line = FileForm.OddLine(place, holdsRecord: true)
        if !mayBeStray { return add(line, isByContent: !isFiller) }
        hold(Undecided(line: line, isFiller: true, isUsual: isUsual))
    }

    /// Another record follows: filler before it is a line without a record.
    @inline(__always)
    mutating func endFillers() {
        if !undecided.isEmpty { keepStrayFillers() }
    }

    private mutating func keepStrayFillers() {
        for var item in undecided {
            if item.isFiller { fillers -= 1 }
            item.line.holdsRecord = false
            add(item.line)
        }
        undecided = []
        undecidedBytes = 0
    }

    private mutating func hold(_ item: Undecided) {
        undecidedBytes += MemoryLayout<Undecided>.stride + item.line.bytes.count
        guard undecidedBytes <= limit else { return isFull = true }
        undecided.append(item)
    }

    /// Lines usually end as the first one does.
    @inline(__always)
    private mutating func isUsual(_ place: RecordPlace) -> Bool {
        let usual = usualEnd ?? place.lineEnd
        if usualEnd == nil { usualEnd = usual }
        if place.text.count >= DocumentFormat.lineBytes, cutLine == nil { cutLine = place.line }
        return place.text.count == RecordView.length && place.lineEnd == usual
    }

    /// Keeps a line that is odd.
    private mutating func add(_ line: FileForm.OddLine, isByContent: Bool = false) {
        if let held { encode(held) }
        held = line
        isHeldByContent = isByContent
    }

    private mutating func encode(_ line: FileForm.OddLine) {
        guard encoded.count <= limit else { return isFull = true }
        encoded.append(encoded.count == 0 ? "\n{\"line\":" : ",\n{\"line\":")
        encoded.append(line.line)
        encoded.append(line.holdsRecord ? ",\"holds_record\":true" : ",\"holds_record\":false")
        if isMasked {
            encoded.append(",\"length\":")
            encoded.append(line.bytes.count)
        } else {
            encoded.append(",\"text\":\"")
            line.bytes.withUnsafeBytes { encoded.appendLatin1($0) }
            encoded.append("\"")
        }
        encoded.append("}")
    }

    /// Says that no line follows.
    mutating func finish(endsWithLineEnd: Bool) {
        for item in undecided where !item.isFiller || !item.isUsual { add(item.line) }
        undecided = []
        if let held {
            // The last line without an end is no odd one: the form says that it has none.
            let isForm =
                !endsWithLineEnd && !isHeldByContent && held.holdsRecord
                && held.bytes.count == RecordView.length
            if !isForm { encode(held) }
        }
        held = nil
    }

    /// Keeps the odd lines of a file in memory.
    mutating func add(_ form: FileForm) {
        for line in form.oddLines { encode(line) }
    }

    /// Appends the elements of the document's list.
    func append(to out: inout OutputBuffer) { out.append(encoded.bytes) }
}

extension FileForm.OddLine {
    fileprivate init(_ place: RecordPlace, holdsRecord: Bool) {
        self.init(
            line: place.line,
            bytes: Array(place.text) + place.lineEnd.bytes,
            holdsRecord: holdsRecord
        )
    }
}
