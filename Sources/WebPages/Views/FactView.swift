import Notifications

/// A labeled value.
struct FactView: Sendable {
    let label: String
    let value: String

    init(label: String, value: String) {
        self.label = label
        self.value = value
    }

    init(_ fact: RunFact) { self.init(label: fact.label, value: fact.value) }
}
