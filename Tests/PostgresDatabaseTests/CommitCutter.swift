import Foundation
import Glibc
import Synchronization
import TestSupport

/// Stands between a client and the server, on a Unix socket, and passes everything on; but when it is told to, it cuts the
/// connection at the next COMMIT.
final class CommitCutter: Sendable {
    enum Cut: CaseIterable {
        /// The server never hears of the commit.
        case beforeIt
        /// The server commits, and its answer is lost.
        case afterIt
        /// The server hears of the commit when the client has long asked what became of it.
        case duringIt
    }

    private struct State {
        var next: Cut?
        var done = 0
    }

    /// The host of the address.
    let folder: String
    private let kept: TemporaryFolder
    private let server: String
    private let listener: CInt
    private let state = Mutex(State())

    /// - Parameter server: the path of the server's socket.
    init(server: String) throws {
        self.server = server
        kept = try TemporaryFolder()
        folder = kept.path
        listener = UnixSocket.open()
        guard UnixSocket.bind(listener, to: "\(folder)/.s.PGSQL.5432") else { throw POSIXError(.EADDRNOTAVAIL) }
        Thread.detachNewThread { [listener] in
            while case let client = accept(listener, nil, nil), client >= 0 {
                Thread.detachNewThread { [weak self] in self?.serve(client) }
            }
        }
    }

    deinit { shutdown(listener, CInt(SHUT_RDWR)) }

    /// How many connections were cut.
    var done: Int { state.withLock { $0.done } }

    func cutNext(_ cut: Cut) { state.withLock { $0.next = cut } }

    private func takeCut() -> Cut? {
        state.withLock { state in
            defer { state.next = nil }
            if state.next != nil { state.done += 1 }
            return state.next
        }
    }

    private func serve(_ client: CInt) {
        let server = UnixSocket.open()
        guard UnixSocket.connect(server, to: self.server) else { return UnixSocket.close(client) }
        // Once it is set, the next answer ends the connection instead of reaching the client.
        let isDeaf = Flag()
        Thread.detachNewThread {
            while let bytes = UnixSocket.read(server), !isDeaf.isSet, UnixSocket.write(bytes, to: client) {}
            UnixSocket.end(client)
            UnixSocket.end(server)
        }
        var messages = ClientMessages()
        while let bytes = UnixSocket.read(client) {
            if messages.haveCommit(in: bytes), let cut = takeCut() {
                if cut != .beforeIt { isDeaf.set() }
                if cut != .afterIt { UnixSocket.end(client) }
                if cut == .duringIt { usleep(200_000) }
                if cut != .beforeIt, UnixSocket.write(bytes, to: server) { continue }
                break
            }
            guard UnixSocket.write(bytes, to: server) else { break }
        }
        // A cut connection ends with the server's answer.
        if !isDeaf.isSet { UnixSocket.end(server) }
    }
}

/// Finds the execution of a prepared COMMIT in what a client sends
/// (https://www.postgresql.org/docs/15/protocol-message-formats.html).
private struct ClientMessages {
    private var rest: [UInt8] = []
    private var hasStarted = false
    /// The names under which COMMIT was prepared.
    private var names: Set<[UInt8]> = []

    mutating func haveCommit(in bytes: [UInt8]) -> Bool {
        rest += bytes
        var isFound = false
        while let (type, body) = next() {
            let texts = body.split(separator: 0, omittingEmptySubsequences: false).prefix(2).map(Array.init)
            guard texts.count == 2 else { continue }
            if type == UInt8(ascii: "P"), texts[1] == Array("COMMIT".utf8) { names.insert(texts[0]) }
            if type == UInt8(ascii: "B"), names.contains(texts[1]) { isFound = true }
        }
        return isFound
    }

    /// The first message has no type.
    private mutating func next() -> (type: UInt8, body: [UInt8])? {
        let start = hasStarted ? 1 : 0
        guard rest.count >= start + 4 else { return nil }
        let end = start + rest[start..<start + 4].reduce(0) { $0 << 8 | Int($1) }
        guard rest.count >= end else { return nil }
        defer {
            rest.removeFirst(end)
            hasStarted = true
        }
        return (hasStarted ? rest[0] : 0, Array(rest[(start + 4)..<end]))
    }
}

private final class Flag: Sendable {
    private let value = Mutex(false)

    var isSet: Bool { value.withLock { $0 } }
    func set() { value.withLock { $0 = true } }
}

private enum UnixSocket {
    static func open() -> CInt { socket(AF_UNIX, CInt(SOCK_STREAM.rawValue), 0) }

    static func bind(_ socket: CInt, to path: String) -> Bool {
        with(path) { Glibc.bind(socket, $0, $1) } == 0 && listen(socket, 16) == 0
    }

    static func connect(_ socket: CInt, to path: String) -> Bool { with(path) { Glibc.connect(socket, $0, $1) } == 0 }

    /// Nil at the end.
    static func read(_ socket: CInt) -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let count = recv(socket, &buffer, buffer.count, 0)
        return count > 0 ? Array(buffer[..<count]) : nil
    }

    static func write(_ bytes: [UInt8], to socket: CInt) -> Bool {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes { rest in
                send(socket, rest.baseAddress, rest.count, CInt(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            sent += count
        }
        return true
    }

    /// Wakes whoever reads from it. The number stays in use, so that no thread meets another connection under it.
    static func end(_ socket: CInt) { shutdown(socket, CInt(SHUT_RDWR)) }

    static func close(_ socket: CInt) { _ = Glibc.close(socket) }

    private static func with(
        _ path: String, _ use: (UnsafePointer<sockaddr>, socklen_t) -> CInt
    ) -> CInt {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                use(pointer, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
    }
}
