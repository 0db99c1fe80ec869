import Foundation
import NIOSSL
import Notifications
import Testing

@testable import OutboundHTTP

extension OutboundTests {
    @Suite("Client certificates")
    struct ClientCertificateTests {
        private static func text(_ name: String) throws -> String {
            try String(contentsOfFile: TestCertificates.path(name), encoding: .utf8)
        }

        private static func settings(_ name: String?, trusting authority: String? = "authority") throws -> TLSSettings?
        {
            TLSSettings(
                certificates: try name.map(text), privateKey: try name.map { Secret(try text("\($0)-key")) },
                authorities: try authority.map(text))
        }

        /// A server that asks for a client certificate.
        private static func server(newest: TLSVersion, isRequired: Bool = true) throws -> NIOSSLContext {
            let chain = try NIOSSLCertificate.fromPEMFile(TestCertificates.path("receiver"))
                .map { NIOSSLCertificateSource.certificate($0) }
            let key = try NIOSSLPrivateKey(file: TestCertificates.path("receiver-key"), format: .pem)
            var configuration = TLSConfiguration.makeServerConfiguration(
                certificateChain: chain, privateKey: .privateKey(key))
            configuration.maximumTLSVersion = newest
            configuration.certificateVerification =
                isRequired ? .noHostnameVerification : .optionalVerification
            configuration.trustRoots = .file(try TestCertificates.path("clients"))
            return try NIOSSLContext(configuration: configuration)
        }

        private static func post(_ client: OutboundClient, _ port: Int, _ tls: TLSSettings?) async -> Exchange {
            var message = HTTPMessage(url: "https://receiver.example.com:\(port)/", headers: [], body: Array("{}".utf8))
            message.tls = tls
            return await client.send(message, for: nil, deadline: .seconds(5))
        }

        @Test(arguments: [TLSVersion.tlsv12, .tlsv13])
        func `it is sent to a receiver that requires one`(version: TLSVersion) async throws {
            let receiver = try await Receiver.start(tls: Self.server(newest: version))
            try await withClient(resolve: { _ in addresses("127.0.0.1") }) { client in
                let exchange = await Self.post(client, receiver.port, try Self.settings("client"))
                #expect(exchange.answer?.status == 200)
                let without = await Self.post(client, receiver.port, try Self.settings(nil))
                #expect(without.answer == nil)
                if version == .tlsv13 {
                    #expect(without.failure == .clientCertificate("The receiver requires a client certificate."))
                }
                #expect(receiver.requests.count == 1)
            }
            await receiver.stop()
        }

        @Test func `connections are shared by equal settings only`() async throws {
            let receiver = try await Receiver.start(tls: Self.server(newest: .tlsv13, isRequired: false))
            let roots = try TestCertificates.path("authority")
            try await withClient(trustRoots: roots, resolve: { _ in addresses("127.0.0.1") }) { client in
                let all = [
                    try Self.settings("client"), try Self.settings("second-client"), try Self.settings(nil),
                    try Self.settings("client", trusting: nil), nil,
                ]
                for round in 1...2 {
                    for settings in all {
                        #expect(await Self.post(client, receiver.port, settings).answer?.status == 200)
                    }
                    #expect(receiver.connections == all.count, "round \(round)")
                }
                #expect(client.idleConnections == all.count)
            }
            await receiver.stop()
        }

        @Test func `a channel's authorities are the only ones`() async throws {
            let receiver = try await Receiver.start(tls: TestCertificates.server("receiver"))
            let roots = try TestCertificates.path("authority")
            try await withClient(trustRoots: roots, resolve: { _ in addresses("127.0.0.1") }) { client in
                let exchange = await Self.post(client, receiver.port, try Self.settings(nil, trusting: "other"))
                guard case .tls(let text) = exchange.failure else { return #expect(Bool(false), "\(exchange)") }
                #expect(text.hasPrefix("The receiver's certificate is not trusted"))
                #expect(await Self.post(client, receiver.port, nil).answer?.status == 200)
            }
            await receiver.stop()
        }

        @Test func `contexts are kept, but not all of them`() throws {
            let contexts = try TLSContexts(additionalTrustRoots: nil)
            let authority = try Self.text("authority")
            func context(_ number: Int) throws -> NIOSSLContext {
                let settings = TLSSettings(
                    certificates: nil, privateKey: nil, authorities: authority + String(repeating: "\n", count: number))
                return try contexts.context(for: settings)
            }
            let first = try context(1)
            #expect(try context(1) === first)
            for number in 2...150 {
                _ = try context(number)
                #expect(try context(1) === first, "what is used stays")
            }
            #expect(contexts.count == 100)
        }

        @Test func `settings that cannot be used are refused before anything is sent`() throws {
            let contexts = try TLSContexts(additionalTrustRoots: nil)
            let settings = TLSSettings(certificates: "x", privateKey: Secret("y"), authorities: nil)
            #expect(throws: TransportFailure.self) { try contexts.context(for: settings) }
            #expect(contexts.count == 0)
        }

        @Test(arguments: ["receiver", "other", "client"])
        func `a certificate and its key are read`(name: String) throws {
            let reader = PEMReader()
            let certificate = try Self.text(name)
            let found = try #require(reader.certificates(in: certificate + (try Self.text("authority"))))
            #expect(found.count == 2)
            #expect(found.allSatisfy { !$0.name.isEmpty && $0.expiresAt > Timestamp.now })
            #expect(found[0].name.contains(name))
            #expect(reader.isKey(try Self.text("\(name)-key"), of: certificate) == true)
            #expect(reader.isKey(try Self.text("\(name)-key"), of: try Self.text("authority")) == false)
            #expect(reader.isKey(certificate, of: certificate) == nil)
        }

        @Test(arguments: ["", "nonsense", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"])
        func `what is not PEM is not read`(text: String) throws {
            #expect(PEMReader().certificates(in: text) == nil)
            #expect(PEMReader().isKey(text, of: try Self.text("other")) == nil)
            let cut = try Self.text("authority") + Self.text("other").dropLast(60)
            #expect(PEMReader().certificates(in: String(cut)) == nil)
        }
    }
}
