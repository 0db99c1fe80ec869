import CPostgres

/// Where a database is and how to connect, as libpq understands it: a URI with any of its parameters, several hosts among
/// them, or the name of a service (https://www.postgresql.org/docs/15/libpq-connect.html).
package struct PostgresAddress: Sendable {
    /// May contain a password.
    private let text: String
    private let options: [String: String]

    /// `postgres://…`, `postgresql://…`, or `postgresql:SERVICE`. Nil if libpq cannot read it; its message would quote what
    /// may be a password.
    package init?(_ setting: String) {
        text = Self.connectionString(setting)
        guard !text.isEmpty, let options = Self.parse(text) else { return nil }
        self.options = options
    }

    /// For people and logs: without the password.
    package var shown: String {
        if let service = options["service"] { return "postgresql:\(service)" }
        let user = options["user"].map { "\($0)@" } ?? ""
        let host = options["host"] ?? options["hostaddr"] ?? ""
        // Of several hosts without a port, only the commas.
        let port = options["port"].flatMap { $0.utf8.allSatisfy { $0 == UInt8(ascii: ",") } ? nil : ":\($0)" } ?? ""
        return "postgres://\(user)\(host)\(port)/\(options["dbname"] ?? "")"
    }

    /// Whether it contains a secret.
    package var hasPassword: Bool { options["password"] != nil || options["sslpassword"] != nil }

    private static func connectionString(_ setting: String) -> String {
        for scheme in ["postgres:", "postgresql:"] where setting.utf8.starts(with: scheme.utf8) {
            let rest = setting.dropFirst(scheme.count)
            if rest.utf8.starts(with: "//".utf8) { return setting }
            let isName = !rest.isEmpty && rest.utf8.allSatisfy { nameBytes.contains($0) }
            return isName ? "service=\(rest)" : ""
        }
        return ""
    }

    private static let nameBytes = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.".utf8)

    private static func parse(_ text: String) -> [String: String]? {
        guard let found = PQconninfoParse(text, nil) else { return nil }
        defer { PQconninfoFree(found) }
        var options: [String: String] = [:]
        var next = found
        while let keyword = next.pointee.keyword {
            if let value = next.pointee.val { options[String(cString: keyword)] = String(cString: value) }
            next += 1
        }
        return options
    }
}

extension PostgresAddress {
    /// Connects. Whoever gets the connection closes it, also one that failed.
    func connect() -> OpaquePointer? {
        let all = Self.before + [("dbname", text)] + Self.after
        return Self.withCStrings(all.map(\.0)) { keywords in
            Self.withCStrings(all.map(\.1)) { values in PQconnectdbParams(keywords, values, 1) }
        }
    }

    /// What the address may say otherwise. A peer that is gone without a word is noticed within seconds.
    private static let before = [
        ("fallback_application_name", "runbell"), ("connect_timeout", "5"), ("target_session_attrs", "read-write"),
        ("keepalives_idle", "10"), ("keepalives_interval", "3"), ("keepalives_count", "3"),
        ("tcp_user_timeout", "15000"),
    ]
    private static let after = [("client_encoding", "UTF8")]

    /// The texts as libpq takes a list: pointers, and a null at the end.
    private static func withCStrings<Value>(
        _ texts: [String], _ work: (UnsafePointer<UnsafePointer<CChar>?>?) -> Value
    ) -> Value {
        let bytes = texts.flatMap { Array($0.utf8CString) }
        return bytes.withUnsafeBufferPointer { buffer in
            var pointers: [UnsafePointer<CChar>?] = []
            var place = 0
            for text in texts {
                pointers.append(buffer.baseAddress.map { $0 + place })
                place += text.utf8.count + 1
            }
            return (pointers + [nil]).withUnsafeBufferPointer { work($0.baseAddress) }
        }
    }
}
