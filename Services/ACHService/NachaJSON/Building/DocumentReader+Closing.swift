internal import Nacha

/// Service classes, controls and filler, once all records are there.
extension DocumentReader {
    /// Computes what the document left out; reports what cannot be.
    mutating func complete(_ file: inout NachaFile) {
        for index in file.batches.indices { complete(&file.batches[index], index) }
        guard faults.isEmpty, file.control == nil else { return }
        do {
            file.control = try file.closed().control
        } catch {
            note(error, .document, "file_control")
        }
    }

    private mutating func complete(_ batch: inout NachaBatch, _ index: Int) {
        do {
            if building.batchesWithoutServiceClass.contains(index) {
                batch = try batch.withServiceClassOfEntries()
            }
            if batch.control == nil { batch = try batch.closed(number: batch.number) }
        } catch {
            note(error, .batch(index), nil)
        }
    }

    private mutating func note(
        _ fault: BuildingFault,
        _ place: DocumentPlace,
        _ member: String?
    ) {
        faults.add(
            .notBuildable,
            place,
            member,
            value: fault.value ?? "",
            fault.description,
            fault.remedy
        )
    }
}
