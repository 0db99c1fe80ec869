import HTTPTypes
import Notifications
import Testing

@Suite struct AuditRoutesTests {
    private let path = "/v1/organizations/1/audit-log"

    @Test func theExportIsWholeAndSigned() async throws {
        let service = try await ServiceUnderTest()
        try await service.run { caller in
            for index in 0..<600 {
                _ = try await caller.send(
                    .patch, "/v1/organizations/1", key: service.owner, ["name": .string("N\(index)")])
            }
            let export = try await caller.send(.get, path + "/export", key: service.admin)
            #expect(export.status == 200)
            #expect(export.headers[.contentType] == "application/x-ndjson")
            let found = AuditExport.verify(export.body)
            #expect(found.findings == [])
            #expect(found.entries >= 600)
            let head = try await caller.send(.get, path + "/head", key: service.admin).json
            #expect(head["sequence"]?.integer == found.entries)
            #expect(head["hash"]?.string == found.checkpoint?.hash)
            #expect(head["public_key"]?.string == found.checkpoint?.publicKey)
        }
    }

    @Test func entriesAreFiltered() async throws {
        let service = try await ServiceUnderTest()
        try await service.run { caller in
            _ = try await caller.send(.patch, "/v1/organizations/1", key: service.admin, ["name": "New"])
            _ = try await caller.send(.patch, "/v1/organizations/1", key: service.member, ["name": "Mine"])
            let byAdmin = try await caller.send(.get, path + "?actor=user:12", key: service.owner).json["data"]?.array
            #expect(byAdmin?.count == 1)
            #expect(byAdmin?.first?["detail"]?.object != nil)
            let byMember = try await caller.send(.get, path + "?actor=user:13", key: service.owner).json["data"]?.array
            #expect(byMember?.compactMap { $0["action"]?.string } == ["refused"])
        }
    }

    @Test func onlyAdminsLook() async throws {
        let service = try await ServiceUnderTest()
        try await service.run { caller in
            for suffix in ["", "/head", "/export"] {
                let owner = try await caller.send(.get, path + suffix, key: service.owner)
                let member = try await caller.send(.get, path + suffix, key: service.member)
                let stranger = try await caller.send(.get, path + suffix, key: service.stranger)
                #expect([owner.status, member.status, stranger.status] == [200, 403, 404])
            }
        }
    }
}
