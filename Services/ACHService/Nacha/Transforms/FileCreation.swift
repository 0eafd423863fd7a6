/// When a file is made, as its header says it.
package struct FileCreation: Hashable, Sendable {
    /// A day of 1970 to 2069: its year is written with two digits.
    package let date: CivilDate
    package let time: TimeOfDay

    /// The moment, in the time of the originating bank.
    package init(date: CivilDate, time: TimeOfDay) {
        self.date = date
        self.time = time
    }
}

extension Record {
    /// Writes the moment into a file header (design 3.7, record 1, positions 24-33).
    mutating func write(_ creation: FileCreation) throws(TransformFault) {
        try writeDate(creation.date, at: 24)
        write(creation.time.hhmm, 30, 33)
    }

    /// Writes a date as YYMMDD.
    mutating func writeDate(_ date: CivilDate, at position: Int) throws(TransformFault) {
        guard let text = date.yymmdd() else { throw .dateOutOfRange(date) }
        write(text, position, position + 5)
    }
}

extension NachaFile {
    /// The modifier of the header, or another one that goes before it.
    func modifier(orGiven given: FileIDModifier?) throws(TransformFault) -> FileIDModifier {
        if let given { return given }
        guard let modifier = header.flatMap({ FileIDModifier($0.text(34, 34)) }) else {
            throw .modifierInvalid
        }
        return modifier
    }

    /// A new file with this header and these batches: numbered from 1, closed, in the form that
    /// Bursar writes.
    static func closed(
        header: Record?,
        modifier: FileIDModifier?,
        batches: [NachaBatch]
    ) throws(TransformFault) -> NachaFile {
        var header = header
        if let modifier { header?.write(modifier.text, 34, 34) }
        do {
            return try NachaFile(header: header, batches: batches).closed()
        } catch { throw .building(error) }
    }
}
