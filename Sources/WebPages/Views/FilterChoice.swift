/// A choice in a filter.
struct FilterChoice: Sendable {
    let value: String
    let label: String
    let isChosen: Bool
}
