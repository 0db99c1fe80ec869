import HTTPTypes
import Testing

@testable import WebPages

/// Somebody who is signed in to the pages, as far as tests without a browser need one.
struct SignedIn: Sendable {
    private static let ofForms: HTTPFields = [
        .contentType: "application/x-www-form-urlencoded", .secFetchSite: "same-origin",
    ]

    private let caller: Caller
    private let cookie: String
    let formToken: String

    init(_ caller: Caller, _ key: String) async throws {
        let login = try await caller.send(.post, "/login", bytes: Array("key=\(key)".utf8), headers: Self.ofForms)
        let text = try #require(login.headers[.setCookie])
        cookie = String(text.prefix { $0 != ";" })
        let page = try await caller.send(.get, "/organizations/1/settings", headers: [.cookie: cookie])
        formToken = String(try #require(page.text.firstMatch(of: /name="form_token" value="([^"]+)"/)?.1))
        self.caller = caller
    }

    /// A page of the organization 1.
    func get(_ path: String) async throws -> Reply {
        try await caller.send(.get, "/organizations/1/" + path, headers: [.cookie: cookie])
    }

    /// Sends a form of the organization 1; the fields are encoded.
    ///
    /// - Parameter token: another session's, or the own one.
    func post(_ path: String, _ fields: String, token: String? = nil) async throws -> Reply {
        var headers = Self.ofForms
        headers[.cookie] = cookie
        let body = "form_token=\(token ?? formToken)&\(fields)"
        return try await caller.send(.post, "/organizations/1/" + path, bytes: Array(body.utf8), headers: headers)
    }
}

extension Reply {
    /// What tells the last form of a page from others that create something, as a field.
    var creation: String {
        get throws {
            let found = text.matches(of: /name="creation" value="([^"]+)"/).last
            return "creation=\(try #require(found).output.1)"
        }
    }
}
