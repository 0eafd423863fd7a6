package import Nacha

extension NachaFile {
    /// The file in its JSON form, as `DocumentWriter` writes it while the file is read.
    package func json(isMasked: Bool) -> [UInt8] {
        var bytes: [UInt8] = []
        writeJSON(isMasked: isMasked) { bytes.append(contentsOf: $0) }
        return bytes
    }

    /// Writes the JSON form piece by piece.
    ///
    /// Throws what `body` throws.
    package func writeJSON<E: Error>(
        isMasked: Bool,
        _ body: (UnsafeRawBufferPointer) throws(E) -> Void
    ) throws(E) {
        let writer = DocumentWriter(isMasked: isMasked, oddLineBytes: .max)
        if let header { writer.write(header, .fileHeader) }
        for batch in batches {
            writer.write(batch.header, batch.headerKind)
            for entry in batch.entries {
                writer.write(entry.record, .entry)
                for addenda in entry.addenda { writer.write(addenda.record, .paymentAddenda) }
                try writer.drain(body)
            }
            if let control = batch.control { writer.write(control, .batchControl) }
        }
        if let control { writer.write(control, .fileControl) }
        writer.lines.add(form)
        writer.end(form, fillers: fillerCount)
        try writer.drain(above: 0, body)
    }
}

extension DocumentWriter {
    /// Writes a record that has its place in a file: any kind of its group will do.
    fileprivate func write(_ record: Record, _ kind: RecordKind) {
        let isPlaced = record.withView { write($0, kind) }
        precondition(isPlaced, "The records of a file stand in their order.")
    }
}
