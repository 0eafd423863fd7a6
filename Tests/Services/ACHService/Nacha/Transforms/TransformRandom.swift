import Nacha

/// A random generator from one seed, so that a failing case can be made again (SplitMix64).
struct TransformRandom: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// A file of several batches of classes that have codes on both sides, with prenotes,
    /// zero-dollar entries and addenda among them.
    mutating func file(origin: UInt32 = 7_200_003, modifier: String = "A") throws -> NachaFile {
        var batches: [NachaBatch] = []
        for _ in 0..<Int.random(in: 1...6, using: &self) {
            let classes: [StandardEntryClass] = [.ppd, .ccd, .web, .ctx, .iat]
            let entryClass = classes[Int.random(in: 0..<classes.count, using: &self)]
            let company = Bool.random(using: &self) ? "CITY" : "TOWN"
            var sequence: UInt32 = 0
            var entries: [EntryDetail] = []
            for _ in 0..<Int.random(in: 1...12, using: &self) {
                sequence += UInt32.random(in: 1...3, using: &self)
                entries.append(try entry(entryClass, sequence))
            }
            batches.append(
                try TransformSample.batch(
                    entryClass,
                    company: company,
                    serviceClass: .mixed,
                    entries
                )
            )
        }
        return try TransformSample.file(batches, origin: origin, modifier: modifier)
    }

    private mutating func entry(
        _ entryClass: StandardEntryClass,
        _ sequence: UInt32
    ) throws -> EntryDetail {
        let live = [22, 27, 32, 37][Int.random(in: 0...3, using: &self)]
        let account = "\(Int.random(in: 1...999_999, using: &self))"
        let payment: [AddendaDraft] = [.payment("INVOICE \(sequence)")]
        switch Int.random(in: 0...9, using: &self) {
        case 0 where entryClass == .ppd:
            return try TransformSample.entry(live + 1, 0, sequence, account: account)
        case 1 where entryClass == .ccd || entryClass == .ctx:
            return try TransformSample.entry(
                live + 2,
                0,
                sequence,
                entryClass,
                account: account,
                addenda: payment
            )
        case 2...4 where entryClass == .ppd || entryClass == .ctx:
            return try TransformSample.entry(
                live,
                UInt64.random(in: 1...1_000_000, using: &self),
                sequence,
                entryClass,
                account: account,
                addenda: payment
            )
        default:
            return try TransformSample.entry(
                live,
                UInt64.random(in: 1...1_000_000, using: &self),
                sequence,
                entryClass,
                account: account
            )
        }
    }
}
