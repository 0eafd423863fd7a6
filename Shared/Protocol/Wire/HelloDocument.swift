/// The content of HELLO, the first frame each way (PROTOCOL.md section 4).
package struct HelloDocument: Codable, Sendable, Hashable {
    package struct Limits: Codable, Sendable, Hashable {
        /// Largest frame length that the sender of this HELLO accepts.
        package var frame: Int
        /// Calls in flight that it accepts.
        package var calls: Int
        /// First window of every call's body towards it, in bytes.
        package var window: Int
        /// Shortest time between PINGs that it accepts.
        package var pingMilliseconds: Int

        package init(frame: Int, calls: Int, window: Int, pingMilliseconds: Int) {
            self.frame = frame
            self.calls = calls
            self.window = window
            self.pingMilliseconds = pingMilliseconds
        }

        private enum CodingKeys: String, CodingKey {
            case frame, calls, window
            case pingMilliseconds = "ping_interval_ms"
        }
    }

    /// Versions of the protocol that the sender speaks.
    package var versions: [Int]
    package var service: String
    package var instance: String
    package var version: String
    package var limits: Limits
    /// The server's method table: a REQUEST names its method by place, counted from 1.
    package var methods: [String]?

    package init(
        service: String,
        instance: String,
        version: String,
        limits: Limits = .standard,
        methods: [String]? = nil
    ) {
        versions = [ProtocolLimits.version]
        self.service = service
        self.instance = instance
        self.version = version
        self.limits = limits
        self.methods = methods
    }

    /// Only the versions are needed; what is missing is taken as empty, or as version 1's default.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        versions = try container.decode([Int].self, forKey: .versions)
        service = try container.decodeIfPresent(String.self, forKey: .service) ?? ""
        instance = try container.decodeIfPresent(String.self, forKey: .instance) ?? ""
        version = try container.decodeIfPresent(String.self, forKey: .version) ?? ""
        limits = try container.decodeIfPresent(Limits.self, forKey: .limits) ?? .standard
        methods = try container.decodeIfPresent([String].self, forKey: .methods)
    }

    /// Whether both sides speak a common version and the limits can be worked with.
    package var isAcceptable: Bool {
        versions.contains(ProtocolLimits.version) && limits.frame >= 4_096 && limits.calls >= 1
            && (1...ProtocolLimits.maximumWindowBytes).contains(limits.window)
    }

    private enum CodingKeys: String, CodingKey {
        case versions = "protocol"
        case service, instance, version, limits, methods
    }
}

extension HelloDocument.Limits {
    package static let standard = HelloDocument.Limits(
        frame: ProtocolLimits.frameBytes,
        calls: ProtocolLimits.callsPerConnection,
        window: ProtocolLimits.firstWindowBytes,
        pingMilliseconds: ProtocolLimits.pingMinimumSeconds * 1_000
    )
}
