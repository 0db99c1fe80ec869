import Crypto
import Foundation
import Notifications
import Testing

@Suite struct AuditChainTests {
    /// Built by hand from the documented bytes.
    @Test func hashesTheDocumentedBytes() {
        let fields = [
            "42", "1", "2026-11-23T10:12:30.000000Z", "user:7", "channel.created", "channel:é", #"{"a":1}"#,
            AuditChain.genesis,
        ]
        var bytes = Data([0])
        for field in fields {
            bytes.append(contentsOf: [0, 0, 0, UInt8(field.utf8.count)])
            bytes.append(contentsOf: field.utf8)
        }
        let wanted = SHA256.hash(data: bytes).map { String(format: "%02x", $0) }.joined()
        #expect(hash(target: "channel:é", detail: #"{"a":1}"#) == wanted)
    }

    @Test func everyFieldChangesTheHash() {
        let hashes = [
            hash(), hash(organization: 43), hash(sequence: 2), hash(at: Samples.at + .microseconds(1)),
            hash(actor: "user:8"),
            hash(action: "channel.removed"), hash(target: "channel:2"), hash(detail: "{ }"),
            hash(previous: String(repeating: "1", count: 64)), hash(actor: "user:7c", action: "hannel.created"),
        ]
        #expect(Set(hashes).count == hashes.count)
        #expect(hashes.allSatisfy { $0.wholeMatch(of: /[0-9a-f]{64}/) != nil })
    }

    @Test func aCheckpointsSignatureCoversAllFields() throws {
        let key = Curve25519.Signing.PrivateKey()
        let checkpoint = try AuditCheckpoint(
            organizationID: OrganizationID(42), sequence: 3, hash: AuditChain.genesis, at: Samples.at, signedWith: key)
        #expect(checkpoint.isAuthentic)
        let other = Curve25519.Signing.PrivateKey().publicKey.rawRepresentation.base64EncodedString()
        let changed = [
            checkpoint.with(organization: 43), checkpoint.with(sequence: 4), checkpoint.with(hash: hash()),
            checkpoint.with(at: Samples.at + .seconds(1)), checkpoint.with(publicKey: other),
            checkpoint.with(publicKey: "no key"), checkpoint.with(signature: "AAAA"),
        ]
        for checkpoint in changed { #expect(!checkpoint.isAuthentic) }
    }

    private func hash(
        organization: Int64 = 42, sequence: Int64 = 1, at: Timestamp = Samples.at, actor: String = "user:7",
        action: String = "channel.created", target: String = "channel:1", detail: String = "{}",
        previous: String = AuditChain.genesis
    ) -> String {
        AuditChain.hash(
            organizationID: OrganizationID(organization), sequence: sequence, at: at, actor: actor, action: action,
            target: target, detail: detail, previousHash: previous)
    }
}

extension AuditCheckpoint {
    fileprivate func with(
        organization: Int64? = nil, sequence: Int64? = nil, hash: String? = nil, at: Timestamp? = nil,
        publicKey: String? = nil,
        signature: String? = nil
    ) -> AuditCheckpoint {
        AuditCheckpoint(
            organizationID: organization.map { OrganizationID($0) } ?? organizationID,
            sequence: sequence ?? self.sequence,
            hash: hash ?? self.hash, at: at ?? self.at, publicKey: publicKey ?? self.publicKey,
            signature: signature ?? self.signature)
    }
}
