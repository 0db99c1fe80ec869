import Notifications

/// Sends requests to a service, with a key. A refusal becomes a `CommandFailure` with the service's message.
struct APIClient: Sendable {
    /// Without a trailing slash.
    let url: String
    let key: Secret?
    let transport: any HTTPTransport

    init(url: String, key: Secret?, transport: any HTTPTransport) {
        self.url = url.hasSuffix("/") ? String(url.dropLast()) : url
        self.key = key
        self.transport = transport
    }

    func get(
        _ path: String, query: [Query] = [], deadline: Duration = .seconds(30)
    ) async throws(CommandFailure) -> APIAnswer {
        try await send(.get, path, query: query, deadline: deadline)
    }

    func send(
        _ method: HTTPMessage.Method, _ path: String, query: [Query] = [], body: JSONValue? = nil,
        headers: [HTTPMessage.Header] = [], deadline: Duration = .seconds(30)
    ) async throws(CommandFailure) -> APIAnswer {
        let request = HTTPMessage(
            method: method, url: url + path + Query.text(query), headers: standardHeaders(body) + headers,
            body: body?.compactBytes ?? [])
        switch await transport.send(request, deadline: deadline).result {
        case .failed(let failure):
            throw CommandFailure(.unavailable, "\(url) is unreachable: \(failure.textOfService)")
        case .answered(let answer):
            return try APIAnswer(accepting: answer)
        }
    }

    private func standardHeaders(_ body: JSONValue?) -> [HTTPMessage.Header] {
        var headers = [HTTPMessage.Header("User-Agent", "runbell/\(Version.current)")]
        if let key { headers.append(.init("Authorization", "Bearer \(key.reveal())", isSecret: true)) }
        if body != nil { headers.append(.init("Content-Type", "application/json")) }
        return headers
    }
}

/// One parameter of a query.
struct Query {
    let name: String
    let value: String?

    /// A parameter without a value is left out.
    init(_ name: String, _ value: String?) {
        self.name = name
        self.value = value
    }

    /// `?limit=50&state=due`, or empty.
    static func text(_ parts: [Query]) -> String {
        let given = parts.compactMap { part in part.value.map { "\(part.name)=\(escape($0))" } }
        return given.isEmpty ? "" : "?" + given.joined(separator: "&")
    }

    /// Percent-encodes everything except the unreserved characters of RFC 3986, section 2.3.
    static func escape(_ text: String) -> String {
        var escaped = ""
        for byte in text.utf8 {
            let scalar = Unicode.Scalar(byte)
            let isUnreserved =
                byte < 0x80
                && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
                    || "-._~".unicodeScalars.contains(scalar))
            escaped += isUnreserved ? String(Character(scalar)) : "%" + Hexadecimal.encode([byte]).uppercased()
        }
        return escaped
    }
}
