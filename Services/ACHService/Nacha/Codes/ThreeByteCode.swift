/// The shape that return and change codes share: a capital letter and two digits.
enum ThreeByteCode {
    /// The number after the letter, or nil when the letter differs (its lower case included) or
    /// a digit is none.
    static func number(
        after letter: UInt8,
        _ first: UInt8,
        _ second: UInt8,
        _ third: UInt8
    ) -> UInt8? {
        guard first == letter else { return nil }
        let tens = second &- 0x30
        let units = third &- 0x30
        guard tens <= 9, units <= 9 else { return nil }
        return tens * 10 + units
    }

    /// The three bytes of a string, or nil when it has another length.
    static func bytes(_ text: some StringProtocol) -> (UInt8, UInt8, UInt8)? {
        var iterator = text.utf8.makeIterator()
        guard let first = iterator.next(), let second = iterator.next(),
            let third = iterator.next(), iterator.next() == nil
        else { return nil }
        return (first, second, third)
    }

    /// The code as it is written, such as R01; the number must be below 100.
    static func text(_ letter: String, _ number: UInt8) -> String {
        number < 10 ? "\(letter)0\(number)" : "\(letter)\(number)"
    }
}
