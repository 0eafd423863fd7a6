internal import Foundation

/// A few threads, each with a reading connection of its own.
final class SQLiteReaders: @unchecked Sendable {
    typealias Job = @Sendable (Result<SQLiteConnection, StoreError>) -> Void

    private let signal = NSCondition()
    // Guarded by `signal`:
    private var waiting: [Job] = []
    private var first = 0
    private var running: Int
    private var isClosing = false

    init(path: String, options: StoreOptions) throws {
        running = 0
        for number in 0..<max(1, options.readers) {
            let connection = try SQLiteConnection(path: path, role: .reader, options: options)
            let box = ConnectionBox(connection)
            running += 1
            let thread = Thread { [self] in work(box.connection) }
            thread.name = "store-read-\(number)"
            thread.stackSize = 1 << 20
            thread.start()
        }
    }

    /// Hands a connection over to the thread that will use it alone.
    private final class ConnectionBox: @unchecked Sendable {
        let connection: SQLiteConnection
        init(_ connection: SQLiteConnection) { self.connection = connection }
    }

    func enqueue(_ job: @escaping Job) {
        signal.lock()
        let isRefused = isClosing
        if !isRefused {
            waiting.append(job)
            signal.signal()
        }
        signal.unlock()
        if isRefused { job(.failure(.closed)) }
    }

    /// Finishes what waits and ends the threads.
    func close() {
        signal.lock()
        isClosing = true
        signal.broadcast()
        while running > 0 { signal.wait() }
        signal.unlock()
    }

    private func work(_ connection: SQLiteConnection) {
        while let job = next() {
            job(.success(connection))
        }
        connection.close()
        signal.lock()
        running -= 1
        signal.broadcast()
        signal.unlock()
    }

    private func next() -> Job? {
        signal.lock()
        defer { signal.unlock() }
        while first == waiting.count {
            if isClosing { return nil }
            signal.wait()
        }
        let job = waiting[first]
        first += 1
        if first == waiting.count {
            waiting.removeAll(keepingCapacity: true)
            first = 0
        }
        return job
    }
}
