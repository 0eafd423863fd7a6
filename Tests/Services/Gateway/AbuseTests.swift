import GatewayService
import HTTP2
import NIOConcurrencyHelpers
import NIOCore
import Testing

@Suite("Hostile HTTP/2 clients")
struct AbuseTests {
    private func goAway(_ driver: ConnectionDriver) -> UInt32? {
        driver.takeFrames().last { $0.type == 7 }?.code
    }

    private func joined(_ frames: [ByteBuffer]) -> ByteBuffer {
        var all = ByteBuffer()
        for frame in frames { all.writeImmutableBuffer(frame) }
        return all
    }

    @Test("H-02: rapid reset ends the connection early, and every handler is told to stop")
    func rapidReset() {
        let driver = ConnectionDriver()
        driver.open()
        for number in 0..<20_000 {
            let stream = UInt32(number * 2 + 1)
            driver.send(
                joined([RawFrames.headers(stream: stream), RawFrames.reset(stream: stream)])
            )
            if driver.isOver { break }
        }
        #expect(driver.isOver)
        #expect(goAway(driver) == HTTP2Code.enhanceYourCalm)
        #expect(driver.requests.count <= 1_000)
        #expect(driver.cancelled.withLockedValue { $0.count } >= driver.requests.count - 1)
    }

    @Test("H-02: in one read as well, a reset flood starts few handlers")
    func rapidResetInOneRead() {
        let driver = ConnectionDriver()
        driver.open()
        let flood = (0..<5_000).flatMap { number in
            let stream = UInt32(number * 2 + 1)
            return [RawFrames.headers(stream: stream), RawFrames.reset(stream: stream)]
        }
        driver.send(joined(flood))
        #expect(driver.isOver)
        #expect(driver.requests.count <= 1_000)
        #expect(driver.abuses == [.resetOfLiveStream])
    }

    @Test("A client that resets after each answer, as some honest ones do, goes on")
    func resetAfterAnswer() {
        let driver = ConnectionDriver()
        driver.answersWith = 200
        driver.open()
        for number in 0..<2_000 {
            let stream = UInt32(number * 2 + 1)
            driver.send(RawFrames.headers(stream: stream))
            driver.send(RawFrames.reset(stream: stream))
            driver.pass(seconds: number % 20 == 0 ? 1 : 0)
        }
        #expect(!driver.isOver)
        #expect(driver.requests.count == 2_000)
    }

    enum MadeReset: String, CaseIterable, CustomTestStringConvertible {
        case windowOverflow, zeroWindowUpdate, lengthMismatch, badHeader
        var testDescription: String { rawValue }

        func frames(_ stream: UInt32) -> [ByteBuffer] {
            switch self {
            case .windowOverflow:
                [
                    RawFrames.headers(stream: stream, endsStream: false),
                    RawFrames.windowUpdate(stream: stream, 0x7FFF_FFFF),
                ]
            case .zeroWindowUpdate:
                [
                    RawFrames.headers(stream: stream, endsStream: false),
                    RawFrames.windowUpdate(stream: stream, 0),
                ]
            case .lengthMismatch:
                [
                    RawFrames.headers(
                        stream: stream,
                        method: "POST",
                        endsStream: false,
                        extra: [("content-length", "5")]
                    ),
                    RawFrames.frame(0, flags: 1, stream: stream, [1]),
                ]
            case .badHeader:
                [RawFrames.headers(stream: stream, extra: [("Upper", "x")])]
            }
        }
    }

    @Test("H-03: resets that we are made to send run out", arguments: MadeReset.allCases)
    func madeReset(variant: MadeReset) {
        let driver = ConnectionDriver()
        driver.open()
        var sent = 0
        while !driver.isOver, sent < 20_000 {
            driver.send(joined(variant.frames(UInt32(sent * 2 + 1))))
            sent += 1
        }
        #expect(driver.isOver)
        #expect(sent <= 150)
    }

    @Test("H-03: in one read as well", arguments: MadeReset.allCases)
    func madeResetInOneRead(variant: MadeReset) {
        let driver = ConnectionDriver()
        driver.open()
        driver.send(joined((0..<5_000).flatMap { variant.frames(UInt32($0 * 2 + 1)) }))
        #expect(driver.isOver)
        #expect(driver.requests.count <= 1_000)
    }

    /// A DATA frame's payload that is all padding.
    private static let padding = [255] + [UInt8](repeating: 0, count: 255)

