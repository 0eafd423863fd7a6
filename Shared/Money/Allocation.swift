extension Amount {
    /// Splits the amount in proportion to `weights`, so that the parts add up to it exactly.
    ///
    /// Each part is rounded down in size; the minor units left over go to the largest remainders, the
    /// first of equal ones first (fault M-06). Nil where no weight is above zero or one is below.
    package func allocated(over weights: [Int64]) -> [Amount]? {
        guard weights.allSatisfy({ $0 >= 0 }) else { return nil }
        let whole = weights.reduce(Int128(0)) { $0 + Int128($1) }
        guard whole > 0 else { return nil }
        let size = Int128(minorUnits.magnitude)
        var parts: [Int128] = []
        var remainders: [(place: Int, left: Int128)] = []
        for (place, weight) in weights.enumerated() {
            let (quotient, remainder) = (size * Int128(weight)).quotientAndRemainder(
                dividingBy: whole
            )
            parts.append(quotient)
            remainders.append((place, remainder))
        }
        let left = Int(size - parts.reduce(0, +))
        let order = remainders.sorted { ($0.left, -$0.place) > ($1.left, -$1.place) }
        for one in order.prefix(left) { parts[one.place] += 1 }
        return parts.map { Amount(minorUnits: Int64(minorUnits < 0 ? -$0 : $0)) }
    }
}
