import Foundation

/// A socket to the service that sends bytes as a test wants them, and reads what comes until the service closes or a
/// time is over.
struct RawConnection: Sendable {
    let port: Int

    struct Result: Sendable {
        let text: String
        let isClosed: Bool
        let duration: Duration

        /// The status of the first answer, 0 without one.
        var status: Int { statuses.first ?? 0 }

        var statuses: [Int] {
            text.components(separatedBy: "HTTP/1.1 ").dropFirst().compactMap { Int($0.prefix(3)) }
        }
    }

    /// Sends the pieces with a pause before each but the first, and reads until so many answers have come (all end with
    /// a brace), the service closes, or the time is over. The reading is blocking, so it has a thread of its
    /// own: Swift's and Dispatch's are few, and shared.
    func exchange(
        _ pieces: [[UInt8]], pause: Duration = .zero, answers: Int = .max, waiting: Duration = .seconds(5)
    ) async -> Result {
        await withCheckedContinuation { continuation in
            Thread {
                continuation.resume(returning: blockingExchange(pieces, pause, answers, waiting))
            }.start()
        }
    }

    func exchange(_ text: String, answers: Int = .max, waiting: Duration = .seconds(5)) async -> Result {
        await exchange([Array(text.utf8)], answers: answers, waiting: waiting)
    }

    private func blockingExchange(
        _ pieces: [[UInt8]], _ pause: Duration, _ answers: Int, _ waiting: Duration
    ) -> Result {
        let start = ContinuousClock.now
        let descriptor = connected()
        defer { close(descriptor) }
        var received: [UInt8] = []
        var isClosed = false
        for (index, piece) in pieces.enumerated() where !isClosed {
            if index > 0 { isClosed = read(descriptor, .max, until: .now + pause, into: &received) }
            _ = piece.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
        }
        if !isClosed { isClosed = read(descriptor, answers, until: .now + waiting, into: &received) }
        return Result(text: String(decoding: received, as: UTF8.self), isClosed: isClosed, duration: .now - start)
    }

    private func connected() -> Int32 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(port).bigEndian)
        address.sin_addr.s_addr = in_addr_t(UInt32(0x7F00_0001).bigEndian)
        _ = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        return descriptor
    }

    private func count(of received: [UInt8]) -> Int {
        String(decoding: received, as: UTF8.self).components(separatedBy: "HTTP/1.1 ").count - 1
    }

    /// True when the service closed the connection.
    private func read(
        _ descriptor: Int32, _ answers: Int, until end: ContinuousClock.Instant, into received: inout [UInt8]
    ) -> Bool {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while ContinuousClock.now < end {
            var events = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            guard poll(&events, 1, 20) > 0 else { continue }
            let length = recv(descriptor, &buffer, buffer.count, 0)
            guard length > 0 else { return true }
            received += buffer.prefix(length)
            if received.last == UInt8(ascii: "}"), count(of: received) >= answers { return false }
        }
        return false
    }
}
