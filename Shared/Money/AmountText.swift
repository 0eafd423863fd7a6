extension Amount {
    /// The amount as seed 001 prints it: at least one decimal, no zero behind the first (`1198.0`,
    /// `6599.94`, `-5.0`; contract S1-36).
    package var jsonNumber: String {
        let cents = minorUnits.magnitude % 100
        return cents % 10 == 0
            ? "\(sign)\(minorUnits.magnitude / 100).\(cents / 10)"
            : fixedDecimal
    }

    /// The amount with exactly two decimals (`1198.00`), for exports and reports.
    package var fixedDecimal: String {
        let cents = minorUnits.magnitude % 100
        return "\(sign)\(minorUnits.magnitude / 100).\(cents < 10 ? "0" : "")\(cents)"
    }

    private var sign: String { minorUnits < 0 ? "-" : "" }
}
