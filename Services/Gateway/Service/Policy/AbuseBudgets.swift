package import HTTP2
package import NIOCore

/// What one HTTP/2 connection may spend on frames that cost us more than they cost its client.
///
/// nghttp2 1.52 bounds resets that clients send, CONTINUATION frames and unread acknowledgements, but
/// neither the resets that the server itself is led to send (CVE-2025-8671) nor empty DATA, PRIORITY
/// and unknown frames. Each kind has a bucket; an empty one ends the connection with
/// ENHANCE_YOUR_CALM. The bursts are far above what browsers, curl, h2load and h2spec send.
package struct AbuseBudgets: Sendable {
    package enum Kind: Int, Sendable, CaseIterable {
        /// RST_STREAM from the client on a stream whose answer is not done (CVE-2023-44487).
        case resetOfLiveStream
        /// RST_STREAM from the client on any other stream.
        case resetOfOldStream
        /// RST_STREAM that the client's own fault made us send ("MadeYouReset").
        case resetSent
        case emptyData
        /// DATA of a few bytes, or perhaps of none behind padding: much work for little body.
        case tinyData
        case ping
        case settings
        case priority
        /// WINDOW_UPDATE beyond what the DATA that we send explains.
        case windowUpdate
        case unknownFrame
    }

    private static let tinyBytes = 64
    /// The most that padding takes of a frame: its length and the padding itself (RFC 9113 §6.1).
    private static let maximumPaddingBytes = 256
    private static let windowUpdatesPerDataFrame: Int64 = 2

    private var buckets: [TokenBucket]

    package init(now: NIODeadline) {
        buckets = Kind.allCases.map { kind in
            let (burst, perSecond) = Self.allowance(kind)
            return TokenBucket(burst: burst, perSecond: perSecond, now: now)
        }
    }

    /// Events at once, and per second for ever.
    package static func allowance(_ kind: Kind) -> (burst: Int64, perSecond: Int64) {
        switch kind {
        case .resetOfLiveStream: (200, 20)
        case .resetOfOldStream: (5_000, 500)
        case .resetSent: (100, 10)
        case .emptyData: (100, 10)
        case .tinyData: (20_000, 2_000)
        case .ping: (500, 50)
        case .settings: (100, 5)
        case .priority: (2_000, 200)
        case .windowUpdate: (2_000, 500)
        case .unknownFrame: (100, 10)
        }
    }

    package mutating func spend(_ kind: Kind, now: NIODeadline) -> Bool {
        buckets[kind.rawValue].spend(now: now)
    }

    /// Charges an incoming frame; the kind whose allowance is used up, or nil.
    package mutating func frameReceived(
        _ header: HTTP2FrameHeader,
        streamIsLive: Bool,
        now: NIODeadline
    ) -> Kind? {
        guard let kind = Self.kind(of: header, streamIsLive: streamIsLive) else { return nil }
        return spend(kind, now: now) ? nil : kind
    }

    /// Accounts for an outgoing frame; the kind whose allowance is used up, or nil.
    package mutating func frameSent(
        _ header: HTTP2FrameHeader,
        code: UInt32,
        now: NIODeadline
    ) -> Kind? {
        switch header.kind {
        case .data:
            buckets[Kind.windowUpdate.rawValue].earn(Self.windowUpdatesPerDataFrame)
            return nil
        case .resetStream where code != HTTP2Code.noError:
            return spend(.resetSent, now: now) ? nil : .resetSent
        default:
            return nil
        }
    }

    private static func kind(of header: HTTP2FrameHeader, streamIsLive: Bool) -> Kind? {
        switch header.kind {
        case .data where header.endsStream: nil
        case .data where header.length == 0: .emptyData
        case .data where leastBodyBytes(header) < tinyBytes: .tinyData
        case .resetStream: streamIsLive ? .resetOfLiveStream : .resetOfOldStream
        case .ping: header.isAcknowledgement ? nil : .ping
        case .settings: header.isAcknowledgement ? nil : .settings
        case .priority: .priority
        case .windowUpdate: .windowUpdate
        case nil: .unknownFrame
        default: nil
        }
    }

    /// What a DATA frame carries of the body at least: how long its padding is, its head does not say.
    private static func leastBodyBytes(_ header: HTTP2FrameHeader) -> Int {
        header.isPadded ? header.length - maximumPaddingBytes : header.length
    }
}
