import NIOConcurrencyHelpers
import ServiceRuntime
import Testing

@Suite("A signal wakes everyone who waits, and loses no raise")
struct SignalTests {
    /// Longer than any of these tests: a wait that ends by it was not woken.
    private static let forEver: Int64 = 3_600_000

    @Test("A raise between looking and waiting ends the wait at once", .timeLimit(.minutes(1)))
    func raisedBefore() async {
        let signal = Signal()
        let seen = signal.count
        signal.raise()
        await signal.wait(after: seen, milliseconds: Self.forEver)
    }

    @Test("A raise before looking does not", .timeLimit(.minutes(1)))
    func raisedLongAgo() async {
        let signal = Signal()
        signal.raise()
        let start = ContinuousClock.now
        await signal.wait(after: signal.count, milliseconds: 20)
        #expect(ContinuousClock.now - start >= .milliseconds(20))
    }

    @Test("One raise wakes all", .timeLimit(.minutes(1)))
    func wakesAll() async {
        let signal = Signal()
        let seen = signal.count
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<50 {
                group.addTask { await signal.wait(after: seen, milliseconds: Self.forEver) }
            }
            group.addTask {
                try? await Task.sleep(for: .milliseconds(20))
                signal.raise()
            }
        }
    }

    @Test("A wait that is cancelled ends, before it begins or after", .timeLimit(.minutes(1)))
    func cancelled() async {
        let signal = Signal()
        for pause in [0, 0, 0, 1, 5] {
            let waiting = Task {
                await signal.wait(after: signal.count, milliseconds: Self.forEver)
            }
            if pause > 0 { try? await Task.sleep(for: .milliseconds(pause)) }
            waiting.cancel()
            await waiting.value
        }
    }

    @Test("A time that is over before anybody waits ends the wait", .timeLimit(.minutes(1)))
    func overAtOnce() async {
        let signal = Signal()
        await withTaskGroup(of: Void.self) { group in
            for milliseconds in 0..<2_000 {
                group.addTask {
                    await signal.wait(after: signal.count, milliseconds: Int64(milliseconds % 3))
                }
            }
        }
    }

    @Test(
        "Workers that share a signal do all work, while others are cancelled and time out",
        .timeLimit(.minutes(1)),
        arguments: [UInt64(1), 2, 3, 4]
    )
    func campaign(seed: UInt64) async {
        let signal = Signal()
        /// Each worker has a queue of its own: a raise that only one of them sees is a loss.
        let queues = (0..<4).map { _ in NIOLockedValueBox((left: 0, done: 0)) }
        let workers = queues.map { queue in
            Task {
                while queue.withLockedValue({ $0.done }) < 500 {
                    let seen = signal.count
                    queue.withLockedValue { $0 = (0, $0.done + $0.left) }
                    guard queue.withLockedValue({ $0.done }) < 500 else { return }
                    await signal.wait(after: seen, milliseconds: Self.forEver)
                }
            }
        }
        let bystanders = (0..<20).map { number in
            Task {
                while !Task.isCancelled {
                    await signal.wait(after: signal.count, milliseconds: Int64(number % 4))
                }
            }
        }
        var dice = SplitMix(seed)
        for _ in 0..<500 {
            for queue in queues.shuffled(using: &dice) {
                queue.withLockedValue { $0.left += 1 }
                signal.raise()
                if Bool.random(using: &dice) { await Task.yield() }
            }
            bystanders.randomElement(using: &dice)?.cancel()
        }
        for worker in workers { await worker.value }
        for bystander in bystanders { bystander.cancel() }
        for bystander in bystanders { await bystander.value }
        for queue in queues { #expect(queue.withLockedValue { $0.done } == 500) }
    }
}

/// Gives the same numbers for the same seed.
private struct SplitMix: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
