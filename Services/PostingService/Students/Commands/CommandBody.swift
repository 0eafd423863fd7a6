import JSON
import LedgerRules
import Protocol

/// Reads the body of a command: an object of properties, bare or in `payload` (contract A2-2).
enum CommandBody {
    static func members(
        _ body: [UInt8]
    ) throws(CommandRefusal) -> [(name: String, value: PropertyValue)] {
        if let fault = body.withUnsafeBytes({ JSONText.fault(in: $0) }) {
            let detail = fault.detail
            throw refusal(lastStep(of: detail.field), detail.code, detail.message)
        }
        guard case .object(let members)? = JSONNode(body) else {
            throw refusal("", "wrong_type", "The body is an object.")
        }
        guard let payload = members.first(where: { $0.key.lowercased() == "payload" }) else {
            return values(members)
        }
        guard case .object(let inner) = payload.value else {
            throw refusal("payload", "wrong_type", "payload is an object.")
        }
        guard members.count == 1 else {
            let others = members.filter { $0 != payload }.map(\.key)
            throw CommandRefusal(
                faults: others.map {
                    CommandFault($0, "unknown_property", "\($0) does not stand beside payload.")
                }
            )
        }
        return values(inner)
    }

    private static func values(
        _ members: [JSONNode.Member]
    ) -> [(name: String, value: PropertyValue)] {
        members.map { member in
            switch member.value {
            case .null: (member.key, .null)
            case .boolean(let truth): (member.key, .boolean(truth))
            case .number(let text): (member.key, .number(text))
            case .string(let text): (member.key, .string(text))
            case .array, .object: (member.key, .composite)
            }
        }
    }

    private static func lastStep(of pointer: String) -> String {
        pointer.split(separator: "/").last.map(String.init) ?? ""
    }

    private static func refusal(
        _ property: String,
        _ code: String,
        _ message: String
    ) -> CommandRefusal {
        CommandRefusal(faults: [CommandFault(property, code, message)])
    }
}
