import HTTPTypes
import Hummingbird
import Notifications
import Repository
import ServiceLifecycle
import Synchronization

/// Server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html).
enum LiveStream {
    static let mediaType = "text/event-stream"

    /// One event; each line of its text is a line of data.
    static func event(_ name: String, _ text: String) -> String {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { "data: \($0)\n" }
        return "event: \(name)\n" + lines.joined() + "\n"
    }
}

/// All open streams. There are only so many, so that open pages cannot use up the service.
final class LiveStreams: Sendable {
    private static let mostOpen = 128
    /// How often a stream looks at the database, and how long it may be silent.
    private static let interval = Duration.seconds(1)
    private static let silence = 5

    private let open = Mutex(0)

    /// A stream of what `rows` gives, whenever that changes. It ends with the session, at shutdown, and when the reader
    /// goes.
    func open(
        for visit: Visit, _ house: PageHouse, _ rows: @escaping @Sendable () async throws -> DeliveryRows
    ) throws(Problem) -> Response {
        guard open.withLock({ $0 < Self.mostOpen }) else { throw .tooManyStreams }
        let body = ResponseBody { [self] writer in
            open.withLock { $0 += 1 }
            defer { open.withLock { $0 -= 1 } }
            try await write(to: &writer, visit.visitor, house, rows)
            try await writer.finish(nil)
        }
        return Response(
            status: .ok, headers: [.contentType: LiveStream.mediaType, .cacheControl: "no-store"], body: body)
    }

    private func write(
        to writer: inout any ResponseBodyWriter, _ visitor: Visitor, _ house: PageHouse,
        _ rows: @Sendable () async throws -> DeliveryRows
    ) async throws {
        var last = ""
        var silent = 0
        while !Task.isShuttingDownGracefully, try await isSignedIn(visitor, house) {
            let start = ContinuousClock.now
            let text = PageTemplates.render(try await rows())
            silent += 1
            if text != last {
                try await writer.write(ByteBuffer(string: LiveStream.event("rows", text)))
                (last, silent) = (text, 0)
            } else if silent >= Self.silence {
                try await writer.write(ByteBuffer(string: ": still here\n\n"))
                silent = 0
            }
            // A question that takes long is asked less often.
            let pause = max(Self.interval, (ContinuousClock.now - start) * 20)
            try? await cancelWhenGracefulShutdown { try await Task.sleep(for: pause) }
            try Task.checkCancellation()
        }
        try await writer.write(ByteBuffer(string: LiveStream.event("end", "")))
    }

    /// Looking on does not keep a session alive.
    private func isSignedIn(_ visitor: Visitor, _ house: PageHouse) async throws(RepositoryError) -> Bool {
        try await house.repository.session(
            presenting: visitor.token, operatorKey: house.operatorKeyHash, isUse: false) != nil
    }
}

extension Problem {
    static let tooManyStreams = Problem(
        status: .serviceUnavailable, word: "too_many_streams",
        detail: "Too many live lists are open. Reload the page to see what is new.", headers: [.retryAfter: "30"])
}
