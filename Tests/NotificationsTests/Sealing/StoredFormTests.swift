import Crypto
import Notifications
import Testing

/// Databases and exports outlive versions: what one has sealed or signed, every later one has to read. The values were
/// made from the documented forms with Python's `hmac`, `hashlib` and `cryptography`.
@Suite struct StoredFormTests {
    private static let organization = OrganizationID(42)

    private func masterKey() throws -> MasterKey {
        try #require(MasterKey(base64: "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="))
    }

    @Test func anEntryHasTheSameCodes() throws {
        let draft = AuditEntry(
            organizationID: Self.organization, sequence: 1, at: Samples.at, actor: "user:7", action: "channel.created",
            target: "channel:1", detail: "{}", previousHash: AuditChain.genesis, hash: "",
            origin: AuditOrigin(keyID: "kid", source: "192.0.2.1"))
        let entry = try masterKey().auditKey(of: Self.organization).sealed(draft)
        #expect(entry.mac == "78173c9c27078fe2505ddb7d4d73aa4dd26252bd4e486897db832cf8aad2e51b")
        #expect(entry.hash == "1d78cc0ecd9708bded677bf5c6c2e4b46556d1c956e08e3a3e0f25c0034615d2")
    }

    @Test func aHeadHasTheSameCode() throws {
        let head = AuditHead(sequence: 7, hash: String(repeating: "ab", count: 32))
        #expect(
            try masterKey().auditKey(of: Self.organization).mac(ofHead: head)
                == "58fcaf5437ebde1dc79910a0fa0f91cc908d429bb0471ef6469d9a3b0ce33a3d")
    }

    @Test func theInstallationHasTheSameCode() throws {
        #expect(
            try masterKey().installationMAC(of: [3, 4])
                == "f52307c9523d4ef84f7c7057de12f16114bfba9a31b11114c68f8fc5231e1e33")
    }

    @Test func aMasterKeyIsKnownAgain() throws {
        let key = try masterKey()
        #expect(
            Hexadecimal.encode(key.fingerprint) == "c612f3e1cb8d412daa82db0de21fa25605e6e85731b42e6fec54ae1e4a13bbf7")
        #expect(key.auditPublicKey == "sWcibKM9hiNT6GfhDvtRoOoVfTh09bI95bRHjQR/5l0=")
        #expect(key.fingerprint(of: "https://example.org/hook", in: Self.organization) == "6b447ca1")
    }

    @Test func whatWasSealedOpens() throws {
        let sealed = try #require(
            Hexadecimal.decode(
                "0100000001000102030405060708090a0b3467b569a091c3a9d65e276126ab9c8a6627f6c731a6"))
        let place = SealedText.Place(
            table: "channels", column: "settings", organization: Self.organization, row: "row")
        let key = SymmetricKey(data: Array(0..<32))
        #expect(try SealedText.open(sealed, with: key, place: place) == Array("secret".utf8))
        #expect(SealedText.keyNumber(of: sealed) == 1)
    }
}
