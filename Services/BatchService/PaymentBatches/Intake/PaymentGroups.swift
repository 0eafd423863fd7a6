internal import ServiceStore
internal import NIOConcurrencyHelpers
internal import Protocol
internal import Storage

/// Brings payments that come at once into one transaction: while one group is made durable, the next
/// one gathers.
final class PaymentGroups: Sendable {
    /// Payments of one transaction.
    static let maximumPayments = 512

    private struct Member {
        var payment: CheckedPayment
        var waiter: CheckedContinuation<KeyedReply, any Error>
    }

    private typealias Group = [Member]

    private struct State {
        var waiting: Group = []
        /// A transaction was asked for that will take what waits.
        var isAsked = false
    }

    private let parts: PaymentParts
    private let state = NIOLockedValueBox(State())

    init(_ parts: PaymentParts) { self.parts = parts }

    /// Writes a payment, and returns when it is durable.
    func write(_ payment: CheckedPayment) async throws -> KeyedReply {
        try await withCheckedThrowingContinuation { waiter in
            let isFirst = state.withLockedValue { state in
                state.waiting.append(Member(payment: payment, waiter: waiter))
                defer { state.isAsked = true }
                return !state.isAsked
            }
            if isFirst { start() }
        }
    }

    private func writeGroup() async {
        let group = NIOLockedValueBox<Group>([])
        do {
            let outcomes = try await parts.store.writeRepeatedly { try self.perform(group, in: $0) }
            for (member, outcome) in zip(group.withLockedValue { $0 }, outcomes) {
                member.waiter.resume(with: outcome)
            }
        } catch {
            // Nothing was kept: everyone of the group, or who would have been in it, may try again.
            for member in members(of: group) { member.waiter.resume(throwing: error) }
        }
    }

    /// What happened to each payment of the group, in their order.
    private func perform(
        _ box: NIOLockedValueBox<Group>,
        in transaction: WriteTransaction
    ) throws -> [Result<KeyedReply, any Error>] {
        let members = members(of: box)
        var group = PaymentGroup(at: parts.environment.now(), in: transaction)
        var outcomes: [Result<KeyedReply, any Error>] = []
        outcomes.reserveCapacity(members.count)
        for member in members {
            do {
                outcomes.append(.success(try group.add(member.payment)))
            } catch let error as RPCError {
                outcomes.append(.failure(error))
            }
        }
        try group.save()
        return outcomes
    }

    /// The members of a group: those that wait now, the same ones whenever it is asked again.
    private func members(of group: NIOLockedValueBox<Group>) -> Group {
        let known = group.withLockedValue { $0 }
        guard known.isEmpty else { return known }
        let (taken, hasMore) = state.withLockedValue { state in
            let taken = Array(state.waiting.prefix(Self.maximumPayments))
            state.waiting.removeFirst(taken.count)
            state.isAsked = !state.waiting.isEmpty
            return (taken, state.isAsked)
        }
        group.withLockedValue { $0 = taken }
        if hasMore { start() }
        return taken
    }

    private func start() {
        Task.detached(executorPreference: parts.environment.executor) { await self.writeGroup() }
    }
}
