import Hummingbird
import NIOCore
import Notifications

/// The maximum size of a body, in bytes.
enum BodyLimit {
    static let single = 256 * 1024
    static let batch = 4 * 1024 * 1024
    /// For clients that have not authenticated.
    static let stranger = 16 * 1024

    static func of(path: String) -> Int {
        if path.sameBytes(as: SpecialPaths.eventBatch) { return batch }
        return SpecialPaths.isForStrangers(path) ? stranger : single
    }
}

extension Request {
    /// The body as strictly parsed JSON.
    package func json() async throws -> JSONValue {
        try JSONValue.parse(try await bytes().readableBytesView)
    }

    /// The body as JSON; an empty object if there is no body.
    package func jsonOrNothing() async throws -> JSONValue {
        let buffer = try await bytes()
        return buffer.readableBytes > 0 ? try JSONValue.parse(buffer.readableBytesView) : [:]
    }

    /// For routes without input: requires no body, or an empty object.
    package func expectNothing() async throws {
        var fields = FieldReader(try await jsonOrNothing())
        try fields.finish()
    }

    /// The body, up to the limit for this path; throws `bodyTooLarge` if it is longer.
    package func bytes() async throws -> ByteBuffer {
        let limit = BodyLimit.of(path: uri.path)
        do {
            return try await body.collect(upTo: limit)
        } catch is NIOTooManyBytesError {
            throw Problem.bodyTooLarge(limit: limit)
        }
    }
}
