import JSON
import PaymentBatches
import Protocol
import ServiceStore
import Testing

/// A reply's JSON.
struct Answer {
    let node: JSONNode
    let bytes: [UInt8]
    var isReplay = false

    init(_ reply: KeyedReply) {
        self.init(bytes: reply.body)
        isReplay = reply.isReplay
    }

    init(bytes: [UInt8]) {
        self.bytes = bytes
        node = JSONNode(bytes) ?? .null
    }

    private init(_ node: JSONNode) {
        self.node = node
        bytes = []
    }

    func text(_ name: String) -> String {
        switch node[name] {
        case .string(let text), .number(let text): text
        case .boolean(let flag): "\(flag)"
        case .null: "null"
        default: ""
        }
    }

    func number(_ name: String) -> Int64 { Int64(text(name)) ?? -1 }

    var elements: [Answer] { node.elements.map { Answer($0) } }

    func list(_ name: String) -> [Answer] { node[name]?.elements.map { Answer($0) } ?? [] }

    var payment: Int64 { number("payment_id") }
    var batch: Int64 { number("batch_id") }
    var status: String { text("status") }
}

/// Expects a refusal of a state: 409, with status, action and what is allowed.
func expectIllegal(
    _ action: String,
    status: String? = nil,
    sourceLocation: SourceLocation = #_sourceLocation,
    _ work: () async throws -> Answer
) async {
    do {
        let answer = try await work()
        Issue.record("it was accepted: \(answer.node)", sourceLocation: sourceLocation)
    } catch let error as RPCError {
        #expect(error.transition?.action == action, sourceLocation: sourceLocation)
        if let status {
            #expect(error.transition?.status == status, sourceLocation: sourceLocation)
        }
    } catch {
        Issue.record("another error: \(error)", sourceLocation: sourceLocation)
    }
}

/// Expects faults of the fields named, in their order.
func expectFaults(
    _ reason: String,
    _ fields: [String],
    sourceLocation: SourceLocation = #_sourceLocation,
    _ work: () async throws -> Answer
) async {
    do {
        let answer = try await work()
        Issue.record("it was accepted: \(answer.node)", sourceLocation: sourceLocation)
    } catch let error as RPCError {
        #expect(error.reason == reason, sourceLocation: sourceLocation)
        #expect(error.details.map(\.field) == fields, sourceLocation: sourceLocation)
    } catch {
        Issue.record("another error: \(error)", sourceLocation: sourceLocation)
    }
}

/// Expects that the caller may not.
func expectForbidden(
    _ reason: String,
    sourceLocation: SourceLocation = #_sourceLocation,
    _ work: () async throws -> Answer
) async {
    do {
        let answer = try await work()
        Issue.record("it was accepted: \(answer.node)", sourceLocation: sourceLocation)
    } catch let error as NotPermitted {
        #expect(error.reason == reason, sourceLocation: sourceLocation)
    } catch {
        Issue.record("another error: \(error)", sourceLocation: sourceLocation)
    }
}