    @Test(
        "H-05: floods of cheap frames are ended by their own allowance",
        arguments: [
            (RawFrames.frame(4, stream: 0), AbuseBudgets.Kind.settings),
            (RawFrames.frame(6, stream: 0, [UInt8](repeating: 0, count: 8)), .ping),
            (RawFrames.frame(2, stream: 3, [0, 0, 0, 0, 1]), .priority),
            (RawFrames.frame(0xFA, stream: 0, [1]), .unknownFrame),
            (RawFrames.frame(0, stream: 1), .emptyData),
            (RawFrames.frame(0, stream: 1, [1]), .tinyData),
            (RawFrames.frame(0, flags: 8, stream: 1, padding), .tinyData),
            (RawFrames.windowUpdate(stream: 0, 1), .windowUpdate),
        ]
    )
    func floods(frame: ByteBuffer, kind: AbuseBudgets.Kind) {
        let driver = ConnectionDriver()
        driver.open()
        driver.send(RawFrames.headers(stream: 1, method: "POST", endsStream: false))
        var sent = 0
        while !driver.isOver, sent < 30_000 {
            driver.send(frame)
            sent += 1
        }
        #expect(driver.abuses == [kind])
        #expect(sent <= Int(AbuseBudgets.allowance(kind).burst) + 2)
        #expect(goAway(driver) == HTTP2Code.enhanceYourCalm)
    }

    @Test("H-05: a peer that does not read is cut off before what waits for it grows")
    func unreadAnswers() {
        var limits = EdgeLimits()
        limits.maximumQueuedFrames = 100
        let driver = ConnectionDriver(limits)
        driver.open()
        let pings = joined(
            (0..<400).map { _ in RawFrames.frame(6, stream: 0, [UInt8](repeating: 0, count: 8)) }
        )
        driver.send(pings)
        #expect(driver.isOver)
    }

    @Test("H-06: a header section beyond the limit is 431, far beyond it the end")
    func largeHeaders() {
        let driver = ConnectionDriver()
        driver.open()
        let value = String(repeating: "a", count: 8_000)
        let some = (0..<5).map { ("x-\($0)", value) }
        sendSplit(driver, stream: 1, some)
        #expect(driver.requests.map(\.request.headFault) == [.headersTooLarge])
        #expect(!driver.isOver)
        sendSplit(driver, stream: 3, (0..<40).map { ("x-\($0)", value) })
        #expect(driver.isOver)
    }

    private func sendSplit(
        _ driver: ConnectionDriver,
        stream: UInt32,
        _ fields: [(String, String)]
    ) {
        driver.send(RawFrames.headers(stream: stream, endsHeaders: false))
        for (index, field) in fields.enumerated() where !driver.isOver {
            let flags: UInt8 = index == fields.count - 1 ? 4 : 0
            let payload = RawFrames.literal(field.0, field.1)
            driver.send(RawFrames.frame(9, flags: flags, stream: stream, payload))
        }
    }

    @Test("H-06: a bomb of table references is the end")
    func compressionBomb() {
        let driver = ConnectionDriver()
        driver.open()
        let name = Array("x-bomb".utf8)
        let value = [UInt8](repeating: 0x61, count: 3_900)
        // A literal with indexing, then ten thousand references to it (RFC 7541 §6.1, §6.2.1).
        let entry: [UInt8] =
            [0x40, UInt8(name.count)] + name + [0x7F, 0xBD, 0x1D] + value
            + [UInt8](repeating: 0xBE, count: 10_000)
        driver.send(RawFrames.headers(stream: 1, endsHeaders: false))
        driver.send(RawFrames.frame(9, flags: 4, stream: 1, entry))
        #expect(driver.isOver)
        #expect(driver.requests.isEmpty)
    }

    @Test("H-04: a flood of CONTINUATION frames is the end", arguments: [0, 100])
    func continuations(bytes: Int) {
        let driver = ConnectionDriver()
        driver.open()
        driver.send(RawFrames.headers(stream: 1, endsHeaders: false))
        let payload = bytes == 0 ? [] : RawFrames.literal("x", String(repeating: "a", count: bytes))
        var sent = 0
        while !driver.isOver, sent < 20_000 {
            driver.send(RawFrames.frame(9, stream: 1, payload))
            sent += 1
        }
        #expect(driver.isOver)
        #expect(sent < 2_000)
    }

    @Test("H-08: streams above the announced number are refused and charged")
    func tooManyStreams() {
        var limits = EdgeLimits()
        limits.maximumConcurrentStreams = 4
        let driver = ConnectionDriver(limits)
        driver.send(RawFrames.preface)
        driver.send(RawFrames.settings)
        // Our SETTINGS are not acknowledged yet: the client may not know better.
        for number in 0..<6 { driver.send(RawFrames.headers(stream: UInt32(number * 2 + 1))) }
        #expect(driver.requests.count == 4)
        let resets = driver.takeFrames().filter { $0.type == 3 }
        #expect(resets.map(\.code) == [HTTP2Code.refusedStream, HTTP2Code.refusedStream])
    }

    @Test("Handlers of reset streams count until they have ended")
    func runningHandlers() {
        var limits = EdgeLimits()
        limits.maximumRunningHandlers = 5
        let driver = ConnectionDriver(limits)
        driver.open()
        for number in 0..<8 {
            let stream = UInt32(number * 2 + 1)
            driver.send(RawFrames.headers(stream: stream))
            driver.send(RawFrames.reset(stream: stream))
        }
        #expect(driver.requests.count == 5)
    }
}
