extension EgressPolicy {
    /// The policy of four configuration values as they stand in the environment; nil and the empty text mean the
    /// default.
    ///
    /// - Throws: `InvalidInput` with every mistake, each at its configuration key.
    package init(
        allow: String?, http: String?, ports: String?, slackHosts: String?, ownAddresses: [ListeningAddress] = []
    ) throws(InvalidInput) {
        var mistakes: [FieldMistake] = []
        let ranges = Self.list(allow).compactMap { entry in
            Self.range(entry, &mistakes)
        }
        let extraPorts = Self.list(ports).compactMap { entry in
            Self.port(entry, &mistakes)
        }
        let hosts = Self.list(slackHosts).compactMap { entry in
            Self.slackHost(entry, &mistakes)
        }
        let isHTTPAllowed = Self.flag(http, &mistakes)
        guard mistakes.isEmpty else { throw InvalidInput(mistakes) }
        self.init(
            allowedRanges: ranges, isHTTPAllowed: isHTTPAllowed, ports: Self.defaultPorts.union(extraPorts),
            slackHosts: Set(hosts), ownAddresses: ownAddresses)
    }

    private static func list(_ text: String?) -> [Substring] {
        (text ?? "").split(separator: ",").map(\.trimmed).filter { !$0.isEmpty }
    }

    private static func range(_ entry: Substring, _ mistakes: inout [FieldMistake]) -> AddressRange? {
        if let range = AddressRange(entry) { return range }
        mistakes.append(
            FieldMistake(
                "RUNBELL_EGRESS_ALLOW",
                "\"\(entry)\" is not an address block. Write blocks as 10.0.0.0/8 or fd00::/8, with no bits set beyond "
                    + "the prefix length, and separate them with commas."))
        return nil
    }

    private static func port(_ entry: Substring, _ mistakes: inout [FieldMistake]) -> Int? {
        if let port = UInt16(entry), port > 0 { return Int(port) }
        mistakes.append(
            FieldMistake("RUNBELL_EGRESS_PORTS", "\"\(entry)\" is not a port. Ports are numbers from 1 to 65535."))
        return nil
    }

    private static func slackHost(_ entry: Substring, _ mistakes: inout [FieldMistake]) -> String? {
        if let url = try? OutboundURL(parsing: "https://\(entry)"), url.target == "/", !entry.contains("/") {
            return entry.lowercased()
        }
        mistakes.append(
            FieldMistake(
                "RUNBELL_SLACK_HOSTS", "\"\(entry)\" is not a host. Write it as chat.example.com or 127.0.0.1:9000."))
        return nil
    }

    private static func flag(_ text: String?, _ mistakes: inout [FieldMistake]) -> Bool {
        switch text?.lowercased() {
        case nil, "", "false", "no", "off", "0": return false
        case "true", "yes", "on", "1": return true
        default:
            mistakes.append(FieldMistake("RUNBELL_EGRESS_HTTP", "Must be true or false."))
            return false
        }
    }
}

extension Substring {
    fileprivate var trimmed: Substring {
        let start = drop { $0 == " " }
        guard let last = start.lastIndex(where: { $0 != " " }) else { return "" }
        return start[...last]
    }
}
