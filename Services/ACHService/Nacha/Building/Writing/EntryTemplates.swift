/// The records that `FileWriter` fills in: an entry and a payment addenda, with their line ends.
///
/// Each is 96 bytes, six lanes of sixteen, of which as many count as a record and its line end have;
/// the rest is overwritten by the next record.
struct EntryTemplates: ~Copyable {
    static let size = 96

    private let memory: UnsafeMutableRawPointer

    var entry: UnsafeMutableRawPointer { memory }
    var addenda: UnsafeMutableRawPointer { memory + Self.size }

    init() {
        memory = .allocate(byteCount: 2 * Self.size, alignment: 16)
        memory.initializeMemory(as: UInt8.self, repeating: Character.blank, count: 2 * Self.size)
        write("6", at: 1, of: entry)
        write("705", at: 1, of: addenda)
        write("0001", at: 84, of: addenda)
    }

    deinit { memory.deallocate() }

    private func write(_ text: StaticString, at position: Int, of record: UnsafeMutableRawPointer) {
        (record + position - 1).copyMemory(
            from: text.utf8Start,
            byteCount: text.utf8CodeUnitCount
        )
    }

    /// Puts the line end behind the 94 characters; at most two bytes.
    func setLineEnd(_ bytes: [UInt8]) {
        for (index, byte) in bytes.enumerated() {
            for record in [entry, addenda] {
                record.storeBytes(of: byte, toByteOffset: RecordView.length + index, as: UInt8.self)
            }
        }
    }

    /// Puts the originating bank into the trace number; its last digit is written with the sequence.
    func setODFI(_ odfi: UInt32) {
        entry.storeBytes(
            of: DecimalWord.characters(DecimalWord.digits(odfi)).littleEndian,
            toByteOffset: 79,
            as: UInt64.self
        )
    }

    /// Copies a template.
    @inline(__always)
    static func copy(_ template: UnsafeMutableRawPointer, to target: UnsafeMutableRawPointer) {
        for offset in stride(from: 0, to: size, by: 16) {
            target.storeBytes(
                of: template.load(fromByteOffset: offset, as: SIMD16<UInt8>.self),
                toByteOffset: offset,
                as: SIMD16<UInt8>.self
            )
        }
    }
}
