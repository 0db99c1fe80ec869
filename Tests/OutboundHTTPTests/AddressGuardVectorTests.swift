import Foundation
import Notifications
import OutboundHTTP
import Synchronization
import Testing

extension OutboundTests {
    /// The cases of Data/ssrf-vectors.json: they allow HTTP and the usual ports, unless a case says otherwise.
    @Suite("Address guard: hostile addresses")
    struct AddressGuardVectorTests {
        struct Vector: Decodable, Sendable, CustomTestStringConvertible {
            struct Policy: Decodable, Sendable {
                let allow_http: Bool?
                let own_addresses: [String]?
            }

            struct Records: Decodable, Sendable {
                let A: [String]?
                let AAAA: [String]?
                let CNAME: String?
                let sequence: [Records]?
                let delay_ms: Int?

                var addresses: [IPAddress] { ((A ?? []) + (AAAA ?? [])).compactMap { IPAddress($0) } }
            }

            let id: String
            let url: String
            let verdict: String
            let `class`: String
            let stage: String
            let dns: Records?
            let policy: Policy?
            let field: String?
            let value: String?

            var testDescription: String { "\(id) \(self.class)" }
            var isBlocked: Bool { verdict == "block" }

            func egressPolicy() throws -> EgressPolicy {
                let own = try (policy?.own_addresses ?? []).map {
                    try ListeningAddress(address: #require(IPAddress($0)), port: 443)
                }
                return EgressPolicy(isHTTPAllowed: policy?.allow_http ?? true, ownAddresses: own)
            }
        }

        static let all: [Vector] = {
            guard let file = Bundle.module.url(forResource: "Data/ssrf-vectors", withExtension: "json"),
                let data = try? Data(contentsOf: file)
            else { return [] }
            return (try? JSONDecoder().decode([Vector].self, from: data)) ?? []
        }()

        /// Cases about a kind's own rule, or about headers that a channel may set, are tested with those.
        static let saved = all.filter { $0.stage == "save" && $0.class != "channel-slack" && $0.field == nil }
        static let dialled = all.filter { $0.stage == "connect" && !["redirect", "proxy-env"].contains($0.class) }

        @Test func `all cases are here`() {
            #expect(Self.all.count == 193)
            #expect(Self.saved.count == 137 && Self.dialled.count == 36)
        }

        @Test(arguments: saved)
        func `when saving`(vector: Vector) throws {
            let error = try vector.egressPolicy().error(in: vector.url, rule: .any)
            #expect((error != nil) == vector.isBlocked)
        }

        /// What may not be saved is not dialled either: it may have been saved before a rule was added.
        @Test(arguments: [true, false])
        func `when saved all the same`(isHTTPAllowed: Bool) async throws {
            let lookups = Mutex(0)
            try await withClient(
                policy: EgressPolicy(isHTTPAllowed: isHTTPAllowed),
                resolve: { _ in
                    lookups.withLock { $0 += 1 }
                    return []
                }
            ) { client in
                for vector in Self.saved where vector.isBlocked && (vector.policy?.allow_http ?? true) == isHTTPAllowed
                {
                    let exchange = await client.post(vector.url)
                    #expect(exchange.isRefused && exchange.address == nil, "\(vector.id)")
                }
            }
            #expect(lookups.withLock { $0 } == 0)
        }

        /// Allowed cases lead to public addresses, which a test must not dial: they stop at the policy's decision.
        @Test(arguments: dialled)
        func `when dialling`(vector: Vector) async throws {
            let policy = try vector.egressPolicy()
            let url = try OutboundURL(parsing: vector.url)
            #expect(policy.error(in: url) == nil)
            for addresses in answers(to: vector) {
                let refusal = policy.refusal(of: url.address.map { [$0] } ?? addresses, for: url)
                let isForbidden = addresses.contains { !$0.isPublic } || vector.class == "self"
                #expect((refusal != nil) == (vector.isBlocked && (isForbidden || addresses.isEmpty)))
                guard refusal != nil, url.address == nil else { continue }
                let exchange = try await withClient(policy: policy, resolve: { _ in addresses }) {
                    await $0.post(vector.url, within: .milliseconds(500))
                }
                #expect(exchange.address == nil)
                #expect(exchange.isRefused || addresses.isEmpty)
            }
        }

        /// What the lab's name server would answer: one list per query.
        private func answers(to vector: Vector) -> [[IPAddress]] {
            let records = vector.dns
            if let sequence = records?.sequence { return sequence.map(\.addresses) }
            return switch records?.CNAME {
            case "localhost": [addresses("127.0.0.1", "::1")]
            case "ok4.example.net": [addresses("93.184.215.14")]
            case .some: [addresses("10.0.0.5")]
            case nil: [records?.addresses ?? []]
            }
        }

        /// Metadata services stay refused even if an operator allows the ranges that contain them.
        @Test(arguments: all.filter { $0.class == "metadata" })
        func `metadata under a generous policy`(vector: Vector) throws {
            let policy = try EgressPolicy(
                allow: "10.0.0.0/8,100.64.0.0/10,169.254.0.0/16,fc00::/7", http: "true", ports: nil)
            #expect(policy.error(in: vector.url, rule: .any) != nil)
        }

        /// Proxy settings in the environment have no effect because nothing here reads the environment.
        @Test func `no proxy from the environment`() throws {
            let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
                .appending(path: "../../Sources/OutboundHTTP").standardized
            let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
            #expect(files.count > 10)
            for file in files {
                let text = try String(contentsOf: file, encoding: .utf8)
                #expect(!text.contains("getenv") && !text.contains("ProcessInfo") && !text.contains(".proxy"))
            }
        }
    }
}
