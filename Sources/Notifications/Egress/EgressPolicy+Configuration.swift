extension EgressPolicy {
    /// Reads the policy from three configuration values as written; nil and the empty text mean the default.
    ///
    /// - Throws: `InvalidInput` with every error, each at its configuration key.
    package init(
        allow: String?, http: String?, ports: String?, ownAddresses: [ListeningAddress] = []
    ) throws(InvalidInput) {
        var errors: [ValidationError] = []
        let ranges = ListText.entries(of: allow).compactMap { entry in
            Self.range(entry, &errors)
        }
        let extraPorts = ListText.entries(of: ports).compactMap { entry in
            Self.port(entry, &errors)
        }
        let isHTTPAllowed = Self.flag(http, &errors)
        guard errors.isEmpty else { throw InvalidInput(errors) }
        self.init(
            allowedRanges: ranges, isHTTPAllowed: isHTTPAllowed, ports: Self.defaultPorts.union(extraPorts),
            ownAddresses: ownAddresses)
    }

    private static func range(_ entry: Substring, _ errors: inout [ValidationError]) -> AddressRange? {
        if let range = AddressRange(entry) { return range }
        errors.append(
            ValidationError(
                "RUNBELL_EGRESS_ALLOW",
                "\"\(entry)\" is not an address block. Write blocks as 10.0.0.0/8 or fd00::/8, with no bits set beyond "
                    + "the prefix length, and separate them with commas."))
        return nil
    }

    private static func port(_ entry: Substring, _ errors: inout [ValidationError]) -> Int? {
        if let port = UInt16(entry), port > 0 { return Int(port) }
        errors.append(
            ValidationError("RUNBELL_EGRESS_PORTS", "\"\(entry)\" is not a port. Ports are numbers from 1 to 65535."))
        return nil
    }

    private static func flag(_ text: String?, _ errors: inout [ValidationError]) -> Bool {
        switch text?.lowercased() {
        case nil, "", "false", "no", "off", "0": return false
        case "true", "yes", "on", "1": return true
        default:
            errors.append(ValidationError("RUNBELL_EGRESS_HTTP", "Must be true or false."))
            return false
        }
    }
}
