/// A set of hashes that may say yes wrongly (about 1 in 1,000 when full) and never no wrongly.
///
/// A blocked Bloom filter: eight bits of one 64-byte line a key, so that a test costs one cache miss.
/// It grows by layers, each twice as large as the one before; a test asks them all. Memory is 2 to 4
/// bytes a key. Writer-confined; only committed keys are added.
struct HashFilter: ~Copyable {
    /// Keys that the first layer takes: 8 MB of memory.
    static let firstLayerKeys = 4 << 20
    static let bitsPerKey = 16

    private var layers: [Layer] = []
    private let firstKeys: Int

    /// - Parameter firstKeys: keys of the first layer, a power of two.
    init(firstKeys: Int = firstLayerKeys) {
        self.firstKeys = firstKeys
        grow()
    }

    deinit {
        for layer in layers { layer.words.deallocate() }
    }

    /// Whether the newest layer has so little room left that `grow` should be called when idle.
    var shouldGrow: Bool {
        layers[layers.count - 1].keys * 8 > layers[layers.count - 1].capacity * 7
    }

    /// Adds a layer.
    ///
    /// Its memory is touched here, which takes about 40 ms for 16 MB of fresh pages:
    /// call it between sets.
    mutating func grow() {
        layers.append(Layer(capacity: firstKeys << layers.count))
    }

    mutating func insert(_ hashes: UnsafeBufferPointer<UInt64>) {
        var rest = hashes[...]
        while !rest.isEmpty {
            let index = layers.count - 1
            let room = layers[index].capacity - layers[index].keys
            if room == 0 {
                grow()
            } else {
                layers[index].insert(UnsafeBufferPointer(rebasing: rest.prefix(room)))
                rest = rest.dropFirst(room)
            }
        }
    }

    /// Calls `found` with the place of every hash that may be held, in ascending order.
    func candidates(
        _ hashes: UnsafeBufferPointer<UInt64>,
        _ found: (Int) -> Void
    ) {
        layers.withUnsafeBufferPointer { layers in
            for place in hashes.indices {
                for layer in layers where layer.mayContain(hashes[place]) {
                    found(place)
                    break
                }
            }
        }
    }
}

/// One filter of fixed size: lines of eight words, one bit of each a key.
private struct Layer {
    let words: UnsafeMutablePointer<UInt64>
    let capacity: Int
    private let lineMask: UInt64
    var keys = 0

    init(capacity: Int) {
        self.capacity = capacity
        let lines = max(capacity * HashFilter.bitsPerKey / 512, 1)
        lineMask = UInt64(lines - 1)
        words = UnsafeMutableRawPointer.allocate(byteCount: lines * 64, alignment: 64)
            .initializeMemory(as: UInt64.self, repeating: 0, count: lines * 8)
    }

    @inline(__always)
    func line(_ hash: UInt64) -> UnsafeMutablePointer<UInt64> {
        words + Int((hash >> 8) & lineMask) * 8
    }

    /// 48 bits that say which bit of each word is the key's.
    ///
    /// The low bits of a product know nothing of its factor's high ones, and the line is chosen by
    /// some of the same low ones: the high half of the product is folded in.
    @inline(__always)
    static func bits(_ hash: UInt64) -> UInt64 {
        let product = hash &* 0x9FB2_1C65_1E98_DF25
        return product ^ product &>> 32
    }

    mutating func insert(_ hashes: UnsafeBufferPointer<UInt64>) {
        for hash in hashes {
            let line = line(hash)
            let bits = Self.bits(hash)
            for word in 0..<8 {
                line[word] |= 1 &<< (bits &>> UInt64(6 * word))
            }
        }
        keys += hashes.count
    }

    @inline(__always)
    func mayContain(_ hash: UInt64) -> Bool {
        let line = line(hash)
        let bits = Self.bits(hash)
        var all: UInt64 = 1
        for word in 0..<8 {
            all &= line[word] &>> (bits &>> UInt64(6 * word))
        }
        return all & 1 == 1
    }
}
