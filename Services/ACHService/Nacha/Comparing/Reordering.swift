/// What moved when things came into another order.
enum Reordering {
    /// The fewest things that must be taken out so that the rest is in order, as indices into places
    /// of the new order that are listed in the old one.
    ///
    /// They are all that are not in a longest ascending run of places, which patience sorting finds
    /// in n log n steps. Nothing is done for what is in order already.
    static func moved(_ places: [Int]) -> [Int] {
        if zip(places, places.dropFirst()).allSatisfy({ $0 < $1 }) { return [] }
        // The index of the smallest place that ends a run of each length, shortest first.
        var ends: [Int] = []
        var previous = [Int](repeating: -1, count: places.count)
        for index in places.indices {
            var low = 0
            var high = ends.count
            while low < high {
                let middle = (low + high) / 2
                if places[ends[middle]] < places[index] { low = middle + 1 } else { high = middle }
            }
            if low > 0 { previous[index] = ends[low - 1] }
            if low == ends.count { ends.append(index) } else { ends[low] = index }
        }
        var stays = [Bool](repeating: false, count: places.count)
        var index = ends.last ?? -1
        while index >= 0 {
            stays[index] = true
            index = previous[index]
        }
        return places.indices.filter { !stays[$0] }
    }
}
