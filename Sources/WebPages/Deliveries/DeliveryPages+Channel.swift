import Notifications
import Repository

extension DeliveryPages {
    /// The only channel that the typed name can mean: the one that is called so, or the only one whose name contains it.
    /// Otherwise the search gets an error.
    func channel(named name: String, _ search: inout DeliverySearch, _ page: PageContext) async throws -> ChannelID? {
        let found = try await channels(ChannelSearch(text: name, limit: 1000), page)
        let exact = found.lines.filter { $0.name.sameBytes(as: name) }
        if exact.count == 1 { return exact[0].id }
        if found.matching == 1 { return found.lines.first?.id }
        search.errors.append(
            found.matching == 0
                ? "Channel: no channel has this name."
                : "Channel: \(found.matching) channels match. Type more of the name.")
        return nil
    }

    func channelFilter(_ search: DeliverySearch, _ page: PageContext) async throws -> ChannelFilterView {
        let board = try await channels(ChannelSearch(limit: ChannelFilterView.mostChoices), page)
        guard board.total > ChannelFilterView.mostChoices, let id = search.filter.channelID else {
            return ChannelFilterView(board, chosen: nil, matching: 0, search: search)
        }
        let chosen = try await channels(ChannelSearch(text: id.text), page).lines.first
        let matching = try await channels(ChannelSearch(text: chosen?.name ?? ""), page).matching
        return ChannelFilterView(board, chosen: chosen, matching: matching, search: search)
    }

    private func channels(_ search: ChannelSearch, _ page: PageContext) async throws(RepositoryError) -> ChannelBoard {
        try await dependencies.repository.channelBoard(
            of: page.organization, search, opening: [], as: page.principal)
    }
}
