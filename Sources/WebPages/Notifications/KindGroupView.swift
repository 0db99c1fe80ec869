import Notifications

/// The kinds of one group, to choose from.
struct KindGroupView: Sendable {
    struct Kind: Sendable {
        let id: String
        let name: String
        let summary: String
        let mark: String
    }

    let id: String
    let name: String
    let kinds: [Kind]

    /// The groups that have kinds, in order.
    static func all(in catalogue: ChannelCatalogue) -> [KindGroupView] {
        ChannelGroup.allCases.compactMap { group in
            let kinds = catalogue.kinds.filter { $0.group == group }.map {
                Kind(id: $0.id, name: $0.name, summary: $0.summary, mark: $0.mark)
            }
            return kinds.isEmpty ? nil : KindGroupView(id: group.rawValue, name: group.name, kinds: kinds)
        }
    }
}
