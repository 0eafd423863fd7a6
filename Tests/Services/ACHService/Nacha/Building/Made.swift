import Nacha
import TestSupport

/// Values that tests of building start from; a test sets what it is about.
enum Made {
    static let bank = routing("076401251")
    static let other = routing("122000496")
    static let day = CivilDate.on("2026-06-01")

    static func routing(_ text: String) -> RoutingNumber { known(RoutingNumber(text), text) }
    static func code(_ number: Int) -> TransactionCode { known(TransactionCode(number), number) }
    static func reason(_ text: String) -> ReturnCode { known(ReturnCode(text), text) }
    static func change(_ text: String) -> ChangeCode { known(ChangeCode(text), text) }
    static func trace(_ text: String) -> TraceNumber { known(TraceNumber(text), text) }

    private static func known<Value>(_ value: Value?, _ given: some Sendable) -> Value {
        guard let value else { preconditionFailure("There is no \(Value.self) \(given).") }
        return value
    }

    static func fileHeader() -> FileHeaderDraft {
        FileHeaderDraft(
            destination: bank,
            origin: .routingNumber(other),
            creationDate: day,
            creationTime: .at("0905"),
            destinationName: "FIRST BANK",
            originName: "CITY"
        )
    }

    static func batchHeader(
        _ entryClass: StandardEntryClass = .ppd,
        _ serviceClass: ServiceClass = .mixed
    ) -> BatchHeaderDraft {
        BatchHeaderDraft(
            serviceClass: serviceClass,
            companyName: "CITY",
            companyID: "1123456789",
            entryClass: entryClass,
            entryDescription: "TUITION",
            effectiveDate: .on("2026-06-02"),
            odfi: bank
        )
    }

    static func entry(
        _ number: Int = 27,
        amount: UInt64 = 12_345,
        receiver: RoutingNumber = other,
        account: String = "123456789",
        addenda: [AddendaDraft] = []
    ) -> EntryDraft {
        EntryDraft(
            transactionCode: code(number),
            receiver: receiver,
            accountNumber: account,
            amountMinorUnits: amount,
            details: .standard(identification: "ID 1", name: "ADA ADAMS"),
            addenda: addenda
        )
    }

    /// A batch of entries with trace numbers from 1.
    static func batch(
        _ header: BatchHeaderDraft = batchHeader(),
        _ entries: [EntryDraft]
    ) throws -> NachaBatch {
        var traces = TraceSequence(odfi: header.odfi)
        return NachaBatch(
            header: try header.record(),
            entries: try entries.map { try $0.entry(trace: traces.next()) }
        )
    }

    static func file(_ batches: [NachaBatch]) throws -> NachaFile {
        NachaFile(header: try fileHeader().record(), batches: batches)
    }
}

extension Record {
    /// The 94 characters as text.
    var line: String { text(1, 94) }
}
