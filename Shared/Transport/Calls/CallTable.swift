/// Calls by their id: the ids that callers use first stand in an array, others in a dictionary.
///
/// A caller that takes its ids from a list of free places, as ours does, never leaves the array.
struct CallTable<Entry> {
    private var near: [Entry?] = []
    private var far: [UInt32: Entry] = [:]
    private(set) var count = 0

    private static var nearCount: Int { 1_024 }

    subscript(id: UInt32) -> Entry? {
        get {
            let place = Int(id >> 1)
            guard place < Self.nearCount else { return far[id] }
            return place < near.count ? near[place] : nil
        }
        _modify {
            let place = Int(id >> 1)
            if place < Self.nearCount {
                while near.count <= place { near.append(nil) }
                let held = near[place] != nil
                defer { count += (near[place] != nil ? 1 : 0) - (held ? 1 : 0) }
                yield &near[place]
            } else {
                let held = far[id] != nil
                defer { count += (far[id] != nil ? 1 : 0) - (held ? 1 : 0) }
                yield &far[id]
            }
        }
    }

    /// Every entry with its id's place, in no promised order.
    func forEach(_ body: (Entry) -> Void) {
        for case .some(let entry) in near { body(entry) }
        for entry in far.values { body(entry) }
    }

    mutating func removeAll(where isGone: (Entry) -> Bool) {
        for place in near.indices {
            guard let entry = near[place], isGone(entry) else { continue }
            near[place] = nil
            count -= 1
        }
        for (id, entry) in far where isGone(entry) {
            far[id] = nil
            count -= 1
        }
    }

    mutating func removeAll() {
        near = []
        far = [:]
        count = 0
    }
}
