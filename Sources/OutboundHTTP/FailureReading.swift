import Foundation
import NIOCore
import NIOHTTP1
import NIOSSL
import Notifications

/// Interprets errors of SwiftNIO and BoringSSL. The sentences never quote an error, which may contain parts of an
/// address or an answer.
enum FailureReading {
    static func isUncleanEnd(_ error: any Error) -> Bool {
        error as? NIOSSLError == .uncleanShutdown
    }

    /// During an exchange.
    static func failure(of error: any Error) -> TransportFailure {
        switch error {
        case HTTPParserError.invalidEOFState: .disconnected
        case HTTPParserError.headerOverflow:
            .malformed("The response headers are too large.")
        case is HTTPParserError, is NIOHTTPDecoderError: .malformed("The receiver did not send an HTTP/1.1 response.")
        case is TooManyBytes: .malformed("The response is larger than its body accounts for.")
        case is NIOSSLError, is BoringSSLError, is NIOSSLExtraError: tls(error)
        default: .disconnected
        }
    }

    /// While connecting.
    static func connecting(_ error: any Error) -> TransportFailure {
        switch error {
        case is DeadlineReached, ChannelError.connectTimeout: .timedOut(.connecting)
        case is CancellationError: .disconnected
        case let error as IOError: connecting(error)
        default: .connecting("The connection failed.")
        }
    }

    /// During the handshake.
    static func securing(_ error: any Error) -> TransportFailure {
        switch error {
        case is DeadlineReached: .timedOut(.tls)
        case is CancellationError: .disconnected
        case is IOError, is ChannelError: .tls("The receiver closed the connection during the TLS handshake.")
        default: tls(error)
        }
    }

    private static func connecting(_ error: IOError) -> TransportFailure {
        switch error.errnoCode {
        case EMFILE, ENFILE, ENOBUFS, ENOMEM:
            .local(.sockets, "This machine cannot open another connection.")
        case EADDRNOTAVAIL: .local(.sockets, "This machine has no free port for another connection.")
        case ENETDOWN, EAFNOSUPPORT, EACCES, EPERM: .local(.network, noWay)
        case ENETUNREACH, EHOSTUNREACH:
            isOfThisMachine(error) ? .local(.network, noWay) : .connecting(sentence(of: error))
        default: .connecting(sentence(of: error))
        }
    }

    private static let noWay = "This machine has no route to the receiver's network."

    /// Without a route, the system reports that at once. Later reports come from a router or from the receiver's
    /// network.
    private static func isOfThisMachine(_ error: IOError) -> Bool {
        !error.description.utf8.starts(with: "finishing a non-blocking connect".utf8)
    }

    private static func sentence(of error: IOError) -> String {
        switch error.errnoCode {
        case ECONNREFUSED: "The receiver refused the connection."
        case ECONNRESET: "The receiver reset the connection."
        case EHOSTUNREACH, ENETUNREACH: "The receiver is unreachable."
        case ETIMEDOUT: "The receiver did not accept the connection."
        default: "The connection failed (errno \(error.errnoCode))."
        }
    }
}
