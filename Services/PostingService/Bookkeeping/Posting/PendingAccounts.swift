/// The accounts that a set touches, with their state after it; nothing is changed before `apply`.
///
/// A sparse set: membership and access are one look into two arrays, and clearing costs nothing.
struct PendingAccounts {
    struct Entry {
        var account: Int32
        var state: AccountState
    }

    private(set) var entries: [Entry] = []
    private var places: [Int32] = []

    mutating func reset(accounts: Int) {
        entries.removeAll(keepingCapacity: true)
        if places.count < accounts {
            places.append(contentsOf: repeatElement(0, count: accounts - places.count))
        }
    }

    /// The place in `entries` of an account, which joins with `state` where it is new.
    @inline(__always)
    mutating func place(
        of account: Int32,
        joiningWith state: @autoclosure () -> AccountState
    ) -> Int {
        let place = Int(places[Int(account)])
        if place < entries.count, entries[place].account == account { return place }
        places[Int(account)] = Int32(entries.count)
        entries.append(Entry(account: account, state: state()))
        return entries.count - 1
    }

    @inline(__always)
    subscript(place: Int) -> AccountState {
        get { entries[place].state }
        set { entries[place].state = newValue }
    }

    /// The state of an account after the set, or nil where the set does not touch it.
    @inline(__always)
    func state(of account: Int) -> AccountState? {
        let place = Int(places[account])
        guard place < entries.count, entries[place].account == Int32(account) else { return nil }
        return entries[place].state
    }
}
