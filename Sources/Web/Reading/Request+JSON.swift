import Hummingbird
import NIOCore
import Notifications

/// How many bytes of a body are taken.
enum BodyLimit {
    static let single = 256 * 1024
    static let batch = 4 * 1024 * 1024
    /// Where nobody has said yet who they are.
    static let stranger = 16 * 1024

    static func of(path: String) -> Int {
        if path.sameBytes(as: EventRoutes.batchPath) { return batch }
        return isForStrangers(path) ? stranger : single
    }

    /// Whether a path takes bodies of callers without a key or a session.
    static func isForStrangers(_ path: String) -> Bool {
        path.startsWithBytes(of: "/log") || path.sameBytes(as: PageHeaders.reportPath)
    }
}

extension Request {
    /// The body as JSON, read strictly.
    func json() async throws -> JSONValue {
        try JSONValue.parse(try await bytes().readableBytesView)
    }

    /// The body as JSON; an empty object when there is no body.
    func jsonOrNothing() async throws -> JSONValue {
        let buffer = try await bytes()
        return buffer.readableBytes > 0 ? try JSONValue.parse(buffer.readableBytesView) : [:]
    }

    /// For routes that need nothing said: no body, or an empty object.
    func expectNothing() async throws {
        var fields = FieldReader(try await jsonOrNothing())
        try fields.finish()
    }

    func bytes() async throws -> ByteBuffer {
        let limit = BodyLimit.of(path: uri.path)
        do {
            return try await body.collect(upTo: limit)
        } catch is NIOTooManyBytesError {
            throw Problem.bodyTooLarge(limit: limit)
        }
    }
}
