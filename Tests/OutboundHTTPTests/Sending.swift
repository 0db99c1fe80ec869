import Foundation
import NIOSSL
import Notifications
import OutboundHTTP
import Testing

extension EgressPolicy {
    /// The policy for tests on this machine.
    static var loopback: EgressPolicy {
        get throws {
            try EgressPolicy(allowedRanges: [#require(AddressRange("127.0.0.0/8"))], isHTTPAllowed: true)
        }
    }
}

extension OutboundClient {
    func post(
        _ url: String, headers: [HTTPMessage.Header] = [], body: String = "{}",
        for payer: Int64? = nil, within deadline: Duration = .seconds(5)
    ) async -> Exchange {
        await send(
            HTTPMessage(url: url, headers: headers, body: Array(body.utf8)),
            for: payer.map { OrganizationID($0) }, deadline: deadline)
    }
}

extension Exchange {
    var answer: Answer? {
        guard case .answered(let answer) = result else { return nil }
        return answer
    }

    var failure: TransportFailure? {
        guard case .failed(let failure) = result else { return nil }
        return failure
    }

    /// Permanently, or until the settings change.
    var isRefused: Bool {
        switch failure {
        case .refused, .local(.settings, _): true
        default: false
        }
    }
}

/// Runs a test with a client, and shuts the client down.
func withClient<Value>(
    policy: EgressPolicy? = nil, limits: OutboundLimits = OutboundLimits(), trustRoots: String? = nil,
    resolve: (@Sendable (String) throws -> [IPAddress])? = nil, _ body: (OutboundClient) async throws -> Value
) async throws -> Value {
    let client = try OutboundClient(
        policy: policy ?? .loopback, limits: limits, additionalTrustRoots: trustRoots, resolve: resolve)
    do {
        let value = try await body(client)
        await client.shutdown()
        return value
    } catch {
        await client.shutdown()
        throw error
    }
}

/// Waits up to two seconds until a condition holds.
func eventually(_ condition: () -> Bool) async -> Bool {
    for _ in 0..<200 {
        if condition() { return true }
        try? await Task.sleep(for: .milliseconds(10))
    }
    return condition()
}

func addresses(_ texts: String...) -> [IPAddress] {
    texts.compactMap { IPAddress($0) }
}

/// The name that the resolver looks up to see whether the name server answers at all.
let deadName = "runbell.invalid"

enum TestCertificates {
    static func path(_ name: String) throws -> String {
        try #require(Bundle.module.url(forResource: "Data/tls/\(name)", withExtension: "pem")).path
    }

    static func server(_ name: String, newest: TLSVersion? = nil) throws -> NIOSSLContext {
        let chain = try NIOSSLCertificate.fromPEMFile(path(name)).map { NIOSSLCertificateSource.certificate($0) }
        let key = try NIOSSLPrivateKey(file: path("\(name)-key"), format: .pem)
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain, privateKey: .privateKey(key))
        configuration.minimumTLSVersion = .tlsv1
        configuration.maximumTLSVersion = newest
        return try NIOSSLContext(configuration: configuration)
    }
}
