package import Dates
package import Money

/// A name and its value in one call; nil is written as null, but by `optional`.
extension JSONWriter {
    package mutating func member(_ name: StaticString, _ text: String?) {
        key(name)
        value(text)
    }

    package mutating func member(_ name: StaticString, _ number: Int64?) {
        key(name)
        value(number)
    }

    package mutating func member(_ name: StaticString, _ number: Int) {
        key(name)
        value(number)
    }

    package mutating func member(_ name: StaticString, number text: String?) {
        key(name)
        value(number: text)
    }

    package mutating func member(_ name: StaticString, _ flag: Bool) {
        key(name)
        value(flag)
    }

    package mutating func member(_ name: StaticString, _ texts: [String]) {
        key(name)
        value(texts)
    }

    package mutating func member(_ name: StaticString, amount: Amount?) {
        key(name)
        value(amount: amount)
    }

    package mutating func member(_ name: StaticString, day: CalendarDay?) {
        key(name)
        value(day: day)
    }

    package mutating func member(_ name: StaticString, moment: Int64?) {
        key(name)
        value(moment: moment)
    }

    package mutating func member(_ name: StaticString, json: [UInt8]?) {
        key(name)
        value(json: json)
    }

    /// A member only where it has a value.
    package mutating func optional(_ name: StaticString, _ text: String?) {
        if let text { member(name, text) }
    }

    /// A member only where it has a value.
    package mutating func optional(_ name: StaticString, _ number: Int64?) {
        if let number { member(name, number) }
    }

    /// A member whose name is known only at run time.
    package mutating func member(named name: String, _ text: String?) {
        key(named: name)
        value(text)
    }
}
