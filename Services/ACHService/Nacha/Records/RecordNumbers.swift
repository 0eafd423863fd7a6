/// Numbers in a record: unsigned, right-justified, filled with zeros (design 3.1).
///
/// None of these looks whether the characters are digits: a record's pattern has done so before, and
/// a field that failed is not asked. What is no digit gives some number, never a trap.
extension RecordView {
    /// A number of up to 19 digits.
    @inline(__always)
    package func number(_ from: Int, _ to: Int) -> UInt64 {
        var value: UInt64 = 0
        var position = from
        while position &+ 7 <= to {
            value = value &* 100_000_000 &+ eightDigits(position)
            position &+= 8
        }
        while position <= to {
            value = value &* 10 &+ UInt64(self[position] & 0x0F)
            position &+= 1
        }
        return value
    }

    /// Eight digits at once: pairs, then fours, then all eight are joined by one multiplication each.
    @inline(__always)
    func eightDigits(_ position: Int) -> UInt64 {
        var value = word(position) & 0x0F0F_0F0F_0F0F_0F0F
        value = (value &* 2561) &>> 8 & 0x00FF_00FF_00FF_00FF
        value = (value &* 6_553_601) &>> 16 & 0x0000_FFFF_0000_FFFF
        return (value &* 42_949_672_960_001) &>> 32
    }

    /// Two digits as a number from 0 to 99.
    @inline(__always)
    func pair(_ position: Int) -> Int {
        Int(self[position] & 0x0F) &* 10 &+ Int(self[position &+ 1] & 0x0F)
    }

    /// The check digit that eight routing digits call for: weights 3, 7 and 1 in turn, then what is
    /// missing to the next multiple of ten (design 3.2).
    @inline(__always)
    func checkDigit(ofRoutingAt position: Int) -> UInt8 {
        let digits = word(position) & 0x0F0F_0F0F_0F0F_0F0F
        // Digits 1, 4, 7 weigh 3; digits 2, 5, 8 weigh 7; digits 3 and 6 weigh 1.
        let threes = (digits & 0xFF) &+ (digits &>> 24 & 0xFF) &+ (digits &>> 48 & 0xFF)
        let sevens = (digits &>> 8 & 0xFF) &+ (digits &>> 32 & 0xFF) &+ (digits &>> 56)
        let ones = (digits &>> 16 & 0xFF) &+ (digits &>> 40 & 0xFF)
        let sum = threes &* 3 &+ sevens &* 7 &+ ones
        return UInt8(truncatingIfNeeded: (10 &- sum % 10) % 10)
    }
}
