import Notifications

/// Tells channels' secret addresses apart, of which people see only a part.
package struct AddressFingerprints: Sendable {
    let vault: Vault

    /// Nil if the channel has no secret address.
    package func text(of channel: Channel) -> String? {
        address(of: channel).map { vault.fingerprint(of: $0.text, in: channel.organizationID) }
    }

    /// The masked address and its fingerprint; nil if the channel has no secret address.
    func shown(_ channel: Channel) -> ShownAddress? {
        address(of: channel).map {
            let masked = $0.field.masked(.string($0.text)).string ?? ""
            return ShownAddress(masked: masked, fingerprint: vault.fingerprint(of: $0.text, in: channel.organizationID))
        }
    }

    private func address(of channel: Channel) -> (field: Field, text: String)? {
        let field = channel.knownKind?.fields.first { field in
            if case .url = field.type { field.isSecret } else { false }
        }
        guard let field, let text = channel.settings.text(field.key) else { return nil }
        return (field, text)
    }
}

/// A secret address as people see it.
package struct ShownAddress: Sendable {
    package let masked: String
    package let fingerprint: String
}
