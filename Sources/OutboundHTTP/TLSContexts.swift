import NIOCore
import NIOSSL
import Notifications
import Synchronization

/// The TLS contexts of connections: the installation's own, and those of channels that prove or trust something else. To
/// make one, a key and certificates are parsed, so those used last are kept.
final class TLSContexts: Sendable {
    private struct State {
        var kept: [TLSSettings: (context: NIOSSLContext, used: Int)] = [:]
        var uses = 0
    }

    private static let limit = 100

    private let standard: NIOSSLContext
    private let configuration: TLSConfiguration
    private let state = Mutex(State())

    /// - Throws: If the certificate authorities cannot be read.
    init(additionalTrustRoots: String?) throws {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv12
        configuration.applicationProtocols = ["http/1.1"]
        // How long a peer may take to agree to closing TLS.
        configuration.shutdownTimeout = .milliseconds(250)
        configuration.trustRoots = SystemAuthorities.roots()
        if let additionalTrustRoots {
            configuration.additionalTrustRoots = [
                .certificates(try NIOSSLCertificate.fromPEMFile(additionalTrustRoots))
            ]
        }
        standard = try NIOSSLContext(configuration: configuration)
        self.configuration = configuration
    }

    /// How many contexts of channels are kept.
    var count: Int { state.withLock { $0.kept.count } }

    func context(for settings: TLSSettings?) throws(TransportFailure) -> NIOSSLContext {
        guard let settings else { return standard }
        if let kept = keep(nil, for: settings) { return kept }
        // Outside the lock: others need not wait, and two that are made at the same time do no harm.
        guard let made = try? NIOSSLContext(configuration: configuration.with(settings)) else {
            throw .clientCertificate("The channel's certificates or their key cannot be used.")
        }
        return keep(made, for: settings) ?? made
    }

    /// Notes a use. Returns the context that is kept, if there is one.
    private func keep(_ made: NIOSSLContext?, for settings: TLSSettings) -> NIOSSLContext? {
        state.withLock { state in
            guard let context = state.kept[settings]?.context ?? made else { return nil }
            state.uses += 1
            state.kept[settings] = (context, state.uses)
            if state.kept.count > Self.limit, let oldest = state.kept.min(by: { $0.value.used < $1.value.used })?.key {
                state.kept[oldest] = nil
            }
            return context
        }
    }
}

extension TLSConfiguration {
    /// The same, except for what a channel sets. Its authorities are the only ones.
    fileprivate func with(_ settings: TLSSettings) throws -> TLSConfiguration {
        var configuration = self
        if let authorities = settings.authorities {
            configuration.trustRoots = .certificates(try NIOSSLCertificate.fromPEMBytes(Array(authorities.utf8)))
            configuration.additionalTrustRoots = []
        }
        if let certificates = settings.certificates, let key = settings.privateKey {
            configuration.certificateChain = try NIOSSLCertificate.fromPEMBytes(Array(certificates.utf8))
                .map { .certificate($0) }
            configuration.privateKey = .privateKey(try NIOSSLPrivateKey(pem: key.reveal()))
        }
        return configuration
    }
}
