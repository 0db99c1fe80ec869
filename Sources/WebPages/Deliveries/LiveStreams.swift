import HTTPTypes
import Hummingbird
import NIOCore
import Notifications
import Repository
import ServiceLifecycle
import Synchronization
import WebServing

/// Server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html).
enum LiveStream {
    static let mediaType = "text/event-stream"

    /// Formats one event; each line of its text becomes a data line.
    static func event(_ name: String, _ text: String) -> ByteBuffer {
        var buffer = ByteBuffer(string: "event: \(name)\n")
        for line in text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            buffer.writeString("data: ")
            buffer.writeBytes(line)
            buffer.writeString("\n")
        }
        buffer.writeString("\n")
        return buffer
    }
}

/// All open streams.
final class LiveStreams: Sendable {
    /// How often a stream looks for news, which costs no query; after how many looks it checks that its reader still
    /// has access; and how many it may stay silent.
    private static let interval = Duration.milliseconds(250)
    private static let checked = 4
    private static let silence = 20

    private let seats = Mutex(LiveSeats())
    private let board = Mutex(LiveBoard())

    typealias Rows = @Sendable () async throws -> DeliveryRows

    /// Streams the result of `rows` whenever it changes. The stream ends with the session, at shutdown, or when the
    /// client leaves.
    func open(
        _ list: LiveList, for page: PageContext, _ dependencies: PageDependencies, _ rows: @escaping Rows
    ) throws(Problem) -> Response {
        guard seats.withLock({ $0.take(for: list.organization) }) else { throw .tooManyStreams }
        let seat = LiveSeat { [self] in seats.withLock { $0.free(of: list.organization) } }
        let body = ResponseBody { [self] writer in
            defer { withExtendedLifetime(seat) {} }
            board.withLock { $0.join(list) }
            defer { board.withLock { $0.leave(list) } }
            try await write(list, to: &writer, page, dependencies, rows)
            try await writer.finish(nil)
        }
        return Response(
            status: .ok, headers: [.contentType: LiveStream.mediaType, .cacheControl: "no-store"], body: body)
    }

    private func write(
        _ list: LiveList, to writer: inout any ResponseBodyWriter, _ page: PageContext,
        _ dependencies: PageDependencies, _ rows: Rows
    ) async throws {
        var (shown, glance, silent) = (0, 0, 0)
        while !Task.isShuttingDownGracefully {
            if glance.isMultiple(of: Self.checked) {
                guard try await mayLook(page, dependencies) else { break }
            }
            try await look(list, rows)
            silent += 1
            if let picture = board.withLock({ $0.picture(of: list) }), picture.number != shown {
                try await writer.write(picture.event)
                (shown, silent) = (picture.number, 0)
            } else if silent >= Self.silence {
                try await writer.write(ByteBuffer(string: ": still here\n\n"))
                silent = 0
            }
            glance += 1
            try? await cancelWhenGracefulShutdown { try await Task.sleep(for: Self.interval) }
            try Task.checkCancellation()
        }
        try await writer.write(LiveStream.event("end", ""))
    }

    /// Queries the database for everyone who watches this list, when it is the caller's turn. A list that cannot be
    /// read now stays as shown; whether its reader still has access is checked elsewhere, where the stream can end.
    private func look(_ list: LiveList, _ rows: Rows) async throws {
        let start = ContinuousClock.now
        guard board.withLock({ $0.takeTurn(list, at: start) }) else { return }
        var event: ByteBuffer?
        defer { board.withLock { $0.endTurn(list, with: event, since: start, at: .now) } }
        do {
            event = LiveStream.event("rows", PageTemplates.render(try await rows()))
        } catch is RepositoryError {}
    }

    /// Watching does not keep a session alive. Results are shared, so each watcher's own access is checked.
    private func mayLook(_ page: PageContext, _ dependencies: PageDependencies) async throws(RepositoryError) -> Bool {
        let session = try await dependencies.authentication.authenticator.session(
            presenting: page.visitor.token, operatorKey: dependencies.operatorKeyHash, isUse: false)
        guard session != nil else { return false }
        try await dependencies.repository.requireReading(of: page.organization, as: page.principal)
        return true
    }
}

/// Released with its last reference, even if the response was never written.
private final class LiveSeat: Sendable {
    private let free: @Sendable () -> Void

    init(_ free: @escaping @Sendable () -> Void) {
        self.free = free
    }

    deinit { free() }
}

extension Problem {
    static let tooManyStreams = Problem(
        status: .serviceUnavailable, word: "too_many_streams",
        detail: "Too many live lists are open. Reload the page to see updates.", headers: [.retryAfter: "30"])
}
