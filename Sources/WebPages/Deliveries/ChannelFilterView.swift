import Notifications
import Repository

/// The channel in the filter of deliveries: to choose among a hundred, or else to be typed.
struct ChannelFilterView: Sendable {
    let choices: [FilterChoice]
    let isTyped: Bool
    /// Its name, or its ID if others have that name too.
    let typed: String

    /// How many fit in a list to choose from.
    static let mostChoices = 100

    /// - Parameters:
    ///   - board: the first `mostChoices` channels.
    ///   - chosen: the channel that is filtered by, and those that its name matches.
    init(_ board: ChannelBoard, chosen: ChannelBoardLine?, matching: Int, search: DeliverySearch) {
        isTyped = board.total > Self.mostChoices
        choices = board.lines.map { line in
            FilterChoice(
                value: line.id.text, label: DisplayText.line(line.name), isChosen: line.id == search.filter.channelID)
        }
        let known = chosen.map { matching == 1 ? DisplayText.line($0.name) : $0.id.text }
        typed = search.channelName ?? known ?? ""
    }
}
