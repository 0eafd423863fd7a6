import Storage

/// Writes rows by several concurrent writers, each waiting for its own acknowledgements.
struct Writing {
    let prefix: String
    let rows: Int
    let writers: Int
    let checkpointKiB: Int

    func run(_ path: String) async throws {
        let store = try ProbeStore.open(path, checkpointKiB: checkpointKiB)
        say("open")
        await withTaskGroup(of: Void.self) { group in
            for writer in 0..<writers {
                group.addTask {
                    for row in stride(from: writer, to: rows, by: writers) {
                        await store.insert("\(prefix)-\(row)")
                    }
                }
            }
        }
        await store.close()
    }
}
