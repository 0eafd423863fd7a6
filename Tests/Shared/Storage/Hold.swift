import Dispatch

/// Holds the writer's thread until told to let go.
final class Hold: Sendable {
    private let held = AsyncStream<Void>.makeStream()
    private let mayGo = DispatchSemaphore(value: 0)

    func hold() {
        held.continuation.yield()
        mayGo.wait()
    }

    func untilHeld() async {
        for await _ in held.stream { break }
    }

    func letGo() { mayGo.signal() }
}
