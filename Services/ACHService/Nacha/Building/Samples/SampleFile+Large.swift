extension SampleFile {
    /// A large file of PPD or CCD entries, as fast as `FileWriter` writes: up to millions a second.
    ///
    /// Entries draw on a thousand receivers. Amounts stay so low that nine million entries fit
    /// the totals of a file. Throws where they do not fit it otherwise, and what `body` throws.
    package static func writeLarge(
        entryCount: Int,
        entriesPerBatch: Int = 100_000,
        hasAddenda: Bool = false,
        seed: UInt64,
        form: FileForm = FileForm(),
        _ body: (UnsafeRawBufferPointer) throws -> Void
    ) throws {
        precondition(entriesPerBatch > 0, "Batches without entries never come to an end.")
        let options = SampleOptions(hasAddenda ? .ccd : .ppd, form: form)
        var source = try SampleSource(options, seed: seed)
        let receivers = (0..<1_000).map { _ in source.receiver() }
        var random = SplitMix64(seed: seed &+ 1)
        var writer = FileWriter(header: try source.fileHeader(), form: form)
        var written = 0
        while written < entryCount {
            try writer.openBatch(source.nextBatchHeader())
            for _ in 0..<min(entriesPerBatch, entryCount - written) {
                let receiver = receivers[random.below(receivers.count)]
                try writer.write(
                    random.once(in: 2) ? receiver.credit : receiver.debit,
                    receiver: receiver.bank.number,
                    accountNumber: receiver.accountNumber,
                    amountMinorUnits: UInt64(random.number(in: SampleSource.amounts)),
                    identification: receiver.identification,
                    name: receiver.name,
                    payment: hasAddenda ? receiver.payment : ""
                )
                try writer.drain(body)
            }
            try writer.closeBatch()
            written += entriesPerBatch
        }
        try writer.finish()
        try writer.drain(above: 0, body)
    }
}

extension SampleSource {
    /// Who receives entries of a large file.
    struct Receiver {
        var bank: RoutingNumber
        var accountNumber: String
        var identification: String
        var name: String
        var payment: String
        var credit: TransactionCode
        var debit: TransactionCode
    }

    mutating func receiver() -> Receiver {
        let account: TransactionCode.AccountKind = random.once(in: 3) ? .savings : .checking
        return Receiver(
            bank: bank(),
            accountNumber: accountNumber(),
            identification: identification(),
            name: options.entryClass == .ccd ? random.pick(SampleWords.companies) : person(),
            payment: remittance(),
            credit: .live(.credit, account),
            debit: .live(.debit, account)
        )
    }
}
