import Foundation

/// A socket to the service that sends exactly the given bytes, and reads until the service closes it or time runs out.
struct RawConnection: Sendable {
    let port: Int

    struct Result: Sendable {
        let text: String
        let isClosed: Bool
        let duration: Duration

        /// The status of the first answer, or 0 if there is none.
        var status: Int { statuses.first ?? 0 }

        var statuses: [Int] {
            text.components(separatedBy: "HTTP/1.1 ").dropFirst().compactMap { Int($0.prefix(3)) }
        }
    }

    /// Sends the pieces with a pause before each but the first, and reads until the given number of answers has come
    /// (all end with a brace), the service closes, or time runs out. Reading blocks, so it has a thread of its own:
    /// Swift's and Dispatch's are few and shared.
    func exchange(
        _ pieces: [[UInt8]], pause: Duration = .zero, answers: Int = .max, waiting: Duration = .seconds(20),
        isAll: Bool = false
    ) async -> Result {
        await withCheckedContinuation { continuation in
            Thread {
                continuation.resume(returning: blockingExchange(pieces, pause, answers, waiting, isAll))
            }.start()
        }
    }

    func exchange(
        _ text: String, answers: Int = .max, waiting: Duration = .seconds(20),
        thenSayingThatThisWasAll isAll: Bool = false
    ) async -> Result {
        await exchange([Array(text.utf8)], answers: answers, waiting: waiting, isAll: isAll)
    }

    private func blockingExchange(
        _ pieces: [[UInt8]], _ pause: Duration, _ answers: Int, _ waiting: Duration, _ isAll: Bool
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
        if isAll { shutdown(descriptor, Int32(SHUT_WR)) }
        if !isClosed { isClosed = read(descriptor, answers, until: .now + waiting, into: &received) }
        return Result(text: String(decoding: received, as: UTF8.self), isClosed: isClosed, duration: .now - start)
    }

    /// A connected socket; -1 if nobody listens. The service under test is on `localhost`, which is 127.0.0.1 on some
    /// machines and ::1 on others.
    private func connected() -> Int32 {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo("localhost", String(port), &hints, &found) == 0, let first = found else { return -1 }
        defer { freeaddrinfo(first) }
        for address in sequence(first: first, next: { $0.pointee.ai_next }).map(\.pointee) {
            let descriptor = socket(address.ai_family, address.ai_socktype, 0)
            if connect(descriptor, address.ai_addr, address.ai_addrlen) == 0 { return descriptor }
            close(descriptor)
        }
        return -1
    }

    private func count(of received: [UInt8]) -> Int {
        String(decoding: received, as: UTF8.self).components(separatedBy: "HTTP/1.1 ").count - 1
    }

    /// Whether the service closed the connection.
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
