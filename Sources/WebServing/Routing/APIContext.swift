import Hummingbird
import NIOCore
import Notifications

/// What the service knows of a request besides the request itself.
package struct APIContext: RequestContext {
    package var coreContext: CoreRequestContextStorage
    /// Who asks; nil until the key has been checked, and on open routes.
    package var authenticated: Principal?
    /// Who is signed in to the pages; nil on all other routes.
    package var visitor: Visitor?
    private let channel: any NIOCore.Channel

    package init(source: Source) {
        coreContext = .init(source: source)
        channel = source.channel
    }

    /// In `X-Request-Id`, in every problem and in every line of the log. Hummingbird makes it; what a client sends
    /// under that name is never taken, so that nobody can forge log lines with it.
    var requestID: String { id }

    /// Worked out only when it is asked for, which is when a key was refused.
    var remoteAddress: RemoteAddress { RemoteAddress(channel.remoteAddress) }

    /// The whole address, for the audit log; empty when the connection has none.
    package var sourceAddress: String { channel.remoteAddress?.ipAddress ?? "" }

    /// Who asks; throws `unauthenticated` where nobody has said so.
    package var principal: Principal {
        get throws(Problem) {
            guard let authenticated else { throw .unauthenticated }
            return authenticated
        }
    }
}

extension APIContext {
    /// Does what the client waits for; cancelled when the client leaves meanwhile.
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
    /// The organization in the path; throws `notFound` when that is no id.
    package var organization: OrganizationID {
        get throws(Problem) { try numericID("organization") }
    }

    /// A whole number in its one spelling: no plus sign, no leading zeros. Anything else is no id, and so not found.
    package func numericID<Subject>(_ name: String) throws(Problem) -> NumericID<Subject> {
        NumericID(try canonicalNumber(name))
    }

    /// A whole number of the path in its one spelling; throws `notFound` for anything else.
    package func canonicalNumber(_ name: String) throws(Problem) -> Int64 {
        guard let text = parameters.get(name), let number = Int64(text), text.sameBytes(as: String(number)) else {
            throw .notFound
        }
        return number
    }

    /// A UUID in its one spelling; anything else is no id, and so not found.
    package func uniqueID<Subject>(_ name: String) throws(Problem) -> UniqueID<Subject> {
        guard let id = parameters.get(name).flatMap({ UniqueID<Subject>($0) }) else { throw .notFound }
        return id
    }
}
