import Hummingbird
import NIOCore
import Notifications

/// How many bytes of a body are taken.
enum BodyLimit {
    static let single = 256 * 1024
    static let batch = 4 * 1024 * 1024

    static func of(path: String) -> Int {
        path == EventRoutes.batchPath ? batch : single
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
