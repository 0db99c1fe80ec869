import Hummingbird
import NIOCore
import Notifications

/// What the service knows about a request besides the request itself.
package struct APIContext: RequestContext {
    package var coreContext: CoreRequestContextStorage
    /// The caller; nil until the key has been checked, and on open routes.
    package var authenticated: Principal?
    /// The user who is signed in to the pages; nil on all other routes.
    package var visitor: Visitor?
    private let channel: any NIOCore.Channel

    package init(source: Source) {
        coreContext = .init(source: source)
        channel = source.channel
    }

    /// Appears in `X-Request-Id`, in every problem and in every log line. Hummingbird generates it; an id sent by the
    /// client is ignored, so that log lines cannot be forged with it.
    var requestID: String { id }

    /// Computed on demand: it matters only where there is no caller.
    var remoteAddress: RemoteAddress { RemoteAddress(channel.remoteAddress) }

    /// The whole address, for the audit log; empty if the connection has none.
    package var sourceAddress: String { channel.remoteAddress?.ipAddress ?? "" }

    /// The caller; throws `unauthenticated` if there is none.
    package var principal: Principal {
        get throws(Problem) {
            guard let authenticated else { throw .unauthenticated }
            return authenticated
        }
    }
}

extension APIContext {
    /// Runs work for the client; cancelled if the client leaves.
    func whileClientWaits(
        _ work: @escaping @Sendable () async throws -> Response
    ) async throws -> Response {
        guard let presence = try? await channel.pipeline.handler(type: ClientPresence.self).get() else {
            return try await work()
        }
        return try await presence.whileHere(work)
    }
}

extension APIContext {
    /// The organization in the path; throws `notFound` if it is no valid id.
    package var organization: OrganizationID {
        get throws(Problem) { try numericID("organization") }
    }

    /// A whole number in its canonical form: no plus sign, no leading zeros. Nothing else is an id, so it is not found.
    package func numericID<Subject>(_ name: String) throws(Problem) -> NumericID<Subject> {
        NumericID(try canonicalNumber(name))
    }

    /// A whole number in the path, in its canonical form; throws `notFound` for anything else.
    package func canonicalNumber(_ name: String) throws(Problem) -> Int64 {
        guard let text = parameters.get(name), let number = Int64(text), text.sameBytes(as: String(number)) else {
            throw .notFound
        }
        return number
    }

    /// A UUID in its canonical form; nothing else is an id, so it is not found.
    package func uniqueID<Subject>(_ name: String) throws(Problem) -> UniqueID<Subject> {
        guard let id = parameters.get(name).flatMap({ UniqueID<Subject>($0) }) else { throw .notFound }
        return id
    }
}
